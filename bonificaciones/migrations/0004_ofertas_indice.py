"""Las sugerencias de un nivel se recorren de más a menos riesgo y, a igual riesgo, de la última a la primera."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bonificaciones", "0003_derivacion_indices")]
    operations = [
        migrations.RemoveIndex(model_name="sugerencia", name="sugerencia_riesgo"),
        migrations.AddIndex(
            model_name="sugerencia",
            index=models.Index(fields=["nivel", "-riesgo", "-cliente"], name="sugerencia_riesgo"),
        ),
    ]
