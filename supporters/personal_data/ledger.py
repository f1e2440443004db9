"""The ledger: whether any table holds what should be gone by the privacy page.

It asks the declarations and not the retention run. So it also finds out if there has
been no run for days, or if a rule misses rows. Each rule needs one look-up, whatever is
stored.
"""

from django.urls import reverse
from django.utils.translation import gettext

from database.kept import SLACK
from database.personal_data import declared
from staff.models import Alert

ALERT = "ledger"


def over_time():
    """The rules of which a row is over its time by more than SLACK."""
    return [
        kept
        for each in declared()
        for kept in each.kept
        if kept.is_timed and kept.overdue_rows(each.model).exists()
    ]


def check_and_alert():
    """Alert staff to what is over its time, and close alerts that are settled."""
    late = over_time()
    about = ", ".join(kept.name for kept in late)[:200]
    Alert.objects.filter(kind=ALERT).exclude(about=about).close()
    if late:
        page = reverse("admin:supporters_retentionrun_changelist")
        Alert.objects.sound(
            ALERT,
            about,
            lambda: gettext("Something is stored for too long"),
            lambda: _words(late),
            page,
            until_closed=True,
        )


def _words(late):
    return gettext(
        "We store something more than %(days)d days longer than our privacy page "
        "says:\n\n%(rules)s\n\nCheck whether the nightly deletions work. Ask the "
        "people who run the server."
    ) % {
        "days": SLACK.days,
        "rules": "\n".join(str(kept.words) for kept in late),
    }
