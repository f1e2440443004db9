from django.db import migrations, models
from django.db.models import Q

STOPPED = Q(("outcome", "stopped"))


def take_over(apps, schema_editor):
    """What two columns said is a reason like the others."""
    deliveries = apps.get_model("letters", "Delivery").objects.filter(STOPPED)
    deliveries.filter(was_overtaken=True).update(stopped_for="overtaken")
    deliveries.filter(is_repeat=True).update(stopped_for="repeat")


class Migration(migrations.Migration):
    """The columns was_overtaken and is_repeat stay for the code before."""

    dependencies = [("letters", "0009_a_recipient_knows_the_next_letter")]
    operations = [
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="delivery",
            name="stopped_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("overtaken", "Overtaken"),
                    (
                        "repeat",
                        "not sent again: you have already sent them this letter",
                    ),
                    ("left", "not sent: they no longer hold this office"),
                    (
                        "ended",
                        "not sent: the campaign ended before it could leave",
                    ),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("stopped_for", ""),
                    Q(
                        ("outcome", "stopped"),
                        Q(
                            Q(("stopped_for", "repeat"), _negated=True),
                            ("said", None),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="stopped_delivery_says_why",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("delivery", "repeated_delivery_stays"),
                migrations.RemoveField("delivery", "is_repeat"),
                migrations.RemoveField("delivery", "was_overtaken"),
            ]
        ),
    ]
