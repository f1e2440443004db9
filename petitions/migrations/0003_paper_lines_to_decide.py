from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0002_earlier_wordings_of_an_ask")]

    operations = [
        migrations.AddIndex(
            model_name="paperline",
            index=models.Index(
                models.F("batch"),
                condition=models.Q(("match", "open")),
                name="paper_lines_to_decide",
            ),
        ),
    ]
