"""What is deleted with a campaign: its follows. A mailed update forbids deleting."""

from django.utils.translation import gettext, ngettext

from campaigns.models import Campaign, Update
from supporters.follow.mailings import Mailing
from supporters.follow.models import Follow
from versions.deletion import Dependents


def dependents(row):
    found = Dependents()
    if isinstance(row, Update):
        if Mailing.objects.filter(update=row.pk).exists():
            found.stays.append(gettext("We emailed it to followers, with its address."))
    elif isinstance(row, Campaign):
        if number := Follow.objects.filter(campaign=row.pk).active().count():
            found.goes.append(ngettext("%d follower", "%d followers", number) % number)
        if number := Mailing.objects.filter(update__campaign=row.pk).count():
            found.stays.append(
                ngettext(
                    "We emailed %d update to followers, with its address.",
                    "We emailed %d updates to followers, with their addresses.",
                    number,
                )
                % number
            )
    return found
