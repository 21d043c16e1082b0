from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reportes", "0001_resumenes"),
    ]

    # En cero: al terminar `migrate` cambia el disparador y la cuenta se hace de nuevo.
    operations = [
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
    ]
