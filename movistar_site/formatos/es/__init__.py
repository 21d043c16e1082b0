"""Formatos de fecha y número para es y es-CO."""
