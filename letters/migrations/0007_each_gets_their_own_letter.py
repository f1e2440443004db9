from django.db import migrations, models

AGAIN = ("again_subject", "again_body")


class Migration(migrations.Migration):
    """The columns stay for the code before, and are filled in by the database.

    They are mode, again_subject and again_body of letters_suggestedletter, and the
    latter two of letters_lettertext.
    """

    dependencies = [("letters", "0006_visits_know_how_letters_came")]
    operations = [
        migrations.AlterField(
            model_name="suggestedletter",
            name="mode",
            field=models.CharField(db_default="alike", default="alike", max_length=10),
        ),
        migrations.AlterField(
            model_name="lettertext",
            name="again_subject",
            field=models.CharField(blank=True, db_default="", max_length=150),
        ),
        migrations.AlterField(
            model_name="lettertext",
            name="again_body",
            field=models.TextField(blank=True, db_default="", max_length=10000),
        ),
        migrations.AlterField(
            model_name="suggestedletter",
            name="body",
            field=models.TextField(
                help_text="An empty line starts a new paragraph. Use [Your Name & City/Country] once, for the writer’s name and place. [Your own words] becomes a sentence by the writer, or nothing. Without this placeholder, their sentence comes before the name. [Salutation] becomes each recipient’s own salutation. [The ask] becomes the locked ask.",
                max_length=10000,
                verbose_name="letter",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("suggestedletter", "mode"),
                *(
                    migrations.RemoveField(model, name)
                    for model in ("suggestedletter", "lettertext")
                    for name in AGAIN
                ),
            ]
        ),
    ]
