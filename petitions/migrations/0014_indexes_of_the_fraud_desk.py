from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, so that nobody who signs waits for it.
    atomic = False
    dependencies = [("petitions", "0013_reminders_and_invalidations")]
    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                models.F("petition"), models.F("signed_at"), name="signatures_by_time"
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=BrinIndex(
                models.F("signed_at"), autosummarize=True, name="signatures_by_age"
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                models.F("network_hash"),
                models.F("signed_at"),
                condition=models.Q(("network_hash__isnull", False)),
                name="signatures_by_network",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                models.F("invalidation"),
                models.F("id"),
                condition=models.Q(("invalidation__isnull", False)),
                name="invalidated_signatures",
            ),
        ),
        ValidateConstraint(
            model_name="signature", name="counted_signature_is_not_invalidated"
        ),
    ]
