"""Las páginas de los reportes."""
