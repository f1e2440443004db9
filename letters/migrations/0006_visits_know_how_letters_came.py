from django.db import migrations, models


def keep_rhythms(apps, schema_editor):
    """What “this was not me” undoes: the choice in the visit before a correction."""
    acts = apps.get_model("letters", "OfficialActivity").objects.order_by("pk")
    for correction in apps.get_model("letters", "AddressCorrection").objects.all():
        mine = acts.filter(recipient=correction.recipient_id)
        visit = mine.filter(kind="opened", at__lte=correction.created_at).last()
        changed = visit and mine.filter(kind="rhythm", pk__gt=visit.pk).first()
        if changed:
            correction.rhythm = changed.before
            correction.save(update_fields=["rhythm"])


def empty(apps, schema_editor):
    """What officials did was kept for a list that is gone; it has their addresses."""
    apps.get_model("letters", "OfficialActivity").objects.all().delete()


class Migration(migrations.Migration):
    """The table letters_officialactivity stays, empty, for the code before."""

    dependencies = [("letters", "0005_one_schedule_for_each_letter")]
    operations = [
        migrations.AddField(
            model_name="officialvisit",
            name="rhythm",
            field=models.CharField(db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="addresscorrection",
            name="rhythm",
            field=models.CharField(db_default="", default="", max_length=10),
        ),
        # The database deletes its rows with their recipient: the code no longer does.
        migrations.AlterField(
            model_name="officialactivity",
            name="recipient",
            field=models.ForeignKey(
                on_delete=models.DB_CASCADE,
                related_name="acts",
                to="letters.recipient",
                verbose_name="recipient",
            ),
        ),
        migrations.RunPython(keep_rhythms, migrations.RunPython.noop),
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("OfficialActivity")]
        ),
    ]
