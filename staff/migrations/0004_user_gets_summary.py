from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0003_audit_entries_say_what_was_refused")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="gets_summary",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
