"""Las PQR que ya había reciben su plazo, con las reglas del día en que se radicaron.

Sin historia: no es un cambio de nadie, es un dato que antes no se llevaba. Sin CUN: no se les entregó al radicar.
"""

from django.db import migrations

from clientes.operaciones.fechado import fechar_plazos
from clientes.relojes import Relojes


def fechar(apps, schema_editor):
    base = schema_editor.connection.alias
    fijados = apps.get_model("comun", "Parametro").objects.using(base).order_by("vigente_desde")
    festivos = apps.get_model("comun", "Festivo").objects.using(base).values_list("fecha", flat=True)
    relojes = Relojes(list(fijados.values_list("clave", "valor", "vigente_desde")), festivos)
    fechar_plazos(apps.get_model("clientes", "Interaccion"), relojes, using=base)


class Migration(migrations.Migration):
    # Fuera de una transacción: va por tandas y, si se corta, repetirla sigue donde iba.
    atomic = False
    dependencies = [("clientes", "0006_ajustes_semillas"), ("comun", "0003_atencion")]
    operations = [migrations.RunPython(fechar, migrations.RunPython.noop)]
