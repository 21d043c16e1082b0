"""Las páginas de la atención que no son de un solo modelo."""
