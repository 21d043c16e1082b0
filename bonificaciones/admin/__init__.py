"""Las pantallas de la fidelización. Solo declaran: las reglas están en las operaciones y las lecturas en las consultas."""
