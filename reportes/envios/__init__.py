"""Los reportes que se envían solos por correo: cuándo, a quiénes y con los permisos de quien los programó."""
