from django.db import migrations, models

from movistar_site.comun import resumenes


def quitar_disparadores(apps, editor):
    """SQLite rehace la tabla para añadirle la columna, y no puede mientras un disparador de otra la nombra.

    Al terminar `migrate` se reponen, con la suma nueva, y se cuenta de nuevo.
    """
    resumenes.suspender(editor.connection, "clientes_contrato")


class Migration(migrations.Migration):

    dependencies = [
        ("reportes", "0001_resumenes"),
    ]

    operations = [
        migrations.RunPython(quitar_disparadores, quitar_disparadores),
        migrations.AddField(
            model_name="altaspordia",
            name="centavos",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="bajaspordia",
            name="centavos",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        # Al deshacerla también hay que rehacer las tablas.
        migrations.RunPython(migrations.RunPython.noop, quitar_disparadores),
    ]
