from itertools import batched

from django.db import IntegrityError, migrations, transaction

from database.keyed_hashes import keyed_hash
from safeguards.mailbox import Mailbox

# An address below a subdomain, which may be the name of a mailbox ("x@ada.fastmail.com").
BELOW = r"@[^@]+\.[^@]+\.[^@]+$"


def name_mailboxes(apps, schema_editor):
    """Give what was stored before the key and the seat that its mailbox has now.

    Where two rows would be the same one then, the later keeps what it has.
    """
    supporters = apps.get_model("supporters", "Supporter").objects
    notes = apps.get_model("outbox", "Suppression").objects
    rows = supporters.filter(email__regex=BELOW).only("email", "mailbox")
    for some in batched(rows.iterator(chunk_size=1000), 1000):
        now = {}
        for row in some:
            was, row.mailbox = row.mailbox, Mailbox(row.email).key
            if was not in (None, row.mailbox):
                now[_hash(was)] = _hash(row.mailbox)
        supporters.bulk_update(some, ["mailbox"])
        for note in notes.filter(mailbox_hash__in=now):
            hashed = now[bytes(note.mailbox_hash)]
            _update(notes.filter(pk=note.pk), mailbox_hash=hashed)
    blocks = apps.get_model("safeguards", "Block").objects
    for block in blocks.filter(kind__endswith="address", value__regex=BELOW):
        _update(blocks.filter(pk=block.pk), value=Mailbox(block.value).key)
    signatures = apps.get_model("petitions", "Signature").objects
    found = signatures.filter(canonical_email__regex=BELOW).order_by("pk")
    for pk, seat in found.values_list("pk", "canonical_email").iterator():
        if (now := Mailbox(seat).seat) != seat:
            _update(signatures.filter(pk=pk), canonical_email=now)


def _hash(mailbox):
    return keyed_hash("mailbox", mailbox)[:16]


def _update(row, **fields):
    try:
        with transaction.atomic():
            row.update(**fields)
    except IntegrityError:
        pass


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0004_when_a_name_was_changed"),
        ("outbox", "0003_checks_of_the_domain_are_not_kept"),
        ("safeguards", "0003_words_that_wait_in_names"),
        ("supporters", "0001_initial"),
    ]
    operations = [migrations.RunPython(name_mailboxes, migrations.RunPython.noop)]
