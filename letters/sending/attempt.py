"""One try to bring a mail to its recipient: under a lease, and written down."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from letters.sending.pieces import LetterLeaseLost
from outbox import relay

logger = logging.getLogger(__name__)
# Waits of 5, 10, 20, 40 … minutes, six hours at most, until the days are over.
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
# About half of what fits into the days. A letter whose campaign was paused for a week
# has waited as long, and was not refused that often.
FEWEST_TRIES = 16


class LetterAttempt:
    """What a worker does with a delivery or parcel, from its claim to its end."""

    def __init__(self, piece):
        self.piece = piece

    def make(self):
        """Claim and try it, unless it is not due or somebody else is at it."""
        if not self._claim():
            return
        try:
            if self.piece.data_at is not None:
                # Left behind by a dead worker when the relay had the whole message.
                self._settle(may_have_arrived_at=timezone.now())
            else:
                self._try()
        except relay.ChangedMeanwhile:
            self.piece.note(claimed_at=None, next_try_at=timezone.now())
        except LetterLeaseLost:
            name = type(self.piece).__name__
            logger.warning("%s %s took longer than its lease", name, self.piece.pk)

    def _claim(self):
        pieces = type(self.piece).objects
        claimed = pieces.due().filter(pk=self.piece.pk)
        if not claimed.update(claimed_at=timezone.now(), tries=F("tries") + 1):
            return False
        # Only these: what was fetched along with it stays.
        self.piece.refresh_from_db(
            fields=["claimed_at", "data_at", "queued_at", "tries"]
        )
        return True

    def _try(self):
        piece = self.piece
        try:
            content = piece.pack()
            if content is None:  # nothing is to be sent, and that is written down
                return
            relay.hand_over(
                piece.bounce_address,
                piece.email,
                content,
                before_the_end=self._note_data,
                when_taken=piece.note_handed_over,
            )
        except relay.NotNow as answer:
            self._wait(str(answer))
        except relay.Refused as answer:
            if relay.says_bad_address(str(answer)):
                piece.mark_recipient(str(answer))
            self._settle(refused_at=Now(), reply=str(answer)[:500])
        except relay.AnswerLost as lost:
            self._settle(may_have_arrived_at=timezone.now(), reply=str(lost)[:500])
        except (LetterLeaseLost, relay.ChangedMeanwhile):
            raise
        except Exception as fault:  # ours: the letter waits until it is mended
            logger.exception("%s %s could not be tried", type(piece).__name__, piece.pk)
            if piece.data_at is None:
                self._wait(f"{type(fault).__name__} on our side")

    def _note_data(self):
        """Write down that the relay has it from now on; the lease begins anew."""
        now = timezone.now()
        self.piece.note(data_at=now, claimed_at=now)
        self.piece.data_at = self.piece.claimed_at = now

    def _wait(self, words):
        now = timezone.now()
        give_up = self.piece.waits_since + timedelta(days=settings.LETTER_GIVE_UP_DAYS)
        if now > give_up and self.piece.tries >= FEWEST_TRIES:
            self._settle(gave_up_at=Now(), reply=words[:500])
            return
        wait = min(FIRST_WAIT * 2 ** min(self.piece.tries - 1, 10), LONGEST_WAIT)
        self.piece.note(
            claimed_at=None, data_at=None, next_try_at=now + wait, reply=words[:500]
        )

    def _settle(self, **what):
        self.piece.note(settled_at=Now(), claimed_at=None, **what)
