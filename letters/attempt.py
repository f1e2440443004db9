"""One try to bring a letter to one recipient: under a lease, and written down."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from campaign_site import post
from letters import message, models

logger = logging.getLogger(__name__)
# Waits of 5, 10, 20, 40 … minutes, six hours at most, until the days are over.
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
# About half of what fits into the days. A letter whose campaign was paused for a week
# has waited as long, and was not refused that often.
FEWEST_TRIES = 16


class LeaseLost(Exception):
    """This took longer than the lease, and another worker is at it."""


class Attempt:
    """What a worker does with one delivery, from the claim to what came of it."""

    def __init__(self, delivery):
        self.delivery = delivery

    def make(self):
        """Claim and try it, unless it is not due or somebody else is at it."""
        if not self._claim():
            return
        if self.delivery.data_at is not None:
            # Left behind by a dead worker when the relay had the whole message.
            self._settle(may_have_arrived_at=Now())
        elif not self.delivery.suits_stance:
            self._settle(stopped_at=Now(), was_overtaken=True)
        else:
            self._try()

    def _claim(self):
        claimed = models.Delivery.objects.due().filter(pk=self.delivery.pk)
        if not claimed.update(claimed_at=Now(), tries=F("tries") + 1):
            return False
        # Only these: what was fetched along with it stays.
        self.delivery.refresh_from_db(
            fields=["claimed_at", "data_at", "queued_at", "tries"]
        )
        return True

    def _try(self):
        delivery = self.delivery
        try:
            post.hand_over(
                delivery.bounce_address,
                delivery.email,
                message.message_for(delivery),
                before_the_end=self._note_data,
                when_taken=self._note_handed_over,
            )
        except post.NotNow as answer:
            self._wait(str(answer))
        except post.Refused as answer:
            self._settle(refused_at=Now(), reply=str(answer)[:500])
            if post.says_bad_address(str(answer)):
                delivery.mark_recipient(str(answer))
        except post.AnswerLost as lost:
            self._settle(may_have_arrived_at=Now(), reply=str(lost)[:500])
        except LeaseLost:
            logger.warning("Delivery %s took longer than its lease", delivery.pk)
        except Exception as fault:  # ours: the letter waits until it is mended
            logger.exception("Delivery %s could not be tried", delivery.pk)
            if delivery.data_at is None:
                self._wait(f"{type(fault).__name__} on our side")

    def _held(self):
        """The delivery, as long as nobody else has taken the lease over."""
        return models.Delivery.objects.filter(
            pk=self.delivery.pk, claimed_at=self.delivery.claimed_at
        )

    def _note_data(self):
        """Write down that the relay has it from now on; the lease begins anew."""
        now = timezone.now()
        if not self._held().update(data_at=now, claimed_at=now):
            raise LeaseLost
        self.delivery.data_at = self.delivery.claimed_at = now

    def _note_handed_over(self, words):
        """The relay has taken it, whoever holds the lease by now."""
        with transaction.atomic():
            # The letter first and then the delivery, in the order that erasing takes.
            reply = self.delivery.words_to_keep(words)
            models.Delivery.objects.filter(pk=self.delivery.pk).update(
                settled_at=Now(),
                claimed_at=None,
                handed_over_at=Now(),
                may_have_arrived_at=None,
                reply=reply,
            )
            letter = self.delivery.letter
            if not letter.is_thanks:
                models.Stance.objects.note_asked(
                    letter.suggested_letter_id, self.delivery.recipient_id
                )

    def _wait(self, words):
        now = timezone.now()
        give_up = self.delivery.queued_at + timedelta(days=settings.LETTER_GIVE_UP_DAYS)
        if now > give_up and self.delivery.tries >= FEWEST_TRIES:
            self._settle(gave_up_at=Now(), reply=words[:500])
            return
        wait = min(FIRST_WAIT * 2 ** min(self.delivery.tries - 1, 10), LONGEST_WAIT)
        self._held().update(
            claimed_at=None, data_at=None, next_try_at=now + wait, reply=words[:500]
        )

    def _settle(self, **what):
        self._held().update(settled_at=Now(), claimed_at=None, **what)
