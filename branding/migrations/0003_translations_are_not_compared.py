from django.db import migrations


class Migration(migrations.Migration):
    """The column stays for the code before, and is empty in a new row."""

    dependencies = [("branding", "0002_dark_colours_are_made")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE branding_branding"
                    " ALTER COLUMN translated_from SET DEFAULT '{}'",
                    migrations.RunSQL.noop,
                )
            ],
            state_operations=[migrations.RemoveField("branding", "translated_from")],
        )
    ]
