"""Perfil, riesgo y la siguiente mejor oferta de cada cliente."""
