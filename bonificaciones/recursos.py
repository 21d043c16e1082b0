"""Lo que de la fidelización sale en archivos."""
