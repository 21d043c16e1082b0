"""Lo que se escribe en la fidelización: cada función valida, guarda en una transacción y deja historia."""
