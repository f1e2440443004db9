"""Which campaigns visitors see, can act in, or have seen once."""

from datetime import timedelta

from django.core import signing
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.timezone import localdate

from campaigns.models.milestone import WRITTEN_BY_US, Milestone
from safeguards.protected_names import ProtectedQuerySet


def draft_signer(draft):
    """Signs the links of one draft, until the draft has another key."""
    return signing.Signer(salt=f"campaigns.draft {draft.draft_key}", sep=".")


def last_day_of_event(campaign):
    """The last day of its event, or None; an event of one day has no other end."""
    return campaign.event_ends or campaign.event_starts


def event_is_over(campaign):
    """Whether its event, if it has one, ended on an earlier day of its own clocks."""
    last = last_day_of_event(campaign)
    return last is not None and last < campaign.today


def ended(path=""):
    """A function that makes the filter of campaigns that ended before a moment.

    With a path, it filters rows that have such a campaign at the end of this path.
    """
    names = [f"{path}__{name}".lstrip("_") for name in ("closes_at", "closed_at")]

    def before(moment):
        by_calendar, by_hand = (Q(**{f"{name}__lt": moment}) for name in names)
        return by_calendar | by_hand

    return before


class CampaignQuerySet(ProtectedQuerySet):
    def published(self):
        """The campaigns that visitors may see.

        Drafts, and campaigns that open later, are a 404; those that visitors have seen
        before are a 410 (campaigns.not_found).
        """
        return self.filter(
            published_at__lte=Now(), opens_at__lte=Now(), deleted_at__isnull=True
        )

    def gone(self):
        """Campaigns that visitors have seen before, and do not see now."""
        seen_before = Q(
            published_at__lte=F("deleted_at"), opens_at__lte=F("deleted_at")
        )
        return self.filter(Q(offline_at__isnull=False) | seen_before).exclude(
            pk__in=self.model.objects.published()
        )

    def not_deleted(self):
        return self.filter(deleted_at=None)

    def open(self):
        """Campaigns in which people can act now; the same rule as Campaign.is_open."""
        return self.published().filter(
            Q(closes_at__isnull=True) | Q(closes_at__gt=Now()), closed_at__isnull=True
        )

    def after_their_event(self):
        """Open campaigns whose event is over, and that do not say yet what it led to.

        They say it by a milestone of the event's time or later. What our own figures
        and dates write there says nothing of the event.
        """
        said = Milestone.objects.exclude(kind__in=WRITTEN_BY_US)
        since = said.filter(campaign=OuterRef("pk"), day__gte=OuterRef("event_starts"))
        began = self.open().filter(event_starts__lte=localdate() + timedelta(days=1))
        found = began.filter(~Exists(since))
        return [campaign for campaign in found if event_is_over(campaign)]

    def ended(self):
        return self.published().filter(
            Q(closes_at__lte=Now()) | Q(closed_at__isnull=False)
        )

    def ended_ever(self):
        """Campaigns that were published and have ended, whether or not visitors see it.

        The same rule as Campaign.has_ended.
        """
        past = Q(closes_at__lte=Now()) | Q(closed_at__isnull=False)
        return self.filter(past, published_at__isnull=False)

    def ended_before(self, moment):
        """Ended before, by the calendar or by hand, as `ended_at` says it."""
        return self.filter(ended()(moment))

    def with_share_image(self, name):
        """The campaigns of which readers get this share image, in any language."""
        return self.filter(Q(share_image=name) | self._told(share_image=name))

    def _told(self, **which):
        """Whether a campaign has published texts in a further language of this kind."""
        texts = self.model._meta.get_field("texts").related_model.objects
        return Exists(texts.published().filter(campaign=OuterRef("pk"), **which))

    def for_draft_token(self, token):
        """The campaign that a draft link shows. Raises DoesNotExist."""
        pk = token.partition(".")[0]
        found = (
            self.not_deleted()
            .exclude(draft_key="")
            .get(pk=pk if pk.isdecimal() else None)
        )
        try:
            draft_signer(found).unsign(token)
        except signing.BadSignature:
            raise self.model.DoesNotExist from None
        if not found.draft_maker_may:
            raise self.model.DoesNotExist
        return found
