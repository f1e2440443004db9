from django.db import migrations, models
from django.db.models import Case, Q, Value, When

INDEX = models.Index(
    "petition",
    models.F("confirmed_at").desc(),
    models.F("id").desc(),
    condition=Q(counted=True, shows_name=True),
    name="shown_signatures",
)


class Migration(migrations.Migration):
    dependencies = [("petitions", "0003_carry_over_shown_names")]
    operations = [
        migrations.RemoveIndex("signature", "shown_signatures"),
        migrations.RemoveField("signature", "shows_name"),
        migrations.AddField(
            "signature",
            "shows_name",
            models.GeneratedField(
                expression=Case(
                    When(shown_as="no", then=Value(False)), default=Value(True)
                ),
                output_field=models.BooleanField(verbose_name="name may be shown"),
                db_persist=True,
            ),
        ),
        migrations.AddIndex("signature", INDEX),
    ]
