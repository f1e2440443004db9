"""Who gets an update: one rule for the number shown, for queueing and for sending.

It is also the rule for who may sign what a mail proposes. Active follows are those of
`FollowQuerySet.active()`; all else stands here.
"""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import CampaignText, Update
from outbox.mailed_keys import row_with
from safeguards.mailbox import Mailbox
from supporters.follow.frequency import Frequency
from supporters.follow.models import NEXT, Follow
from supporters.follow.update_for_follower import UpdateForFollower
from supporters.people.models import Supporter

# For so many days, the link in a mail signs what the mail proposes.
INVITED_DAYS = 60
# For so many days after an update was published, the desk offers to mail it.
MAILED_WITHIN_DAYS = 7


class Segment(models.TextChoices):
    """To which of its followers an update is mailed; never to anybody else."""

    EVERYBODY = "", _("everybody who follows")
    UNWRITTEN = "unwritten", _("followers who have signed and not written")


def reached_by(update, only=Segment.EVERYBODY, sender=None):
    """The follows by which an update comes; one follower may have several.

    They are follows of its campaign, and of all campaigns in one of its languages. A
    follow for
    the outcome alone brings no other update, and the outcome once, even if there are
    two. `only` leaves some of them out, also when it has been queued for them already:
    whoever has written meanwhile is not asked to. `sender`, who presses the button,
    knows the update, and gets no mail in any spelling of their address.
    """
    reached = Follow.objects.active().filter(_is_for(update))
    if sender and sender.email:
        reached = reached.exclude(supporter__mailbox=Mailbox(sender.email).key)
    if only == Segment.UNWRITTEN:
        reached = reached.filter(supporter__in=_who_have("signed", update.campaign))
        reached = reached.exclude(supporter__in=_who_have("written", update.campaign))
    if not update.is_outcome:
        return reached
    return reached.filter(Q(only_outcome=False) | ~Exists(_outcomes_before(update)))


def not_mailed(updates):
    """Those of them that are new on the page and mailed to nobody, while there are
    followers who ask for them."""
    followers = Follow.objects.active().filter(
        Q(campaign=OuterRef("campaign"))
        | Q(campaign=None, language=OuterRef("campaign__language"))
    )
    since = timezone.now() - timedelta(days=MAILED_WITHIN_DAYS)
    new = updates.published().filter(published_at__gt=since, mailing=None)
    return new.filter(
        Exists(followers.filter(only_outcome=False))
        | Q(is_outcome=True) & Exists(followers)
    )


def invited_by(key, campaign):
    """The follow by whose mail this link came, which signs, or None.

    The key that stops the follow is another one.
    """
    return row_with(invited_to(campaign), key, *NEXT)


def invited_to(campaign):
    """Follows by which a mail has lately asked to sign this campaign's petition.

    The link in the mail works even when no more mails come by them.
    """
    since = timezone.now() - timedelta(days=INVITED_DAYS)
    asking = Update.objects.published().filter(
        follow_up=campaign, published_at__gt=since
    )
    theirs = [_is_for(update) for update in asking.select_related("campaign")]
    if not theirs:
        return Follow.objects.none()
    confirmed = Follow.objects.filter(reduce(or_, theirs), confirmed_at__isnull=False)
    return confirmed.select_related("supporter")


def _is_for(update):
    """The filter for follows, active or not, that ask for such an update."""
    campaign = update.campaign
    in_its_languages = Q(language=campaign.language)
    if len(settings.LANGUAGES) > 1:
        texts = CampaignText.objects.published().filter(campaign=campaign)
        in_its_languages |= Q(language__in=texts.order_by().values("language"))
    asked = Q(campaign=campaign) | Q(campaign=None) & in_its_languages
    return asked if update.is_outcome else asked & Q(only_outcome=False)


def _outcomes_before(update):
    """Another outcome of the campaign that was queued earlier for the same follower."""
    mine = UpdateForFollower.objects.filter(supporter=OuterRef("supporter"))
    # If this one is not queued yet, every other outcome is earlier.
    own = mine.filter(mailing__update=update).values("pk")[:1]
    return mine.exclude(mailing__update=update).filter(
        mailing__update__campaign=update.campaign_id,
        mailing__update__is_outcome=True,
        pk__lt=Coalesce(own, Value(2**63 - 1, BigIntegerField())),
    )


def _who_have(done, campaign):
    """The supporters who have done this in a campaign, as the app that knows it says.

    An AppConfig offers `who_have(done, campaign)`: their keys, or None.
    """
    for config in apps.get_app_configs():
        found = getattr(config, "who_have", _nobody)(done, campaign)
        if found is not None:
            return found
    return Supporter.objects.none().values("pk")


def _nobody(done, campaign):
    return None


def audience(update, only=Segment.EVERYBODY, sender=None):
    """How many would get an update now, by frequency; each follower counts once."""
    numbers = {
        frequency.value: Count(
            "supporter", distinct=True, filter=Q(frequency=frequency)
        )
        for frequency in Frequency
    }
    return reached_by(update, only, sender).aggregate(
        total=Count("supporter", distinct=True), **numbers
    )
