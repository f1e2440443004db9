import django.db.models.deletion
from django.db import migrations, models


def forget(apps, schema_editor):
    apps.get_model("campaign_editor", "Unfinished").objects.all().delete()


class Migration(migrations.Migration):
    """What a draft cannot use is kept as the unsaved form of who typed it.

    Such a form is whole, and says whose it is. Rows of `Unfinished` are parts of forms
    of nobody, so they go. The table stays for the code before, and keeps no campaign
    from deletion.
    """

    dependencies = [
        ("campaign_editor", "0003_wordpress_is_a_room_of_its_own"),
    ]

    operations = [
        migrations.AlterField(
            model_name="unfinished",
            name="campaign",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="unfinished",
                to="campaigns.campaign",
            ),
        ),
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("Unfinished")]
        ),
        migrations.AlterField(
            model_name="unsavedform",
            name="campaign",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="unsaved_forms",
                to="campaigns.campaign",
            ),
        ),
        migrations.AddField(
            model_name="unsavedform",
            name="is_rest",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveConstraint(
            model_name="unsavedform", name="one_unsaved_form_of_each_person"
        ),
        migrations.AddConstraint(
            model_name="unsavedform",
            constraint=models.UniqueConstraint(
                fields=["campaign", "user"],
                nulls_distinct=False,
                name="one_unsaved_form_of_each_person",
            ),
        ),
    ]
