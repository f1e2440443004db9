from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_audit_entries_stay_as_written")]
    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("listed", "looked at a list"),
                    ("read", "looked at an entry"),
                    ("exported", "exported"),
                    ("changed", "changed"),
                    ("erased", "erased"),
                    ("action", "pressed a button"),
                    ("refused", "tried, and was refused"),
                ],
                max_length=8,
                verbose_name="what was done",
            ),
        )
    ]
