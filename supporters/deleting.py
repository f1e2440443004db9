"""What is deleted with a campaign: its follows. A mailed update forbids deleting."""

from django.utils.translation import gettext, ngettext

from campaigns.models import Campaign, Update
from supporters.follow.mailings import Mailing
from supporters.follow.models import Follow
from versions.company import Company


def company(row):
    found = Company()
    if isinstance(row, Update):
        if Mailing.objects.filter(update=row.pk).exists():
            found.stays.append(gettext("It was mailed to followers, with its address."))
    elif isinstance(row, Campaign):
        if number := Follow.objects.filter(campaign=row.pk).active().count():
            found.goes.append(ngettext("%d follower", "%d followers", number) % number)
        if number := Mailing.objects.filter(update__campaign=row.pk).count():
            found.stays.append(
                ngettext(
                    "%d update was mailed to followers, with its address.",
                    "%d updates were mailed to followers, with their addresses.",
                    number,
                )
                % number
            )
    return found
