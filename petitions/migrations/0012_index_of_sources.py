from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, so that nobody who signs waits for it.
    atomic = False
    dependencies = [("petitions", "0011_sources")]
    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                models.F("petition"),
                models.F("source"),
                condition=models.Q(("counted", True), ("source__isnull", False)),
                name="signatures_by_source",
            ),
        )
    ]
