from django.db import migrations


def carry_over(apps, schema_editor):
    """Who ticked the box agreed to "Maria S.", and to nothing that says more."""
    signatures = apps.get_model("petitions", "Signature").objects
    signatures.filter(shows_name=True).update(shown_as="short")


class Migration(migrations.Migration):
    dependencies = [("petitions", "0002_shown_as")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
