from django.db import migrations, models


def let_the_name_show(apps, schema_editor):
    """Nazi is a given name in Persian; staff can add the word again."""
    entries = apps.get_model("safeguards", "Block").objects
    entries.filter(kind="word in names", value="nazi", added_by=None).delete()


class Migration(migrations.Migration):
    dependencies = [("safeguards", "0003_words_that_wait_in_names")]
    operations = [
        migrations.RunPython(let_the_name_show, migrations.RunPython.noop),
        migrations.AlterField(
            "ownlimit",
            "own_number",
            models.PositiveIntegerField(
                "number set here",
                null=True,
                blank=True,
                help_text="Applies at once. If empty, the site’s setting applies.",
            ),
        ),
    ]
