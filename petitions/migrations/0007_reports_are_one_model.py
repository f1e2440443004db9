import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.sealed import Of, seal

BATCH = 1000


def move_reports(apps, schema_editor):
    """A report of a reader is a row of the one table; that of a notice is its notice."""
    before = apps.get_model("petitions", "NameReport")
    model = apps.get_model("supporters", "Report")
    rows = before.objects.select_related("signature__petition__campaign").order_by("pk")
    while found := list(rows[:BATCH]):
        model.objects.bulk_create(
            _report(model, each) for each in found if not each.notice_id
        )
        for each in found:
            _give_its_notice(model, each)
        before.objects.filter(pk__in=[each.pk for each in found]).delete()
    # A table is not altered while checks of its rows wait.
    schema_editor.connection.check_constraints()


def _report(model, old):
    campaign = old.signature.petition.campaign
    is_first = campaign.language == settings.LANGUAGE_CODE
    language = "" if is_first else f"/{campaign.language}"
    sealed = seal(old.signature_id, Of.SIGNATURE)
    return model(
        subject="name",
        subject_id=old.signature_id,
        campaign_id=campaign.pk,
        location=f"{language}/{campaign.slug}/signatures/newest/{sealed}/report/",
        reason="address" if old.reason == "private" else old.reason,
        network_hash=old.network_hash,
        turn=2,
        received_at=old.reported_at,
    )


def _give_its_notice(model, old):
    mine = model.objects.filter(pk=old.notice_id)
    mine.update(subject="name", subject_id=old.signature_id)
    if old.answered_at:
        mine.exclude(decided_at=None).update(decided_at=old.answered_at)


class Migration(migrations.Migration):
    """The table stays for the code before, and keeps no signature from deletion."""

    dependencies = [
        ("petitions", "0006_names_on_paper_are_a_room_of_their_own"),
        ("supporters", "0002_reports_are_one_model"),
    ]
    operations = [
        migrations.RunPython(move_reports, migrations.RunPython.noop),
        migrations.AlterField(
            "namereport",
            "signature",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="petitions.signature",
            ),
        ),
        migrations.AlterField(
            "namereport",
            "notice",
            models.OneToOneField(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="supporters.report",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("NameReport")]
        ),
    ]
