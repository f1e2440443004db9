from django.db import migrations, models


class Migration(migrations.Migration):
    """The table and the column stay for the code before, and go with the next version.

    Until then, a mail that the code before does not queue has `claimed_in_bulk` filled in.
    """

    dependencies = [("outbox", "0004_no_domain_is_slowed")]

    operations = [
        migrations.RemoveIndex("outgoingmail", "bulk_to"),
        migrations.RemoveIndex("outgoingmail", "mails_put_off"),
        migrations.AlterField(
            "outgoingmail",
            "claimed_in_bulk",
            models.BooleanField(default=False, db_default=False),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("outgoingmail", "claimed_in_bulk"),
                migrations.DeleteModel("PausedDomain"),
            ]
        ),
    ]
