"""Datos de demostración: el ejemplo con que nace el panel y cargas inventadas de cualquier tamaño."""
