from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="stopped_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("left", "not sent: they no longer hold this office"),
                    ("ended", "not sent: the campaign ended before it could leave"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        )
    ]
