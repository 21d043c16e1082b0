"""Las páginas de la fidelización que no son pantallas de un modelo."""
