from django.db import migrations


class Migration(migrations.Migration):
    """The column stays for the code before, and fills itself. A later version drops it:
    staff_user.gets_summary.
    """

    dependencies = [("staff", "0004_user_gets_summary")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="user", name="gets_summary")
            ]
        ),
    ]
