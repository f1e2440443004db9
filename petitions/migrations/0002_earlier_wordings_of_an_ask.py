from django.db import migrations, models

import petitions.wordings


class Migration(migrations.Migration):
    dependencies = [("petitions", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="petition",
            name="earlier",
            field=models.JSONField(
                db_default=[],
                decoder=petitions.wordings.WordingsDecoder,
                default=tuple,
                editable=False,
            ),
        ),
    ]
