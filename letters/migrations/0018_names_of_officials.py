from django.db import migrations


def protect(apps, schema_editor):
    from letters.models import Recipient, RecipientList

    rows = []
    for row in apps.get_model("letters", "Recipient").objects.select_related("list"):
        recipient = Recipient(
            pk=row.pk,
            name=row.name,
            office=row.office,
            ward=row.ward,
            list=RecipientList(place=row.list.place),
        )
        rows += [
            {"source": recipient.protected_as, "kind": kind, "name": name}
            for kind, name in recipient.protected_names()
        ]
    model = apps.get_model("safeguards", "ProtectedName")
    model.objects.bulk_create(model(**row) for row in rows if row["name"].strip())


class Migration(migrations.Migration):
    """Nobody signs with the name of an official who is known already."""

    dependencies = [
        ("letters", "0017_more_reasons_to_hold"),
        ("safeguards", "0003_protected_names"),
    ]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
