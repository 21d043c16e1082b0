"""Las tarjetas del tablero. Cada archivo anota las suyas con `@registrar`."""
