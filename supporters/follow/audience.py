"""Who gets an update: the one rule for the number shown, for queueing and sending."""

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from supporters.follow.frequency import Frequency
from supporters.follow.models import Follow
from supporters.follow.update_for_follower import UpdateForFollower


def reached_by(update):
    """The follows by which an update comes: several of one follower are possible.

    Those of its campaign, and of all campaigns in its language. Who follows for the
    outcome alone gets no other update, and the outcome once, even if there are two.
    """
    campaign = update.campaign
    reached = Follow.objects.active().filter(
        Q(campaign=campaign) | Q(campaign=None, language=campaign.language)
    )
    if not update.is_outcome:
        return reached.filter(only_outcome=False)
    return reached.filter(Q(only_outcome=False) | ~Exists(_outcomes_before(update)))


def _outcomes_before(update):
    """Another outcome of the campaign that was queued earlier for the same follower."""
    mine = UpdateForFollower.objects.filter(supporter=OuterRef("supporter"))
    # None before this one is queued: then every other is earlier.
    own = mine.filter(mailing__update=update).values("pk")[:1]
    return mine.exclude(mailing__update=update).filter(
        mailing__update__campaign=update.campaign_id,
        mailing__update__is_outcome=True,
        pk__lt=Coalesce(own, Value(2**63 - 1, BigIntegerField())),
    )


def audience(update):
    """How many would get an update now, by frequency; each follower once."""
    numbers = {
        frequency.value: Count(
            "supporter", distinct=True, filter=Q(frequency=frequency)
        )
        for frequency in Frequency
    }
    return reached_by(update).aggregate(
        total=Count("supporter", distinct=True), **numbers
    )
