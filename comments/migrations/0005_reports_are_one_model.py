import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BATCH = 1000


def move_reports(apps, schema_editor):
    """A report of a reader is a row of the one table; that of a notice is its notice."""
    before = apps.get_model("comments", "CommentReport")
    model = apps.get_model("supporters", "Report")
    decided = apps.get_model("comments", "Moderation").objects
    rows = before.objects.select_related("comment__campaign").order_by("pk")
    while found := list(rows[:BATCH]):
        model.objects.bulk_create(
            _report(model, each, decided) for each in found if not each.notice_id
        )
        for each in found:
            _give_its_notice(model, each)
        before.objects.filter(pk__in=[each.pk for each in found]).delete()
    # A table is not altered while checks of its rows wait.
    schema_editor.connection.check_constraints()


def _report(model, old, decided):
    decision, by = "", None
    if old.answered_at:
        found = decided.filter(comment=old.comment_id, at=old.answered_at).first()
        hides = found is not None and found.decision in ("hide", "uphold")
        decision = "removed" if hides else "kept"
        by = found and found.by_id
    return model(
        subject="comment",
        subject_id=old.comment_id,
        campaign_id=old.comment.campaign_id,
        location=_location(old.comment),
        reason=old.reason,
        words=old.words,
        network_hash=old.network_hash,
        turn=2,
        received_at=old.reported_at,
        decision=decision,
        decided_at=old.answered_at,
        decided_by_id=by,
    )


def _give_its_notice(model, old):
    mine = model.objects.filter(pk=old.notice_id)
    mine.update(subject="comment", subject_id=old.comment_id)
    if old.answered_at:
        mine.exclude(decided_at=None).update(decided_at=old.answered_at)


def _location(comment):
    campaign = comment.campaign
    is_first = campaign.language == settings.LANGUAGE_CODE
    language = "" if is_first else f"/{campaign.language}"
    return f"{language}/{campaign.slug}/comments/{comment.pk}/"


class Migration(migrations.Migration):
    """The table stays for the code before, and keeps no comment from deletion."""

    dependencies = [
        ("comments", "0004_state_of_a_comment_is_a_column"),
        ("supporters", "0002_reports_are_one_model"),
    ]
    operations = [
        migrations.RunPython(move_reports, migrations.RunPython.noop),
        migrations.AlterField(
            "commentreport",
            "comment",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="comments.comment",
            ),
        ),
        migrations.AlterField(
            "commentreport",
            "notice",
            models.OneToOneField(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="supporters.report",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("CommentReport")]
        ),
    ]
