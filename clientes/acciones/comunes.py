"""Lo que comparten las acciones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Datos = Mapping[str, Any]
