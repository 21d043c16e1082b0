"""Lo que necesita atención hoy. Cada archivo anota sus pendientes con `@registrar`."""
