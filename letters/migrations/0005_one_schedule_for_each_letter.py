from datetime import time

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import campaigns.models.zones

NAMES = (
    "cosigned",
    "letters_an_hour",
    "office_opens",
    "office_closes",
    "workdays_only",
)


def never_faster(apps, schema_editor):
    """Letters say what their list said; nobody gets more, or more often, than before.

    Whose list was slower than a letter can say gets one mail a day, or a week. It comes
    at nine, also where the office opened later.
    """
    lists = apps.get_model("letters", "RecipientList").objects
    letters = apps.get_model("letters", "SuggestedLetter").objects
    recipients = apps.get_model("letters", "Recipient").objects.filter(rhythm="each")
    with_hours = lists.exclude(office_opens=None)
    letters.filter(recipient_list__in=with_hours).update(in_office_hours=True)
    alone = lists.filter(cosigned="never")
    letters.filter(recipient_list__in=alone).update(sends_together=False)

    site, few = settings.LETTERS_AN_HOUR, Q(letters_an_hour__isnull=False)
    if site:
        few = Q(letters_an_hour__lt=site)
    short = Q(office_opens__gt=time(9)) | Q(office_closes__lt=time(17))
    weekly = lists.filter(cosigned="weekly")
    recipients.filter(list__in=weekly).update(rhythm="weekly")
    recipients.filter(list__in=lists.filter(few | short)).update(rhythm="daily")


class Migration(migrations.Migration):
    """The columns and tables stay for the code before."""

    dependencies = [("letters", "0004_everybody_starts_from_one_letter")]
    operations = [
        migrations.AddField(
            model_name="suggestedletter",
            name="in_office_hours",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Letters leave from Monday to Friday, 9:00 to 17:00, in the time zone of the recipients. If not ticked, they leave at any hour.",
                verbose_name="only in office hours",
            ),
        ),
        migrations.AddField(
            model_name="suggestedletter",
            name="sends_together",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Unchanged letters leave in one email with all names, at 9:00 on each workday. If not ticked, each goes by itself. A letter with the writer’s own words always does. An official’s own choice comes first.",
                verbose_name="unchanged letters together",
            ),
        ),
        migrations.RunPython(never_faster, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="recipient",
            name="rhythm",
            field=models.CharField(
                choices=[
                    ("each", "each letter"),
                    ("daily", "one email a day"),
                    ("weekly", "one email a week"),
                    ("paused", "nothing for now"),
                ],
                db_default="each",
                default="each",
                help_text="Set it as they wish. It comes before what a letter says. With “each letter”, letters come as each suggested letter says. With “nothing for now”, letters wait.",
                max_length=10,
                verbose_name="how they get letters",
            ),
        ),
        migrations.AlterField(
            model_name="recipientlist",
            name="timezone",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Where they work. It says when it is morning or a workday for them. Public holidays of its country are no workdays. If empty, the site’s time zone applies.",
                max_length=64,
                validators=[campaigns.models.zones.validate_timezone],
                verbose_name="time zone",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                *(migrations.RemoveField("recipientlist", name) for name in NAMES),
                migrations.DeleteModel("ReceivingHour"),
                migrations.DeleteModel("ReceivingDomain"),
            ]
        ),
    ]
