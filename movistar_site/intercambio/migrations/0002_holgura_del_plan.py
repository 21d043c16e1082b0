"""En PostgreSQL, deja holgura en cada página del plan: marcar un registro aplicado no rehace entonces sus índices."""

from typing import Any

from django.db import migrations

TABLA = "intercambio_registroplan"


def dejar_holgura(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER TABLE {TABLA} SET (fillfactor = 50)")


def quitar_holgura(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER TABLE {TABLA} RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("intercambio", "0001_inicial")]
    operations = [migrations.RunPython(dejar_holgura, quitar_holgura, elidable=False)]
