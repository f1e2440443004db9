from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from supporters.models.supporter import MailDomain


class Migration(migrations.Migration):
    # Concurrently, so that nobody who signs waits for it.
    atomic = False
    dependencies = [("supporters", "0008_outcome_and_follow_up")]
    operations = [
        AddIndexConcurrently(
            model_name="supporter",
            index=models.Index(MailDomain("email"), name="supporters_by_domain"),
        )
    ]
