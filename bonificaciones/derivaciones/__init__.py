"""La bandeja y la página del asesor, y a quién se le deriva cada cliente."""
