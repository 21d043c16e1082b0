"""Los formularios de la fidelización."""
