from django.db import migrations


def hold_updates(apps, schema_editor):
    """What was slowed gets no updates until its time is over."""
    slowed = apps.get_model("outbox", "PausedDomain").objects.filter(is_slow=True)
    slowed.update(only_bulk=True)


class Migration(migrations.Migration):
    """The columns stay for the code before."""

    dependencies = [("outbox", "0003_checks_of_the_domain_are_not_kept")]

    operations = [
        migrations.RunPython(hold_updates, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("pauseddomain", "is_slow"),
                migrations.RemoveField("pauseddomain", "full_until"),
            ]
        ),
    ]
