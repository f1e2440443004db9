from django.db import migrations
from django.db.models.functions import Now


def dismiss(apps, schema_editor):
    """A site that has campaigns already needs no greeting."""
    if apps.get_model("campaigns", "Campaign").objects.exists():
        apps.get_model("organising", "FirstSteps").objects.create(dismissed_at=Now())


class Migration(migrations.Migration):
    dependencies = [("organising", "0001_unfinished_and_first_steps")]
    operations = [migrations.RunPython(dismiss, migrations.RunPython.noop)]
