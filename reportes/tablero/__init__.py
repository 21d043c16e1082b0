"""El tablero: la primera página después de ingresar. Qué necesita atención hoy y las tarjetas que cada quien elige.

Una tarjeta o un pendiente es una clase en `tarjetas/` o `pendientes/`, anotada con `@registrar`: de ella salen lo que
se ve, el enlace que abre exactamente sus filas, quién la puede ver y su definición.
"""
