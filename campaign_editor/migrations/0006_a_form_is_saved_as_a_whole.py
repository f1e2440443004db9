from django.db import migrations


class Migration(migrations.Migration):
    """The column stays for the code before, and fills itself. A later version drops it:
    campaign_editor_unsavedform.is_rest.
    """

    dependencies = [("campaign_editor", "0005_first_steps_are_read_from_what_is_there")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="unsavedform", name="is_rest")
            ]
        ),
    ]
