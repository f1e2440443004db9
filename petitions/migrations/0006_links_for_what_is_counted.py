import secrets
from hashlib import sha256

from django.db import migrations


def link_what_is_counted(apps, schema_editor):
    """Begin each chain with the signatures that were counted before there was one."""
    Signature = apps.get_model("petitions", "Signature")
    Link = apps.get_model("petitions", "Link")
    for petition in apps.get_model("petitions", "Petition").objects.all():
        counted = Signature.objects.filter(petition=petition, counted=True)
        link, links = bytes(32), []
        rows = counted.select_related("confirmation__supporter").order_by(
            "confirmed_at", "pk"
        )
        for number, row in enumerate(rows.iterator(), 1):
            salt = commitment = secrets.token_bytes(32)
            if row.anonymised_at is None:
                salt = salt[:16]
                opened = f"{petition.pk} {row.confirmation.supporter.email}".encode()
                commitment = sha256(salt + opened).digest()
                Signature.objects.filter(pk=row.pk).update(
                    salt=salt, commitment=commitment
                )
            line = f"{link.hex()} {number} +1 {commitment.hex()}"
            link = sha256(line.encode()).digest()
            links.append(
                Link(
                    petition=petition,
                    number=number,
                    delta=1,
                    commitment=commitment,
                    link=link,
                )
            )
        Link.objects.bulk_create(links, batch_size=5000)


class Migration(migrations.Migration):
    dependencies = [("petitions", "0005_links_of_the_count")]
    operations = [migrations.RunPython(link_what_is_counted, migrations.RunPython.noop)]
