from django.db import migrations

from safeguards.mailbox import Mailbox


def spell(apps, schema_editor):
    blocks = apps.get_model("safeguards", "Block").objects
    for block in blocks.filter(kind="address", value__contains="@").order_by("pk"):
        mailbox = Mailbox(block.value).key
        same = blocks.filter(kind="address", value=mailbox).exclude(pk=block.pk)
        if same.exists():
            block.delete()
        else:
            blocks.filter(pk=block.pk).update(value=mailbox)


class Migration(migrations.Migration):
    """Acts are looked for by their mailbox: what was blocked as it was typed, with dots
    or a tag, would hold nobody any more."""

    dependencies = [("safeguards", "0003_protected_names")]
    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]
