"""Los filtros de las listas de la fidelización."""
