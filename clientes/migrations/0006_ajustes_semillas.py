"""Los ajustes de atención con que nace el panel. Se crean aquí y no vuelven si alguien los borra."""

from functools import partial

from django.db import migrations

from clientes.semillas import sembrar


def crear(apps, schema_editor):
    sembrar(partial(apps.get_model, "clientes"), schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("clientes", "0005_ajustes_canales")]
    operations = [migrations.RunPython(crear, migrations.RunPython.noop)]
