from django.db import migrations, models

import supporters.models.supporter
from safeguards.mailbox import Mailbox


def fill_in(apps, schema_editor):
    supporters = apps.get_model("supporters", "Supporter").objects
    rows = supporters.only("pk", "email").order_by("pk")
    for supporter in rows.iterator(chunk_size=2000):
        supporters.filter(pk=supporter.pk).update(mailbox=Mailbox(supporter.email).key)


class Migration(migrations.Migration):
    dependencies = [("supporters", "0015_follow_released_at")]
    operations = [
        migrations.AddField(
            model_name="supporter",
            name="mailbox",
            field=supporters.models.supporter.MailboxOfEmail(
                editable=False, max_length=254, null=True
            ),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="supporter",
            index=models.Index("mailbox", name="supporters_by_mailbox"),
        ),
    ]
