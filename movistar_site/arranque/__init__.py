"""Lo que hay antes de Django: preparar el entorno, arrancar el panel, vigilarlo y correr las pruebas.

Solo usa la biblioteca estándar, porque corre con el Python de la máquina cuando todavía no hay nada instalado.
"""
