from django.db import migrations, models


def choose_nothing(apps, schema_editor):
    """What was to become background reading, and has not come, does not come."""
    items = apps.get_model("wordpress", "WordPressItem").objects
    items.filter(becomes="reading", came_at=None).update(becomes="nothing")


class Migration(migrations.Migration):
    dependencies = [("wordpress", "0001_initial")]

    operations = [
        migrations.RunPython(choose_nothing, migrations.RunPython.noop),
        migrations.AlterField(
            "wordpressitem",
            "becomes",
            models.CharField(
                choices=[
                    ("campaign", "a campaign (draft)"),
                    ("update", "an update"),
                    ("nothing", "nothing"),
                ],
                max_length=8,
            ),
        ),
    ]
