"""Los programas con que nace el panel. Se crean aquí y no vuelven si alguien los borra."""

from functools import partial

from django.db import migrations

from bonificaciones.semillas import sembrar


def crear(apps, schema_editor):
    sembrar(partial(apps.get_model, "bonificaciones"), schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("bonificaciones", "0001_inicial")]
    operations = [migrations.RunPython(crear, migrations.RunPython.noop)]
