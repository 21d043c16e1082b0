"""Lo que se escribe del panel entero: el par canónico y las plantillas para llenar."""
