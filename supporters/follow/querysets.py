"""Which follows there are: active, held, or due to be deleted.

audience.py says whom an update reaches.
"""

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext

from supporters.acts import refusals
from supporters.acts.act import HoldableActQuerySet
from supporters.acts.confirmations import Confirmation, hash_of_words
from supporters.acts.posting import Posting
from supporters.acts.stop_reasons import Because
from supporters.consent.models import Consent
from supporters.people.models import Supporter

# Confirmed and not stopped: these get mail.
ACTIVE = Q(confirmed_at__isnull=False, stopped_at=None)


def hash_of_follow(frequency):
    """Tells one wish from another; its question says what it is about."""
    return hash_of_words("follow", frequency)


class FollowQuerySet(HoldableActQuerySet):
    def active(self):
        return self.filter(ACTIVE)

    def outdated(self):
        """Follows to delete, which were never confirmed.

        Their days for confirming or deciding are over, or the act with which they came
        is gone.
        """
        own = Q(confirmation__kind="follow")
        came_along = ~own & Q(
            confirmed_at=None,
            confirmation__in=Confirmation.objects.with_follows_alone(),
        )
        return super().outdated().filter(own) | self.filter(came_along)

    def waiting_for_outcome(self, confirmation):
        """A follow that hears, once, how it ended, if this is confirmed.

        The caller stores the row together with what is confirmed.
        """
        return self.model(
            confirmation=confirmation,
            supporter=confirmation.supporter,
            campaign=confirmation.campaign,
            language=confirmation.language,
            only_outcome=True,
        )

    def would_begin_with(self, confirmation):
        """Whether its owner would hear how it ended by saying yes, and not without."""
        waiting = self.filter(confirmation=confirmation, confirmed_at=None)
        known = self.of_supporter(confirmation.supporter_id).active()
        return (
            waiting.exists()
            and not known.filter(campaign=confirmation.campaign_id).exists()
        )

    def begin_with(self, confirmation):
        """Begin what came with an act, whose confirmation is used in this transaction.

        Somebody who follows the campaign already hears of its end anyway.
        """
        if not confirmation.brings_follow:
            return
        waiting = self.filter(confirmation=confirmation, confirmed_at=None)
        supporter = Supporter.objects.select_for_update().get(
            pk=confirmation.supporter_id
        )
        known = self.of_supporter(supporter).active()
        if known.filter(campaign=confirmation.campaign_id).exists():
            waiting.delete()
        else:
            waiting.update(supporter=supporter, confirmed_at=Now())
            refusals.write_again(supporter.email)

    def erase(self):
        """Delete them: no count is built on a follow."""
        return self.delete()[0]

    def export(self):
        return [
            {
                pgettext("campaigns of a supporter", "follows"): str(follow),
                gettext("how often"): str(follow.often),
                pgettext("to follow", "asked"): follow.created_at.isoformat(),
                gettext("confirmed"): follow.confirmed_at
                and follow.confirmed_at.isoformat(),
                pgettext("emails", "stopped on"): follow.stopped_at
                and follow.stopped_at.isoformat(),
                gettext("stopped because"): follow.stopped_for
                and str(Because(follow.stopped_for).for_owner),
                gettext("words of the server"): follow.stopped_words,
            }
            for follow in self.select_related("campaign").order_by("pk")
        ]

    def causing_mails(self):
        return self.active()

    def unsubscribe(self, because, words=""):
        """End the active ones for a reason that is shown; returns how many.

        The consent to them is withdrawn, unless the reason is that mail came back.
        """
        active = self.active()
        with transaction.atomic():
            if Because(because).takes_consent_back:
                Consent.objects.filter(
                    kind="follow", confirmation__in=active.values("confirmation")
                ).note_withdrawal(is_replaced=because == Because.REPLACED)
            return active.update(
                stopped_at=Now(), stopped_for=because, stopped_words=words[:500]
            )

    def consent_withdrawn(self, kind):
        """Stop the mails of people who withdraw their consent to them."""
        if kind == "follow":
            self.unsubscribe(Because.ASKED)

    def for_my_page(self):
        """Each campaign once: the follow that is active, or the one that was last."""
        confirmed = self.exclude(confirmed_at=None)
        by_campaign = ["supporter_id", "campaign_id"]
        lasting = models.F("stopped_at").desc(nulls_first=True)
        last = confirmed.order_by(*by_campaign, lasting, "-pk").distinct(*by_campaign)
        return (
            self.filter(pk__in=last.values("pk"))
            .select_related("campaign")
            .order_by("-pk")
        )

    def follow(self, *, frequency, campaign=None, **posted):
        """Note that somebody wants to follow a campaign, or all when it is None.

        It is always a new row, unconfirmed unless its owner is believed. Posting
        explains what is `posted`.
        """
        said = hash_of_follow(frequency)
        posting = Posting(self.model, campaign, said=said, **posted)
        confirmation = posting.confirmation
        follow = self.model(
            confirmation=confirmation,
            supporter=confirmation.supporter,
            campaign=campaign,
            frequency=frequency,
            language=confirmation.language,
        )
        return posting.ask_or_confirm(follow)
