from django.db import migrations


class Migration(migrations.Migration):
    """The tables stay: the app `access_keys` goes on with them."""

    dependencies = [("api", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("HandedOut"),
                migrations.DeleteModel("AccessKey"),
            ]
        ),
    ]
