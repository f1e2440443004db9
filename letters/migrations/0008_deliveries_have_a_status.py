from django.db import migrations, models


class Migration(migrations.Migration):
    """The database fills it in, also for the code before."""

    dependencies = [("letters", "0007_each_gets_their_own_letter")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="status",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(bounced_at__isnull=False, then=models.Value("bounced")),
                    models.When(outcome="refused", then=models.Value("refused")),
                    models.When(outcome="given_up", then=models.Value("gave-up")),
                    models.When(outcome="stopped", then=models.Value("stopped")),
                    models.When(
                        accepted_at__isnull=False, then=models.Value("accepted")
                    ),
                    models.When(outcome="sent", then=models.Value("handed")),
                    models.When(outcome="in_doubt", then=models.Value("maybe")),
                    default=models.Value("waiting"),
                ),
                output_field=models.CharField(max_length=8),
            ),
        ),
    ]
