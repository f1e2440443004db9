import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0008_first_letters"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="follows",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follow_up",
                to="letters.delivery",
                verbose_name="follow-up of",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="follow_of",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follow_up",
                to="letters.letter",
                verbose_name="follow-up of",
            ),
        ),
        migrations.AddField(
            model_name="suggestedletter",
            name="follow_up",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="A short reminder that each who has not answered gets alone, at most once, when its writer presses a button. [Salutation], [Date of my letter] and [Your Name & City/Country] exactly once each; [Subject of my letter] becomes the subject of the first letter. Empty: our words, to be seen under “As each recipient gets it”.",
                max_length=2000,
                verbose_name="follow-up",
            ),
        ),
        migrations.AddField(
            model_name="suggestedletter",
            name="follow_up_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="So many workdays without an answer, by the clocks of the list, and its writer may remind them once. 0: never. Empty: as the site is set up.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(250)],
                verbose_name="workdays until a follow-up",
            ),
        ),
    ]
