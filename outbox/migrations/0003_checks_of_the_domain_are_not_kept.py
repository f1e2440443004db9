from django.db import migrations


class Migration(migrations.Migration):
    """The tables stay for one release, since the code before reads and writes them."""

    dependencies = [("outbox", "0002_which_network_caused_a_mail")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("ArrivedTest"),
                migrations.DeleteModel("DomainCheck"),
            ]
        ),
    ]
