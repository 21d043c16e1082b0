"""Un archivo por reporte. Se anotan solos con `@registrar`."""
