"""Las acciones de las pantallas de la fidelización."""
