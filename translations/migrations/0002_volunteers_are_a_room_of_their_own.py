from django.db import migrations


class Migration(migrations.Migration):
    """The tables stay: the app `volunteers` goes on with them."""

    dependencies = [("translations", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("TranslatedText"),
                migrations.DeleteModel("TranslationRequest"),
            ]
        ),
    ]
