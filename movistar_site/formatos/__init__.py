"""Formatos de fecha y número de Colombia (FORMAT_MODULE_PATH)."""
