from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("letters", "0002_a_letter_that_is_too_late_says_why")]
    operations = [
        migrations.AddField(
            model_name="officialanswer",
            name="original",
            field=models.TextField(
                blank=True, db_default="", default="", editable=False
            ),
        ),
        migrations.RemoveConstraint(
            model_name="officialanswer", name="one_answer_to_all"
        ),
        migrations.AddConstraint(
            model_name="officialanswer",
            constraint=models.UniqueConstraint(
                "letter",
                "recipient",
                condition=Q(published_at__isnull=False),
                name="one_published_answer",
            ),
        ),
    ]
