import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, so that no letter waits for it.
    atomic = False
    dependencies = [("letters", "0012_officials_page")]
    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                models.F("settled_at"),
                condition=models.Q(
                    ("refused_at__isnull", False),
                    ("gave_up_at__isnull", False),
                    ("bounced_at__isnull", False),
                    ("may_have_arrived_at__isnull", False),
                    _connector="OR",
                ),
                name="failed_deliveries",
            ),
        ),
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                models.F("answered_at"),
                condition=models.Q(("was_answered", True)),
                name="answered_deliveries",
            ),
        ),
        AddIndexConcurrently(
            model_name="delivery",
            index=django.contrib.postgres.indexes.BrinIndex(
                models.F("queued_at"), autosummarize=True, name="deliveries_by_age"
            ),
        ),
    ]
