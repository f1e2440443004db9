from django.db import migrations, models

GONE = ("shown", "width", "height")


class Migration(migrations.Migration):
    """The columns stay for the code before, and fill themselves. A later version drops
    them: versions_pendingupload.shown, .width, .height.
    """

    dependencies = [("versions", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="pendingupload",
            name="width",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="pendingupload",
            name="height",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="pendingupload", name=name)
                for name in GONE
            ]
        ),
    ]
