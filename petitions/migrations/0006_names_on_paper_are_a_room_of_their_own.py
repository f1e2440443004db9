from django.db import migrations


class Migration(migrations.Migration):
    """The tables stay: the app `paper` goes on with them."""

    dependencies = [("petitions", "0005_mailboxes_below_a_name_of_their_own")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("PaperLine"),
                migrations.DeleteModel("PaperScan"),
                migrations.DeleteModel("PaperBatch"),
            ]
        ),
    ]
