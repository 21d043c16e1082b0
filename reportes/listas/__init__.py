"""Qué se muestra de cada modelo al abrir una cifra. Un archivo por aplicación; se anotan solos."""
