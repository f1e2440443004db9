import django.db.models.deletion
from django.db import migrations, models

OPENING = "[Opening]"


def take_out_openings(apps, schema_editor):
    """A letter keeps its first opening; the place of openings goes where it has none."""
    letters = apps.get_model("letters", "SuggestedLetter").objects
    for letter in letters.filter(body__contains=OPENING):
        first = letter.variants.filter(part="opening").order_by("pk").first()
        _put(letter, first.text if first else "")
    texts = apps.get_model("letters", "LetterText").objects
    for text in texts.filter(body__contains=OPENING):
        _put(text, "")


def _put(row, opening):
    parts = (part.replace(OPENING, opening) for part in row.body.split("\n\n"))
    row.body = "\n\n".join(part for part in parts if part.strip())
    row.save(update_fields=["body"])


class Migration(migrations.Migration):
    """The table stays for the code before, and keeps no letter from deletion."""

    dependencies = [("letters", "0003_several_answers_wait_and_keep_their_original")]
    operations = [
        migrations.AlterField(
            model_name="suggestedletter",
            name="again_body",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="Replaces the letter once everybody has answered and somebody has not agreed. It takes the same placeholders. If empty, the letter stays as it is.",
                max_length=10000,
                verbose_name="asking again",
            ),
        ),
        migrations.AlterField(
            model_name="suggestedletter",
            name="body",
            field=models.TextField(
                help_text="An empty line starts a new paragraph. Use [Your Name & City/Country] once, for the writer’s name and place. [Your own words] becomes a sentence by the writer, or nothing. Without this placeholder, their sentence comes before the name. [Salutation] becomes each recipient’s own salutation, if each gets their own email. [The ask] becomes the locked ask.",
                max_length=10000,
                verbose_name="letter",
            ),
        ),
        migrations.AlterField(
            model_name="variant",
            name="letter",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="variants",
                to="letters.suggestedletter",
            ),
        ),
        migrations.RunPython(take_out_openings, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("Variant")]
        ),
    ]
