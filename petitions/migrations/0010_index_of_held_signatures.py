from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, so that nobody who signs waits for it.
    atomic = False
    dependencies = [("petitions", "0009_network_of_held_signatures")]
    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                models.F("network_hash"),
                condition=models.Q(
                    ("confirmed_at", None),
                    ("held_at__isnull", False),
                    ("rejected_at", None),
                    ("released_at", None),
                ),
                name="held_signatures",
            ),
        )
    ]
