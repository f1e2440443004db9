from django.db import migrations


class Migration(migrations.Migration):
    """The table stays for the code before. A later version drops it:
    campaign_editor_firststeps.
    """

    dependencies = [("campaign_editor", "0004_a_draft_is_an_incomplete_row")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("FirstSteps")]
        ),
    ]
