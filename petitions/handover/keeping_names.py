"""How long the names under a petition are kept, and who decides (decision 34)."""

from datetime import timedelta
from functools import partial, reduce
from operator import or_

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from database.retention import months_after
from petitions import beside
from petitions.petition import Petition, handed_over
from petitions.signing.models import Signature
from staff.models import Alert

ALERT = "names"
# Staff are asked so long before names go, or would go: the petition may yet be handed
# over.
ASK_DAYS = 45


def to_decide():
    """Petitions whose names go within ASK_DAYS, or wait for the handover."""
    soon = timedelta(days=ASK_DAYS)
    signed = Signature.objects.counted().filter(
        petition=OuterRef("pk"), anonymised_at=None
    )
    stored = [signed, *(room.stored(OuterRef("pk")) for room in beside.rooms())]
    ended = Petition.objects.ended_months_ago(settings.KEEP_SIGNERS_MONTHS, ahead=soon)
    return ended.filter(
        ~Exists(handed_over()),
        reduce(or_, map(Exists, stored)),
        names_let_go_at=None,
    )


def kept_of(petition):
    """How many people's names are still stored, online and on paper."""
    signed = petition.signatures.counted().filter(anonymised_at=None)
    return signed.count() + sum(room.names(petition).count() for room in beside.rooms())


def alert_staff():
    """Ask staff about each petition that is not handed over.

    They are asked before its names would go, and again before the names go in any case.
    A decision closes the alert.
    """
    current = []
    for petition in to_decide().select_related("campaign"):
        about = f"{petition.pk} {'last' if _is_last_call(petition) else 'first'}"
        current.append(about)
        if not Alert.objects.filter(kind=ALERT, about=about).exists():
            Alert.objects.sound(
                ALERT,
                about,
                partial(_subject, petition),
                partial(_words, petition),
                page_of(petition),
            )
    Alert.objects.filter(kind=ALERT).exclude(about__in=current).close()


def page_of(petition):
    return reverse("admin:petitions_petition_names", args=[petition.pk])


def goes_at(petition):
    """When its names go: at the earliest, and in any case; None without an end."""
    ended = petition.campaign.ended_at
    if ended is None:
        return None, None
    return (
        months_after(ended, settings.KEEP_SIGNERS_MONTHS),
        months_after(ended, settings.KEEP_SIGNERS_AT_MOST_MONTHS),
    )


def _is_last_call(petition):
    _soonest, in_any_case = goes_at(petition)
    return in_any_case < timezone.now() + timedelta(days=ASK_DAYS)


def _subject(petition):
    if _is_last_call(petition):
        return _("We delete the names of signers soon: hand over now")
    return _("Names of signers: will you hand them over?")


def _words(petition):
    campaign = petition.campaign
    soonest, in_any_case = map(date_format, map(campaign.day_of, goes_at(petition)))
    said = {
        "campaign": campaign.full_title,
        "ended": date_format(campaign.day_of(campaign.ended_at)),
        "soonest": soonest,
        "last": in_any_case,
    }
    if _is_last_call(petition):
        return (
            _(
                "“%(campaign)s” ended on %(ended)s and is still not handed over. "
                "On %(last)s we delete the names of its signers in any case, as "
                "our privacy page promises. Hand it over before that."
            )
            % said
        )
    return (
        _(
            "“%(campaign)s” ended on %(ended)s, and no milestone says that it was "
            "handed over. We keep the names of its signers until it is, and until "
            "%(last)s at most. If there will be no handover, say so. We then "
            "delete them on %(soonest)s."
        )
        % said
    )
