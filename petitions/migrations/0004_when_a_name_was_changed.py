from django.db import migrations, models


class Migration(migrations.Migration):
    """Notes when a signer last changed what shows, since a new name shows later."""

    dependencies = [("petitions", "0003_paper_lines_to_decide")]
    operations = [
        migrations.AddField(
            "signature",
            "name_changed_at",
            models.DateTimeField(editable=False, null=True),
        )
    ]
