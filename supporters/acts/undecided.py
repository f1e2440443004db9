"""Acts that wait for a person, and on which nobody decides (decision 34).

They are deleted KEEP_HELD_DAYS after they were held. The desk warns staff beforehand,
and owners are told if we know that the address is theirs.

Every kind of act offers `objects.undecided(before)`, the acts that wait since before a
moment, and `undecided_since`, which may be None. The retention rule of its kind deletes
them.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import ngettext

from campaigns.local_time import zone_of
from outbox.models import OutgoingMail
from pages.templatetags.punctuation import colon
from supporters.acts import act
from supporters.acts.holding import too_long_ago
from supporters.people.models import Supporter

# Staff and owners are told so many days before the end.
NOTICE_DAYS = 7
MAIL = "held_ends"


def about_to_go():
    """Acts that were held before this moment are deleted within NOTICE_DAYS."""
    return too_long_ago() + timedelta(days=NOTICE_DAYS)


def goes_at(act):
    """When an act is deleted if nobody decides on it; None if it does not wait."""
    if act.undecided_since is None:
        return None
    return act.undecided_since + timedelta(days=settings.KEEP_HELD_DAYS)


def first_to_go_on(acts):
    """The day, on its campaign's clocks, on which the first of these is deleted."""
    first = min(acts, key=goes_at)
    return goes_at(first).astimezone(zone_of(first.confirmation.campaign)).date()


def state_with_days(act):
    """The act's state in a word, and how many days it still waits, if it does."""
    if (end := goes_at(act)) is None:
        return act.state
    days = max(0, (end - timezone.now()).days)
    left = ngettext(
        "deleted within %(number)d day", "deleted within %(number)d days", days + 1
    )
    return f"{act.state}{colon()}{left % {'number': days + 1}}"


def warning(held):
    """What the desk says about those of these that are deleted soon; or ""."""
    number = held.undecided(about_to_go()).count()
    words = ngettext(
        "%(number)d will be deleted within a week if nobody decides.",
        "%(number)d will be deleted within a week if nobody decides.",
        number,
    )
    return words % {"number": number} if number else ""


def owners():
    """The owners of acts that are deleted soon, as far as they may be told.

    Only owners who have confirmed their address before are told. Otherwise anybody
    could make us mail strangers by typing their addresses.
    """
    theirs = Q()
    for rows in _acts_about_to_go():
        theirs |= Q(pk__in=rows.values("confirmation__supporter"))
    return Supporter.objects.filter(theirs, confirmed_at__isnull=False).order_by("pk")


def owners_to_tell():
    """The owners who have not been told within KEEP_HELD_DAYS."""
    told = OutgoingMail.objects.about(MAIL, OuterRef("pk"))
    return owners().filter(~Exists(told.filter(queued_at__gt=too_long_ago())))


def acts_of(supporter):
    """The acts of this owner that are deleted soon."""
    return _of(supporter, _acts_about_to_go())


def rejected_of(supporter):
    """The acts of this owner that were rejected, are still there, and may be told."""
    kinds = act.HoldableAct.kinds()
    some = (kind.objects.rejected().may_be_told() for kind in kinds)
    return _of(supporter, some)


def _acts_about_to_go():
    """The acts that are deleted soon, without those that their owners have denied."""
    for kind in act.Act.kinds():
        rows = kind.objects.undecided(about_to_go())
        yield rows.filter(confirmation__denied_at=None)


def _of(supporter, some):
    return [
        act
        for rows in some
        for act in rows.of_supporter(supporter).select_related("confirmation__campaign")
    ]
