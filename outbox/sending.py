"""One conversation with our relay: mails that a worker has claimed, and how they end.

Each mail is marked just before its last dot. If something breaks before that, the mail
may safely be tried again. If it breaks between the dot and the answer, the mail may
have arrived.
"""

import logging
import time
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from outbox import relay
from outbox.mail import POLICY
from outbox.outgoing_mail import Outcome, OutgoingMail
from outbox.purposes import Later, Never, Nothing
from outbox.suppressions import Suppression
from safeguards.mail_allowance import MailLimitReached

logger = logging.getLogger(__name__)
# Seconds that a mail may take until its last dot. Somebody may wait for the next mail,
# so a mail that takes longer at its first try is left to the patient threads.
SECONDS_FIRST, SECONDS_PATIENT = 10, 60
# A conversation begins no further mail after so many seconds, so that whatever else is
# due has its turn.
SLICE_SECONDS = 2


class LeaseLost(Exception):
    """Another worker has the mail, since sending took too long; or it is erased."""


class RelayConversation:
    """Mails that were claimed together, tried one after the other."""

    def __init__(self, mails: Sequence[OutgoingMail], post: relay.Post) -> None:
        self._mails, self._post = mails, post
        self.tried = self.sent = 0

    def hold(self) -> None:
        """Try each mail; those for which no time is left wait for their turn.

        Raises NoRelay when the relay takes nothing from us at the moment.
        """
        slice_ends = time.monotonic() + SLICE_SECONDS
        waiting = list(self._mails)
        self._prepare(waiting)
        try:
            while waiting and time.monotonic() < slice_ends:
                attempt = Attempt(waiting[0], self._post)
                attempt.make()
                self.tried += attempt.was_tried
                self.sent += waiting.pop(0).outcome == Outcome.SENT
        finally:
            for mail in waiting:
                unclaim(mail)

    def _prepare(self, mails):
        by_purpose = {}
        for mail in mails:
            by_purpose.setdefault(mail.purpose, []).append(mail)
        for some in by_purpose.values():
            prepared = some[0].kind.prepare(some)
            for mail in some:
                mail.prepared = prepared
        unasked = [mail.email for mail in mails if mail.kind.is_unasked]
        against = Suppression.objects.against(unasked) if unasked else {}
        for mail in mails:
            mail.suppressed = mail.is_against(against)


class Attempt:
    """What a worker does with one mail, from its claim to its end."""

    def __init__(self, mail: OutgoingMail, post: relay.Post) -> None:
        self.mail, self.kind, self._post = mail, mail.kind, post
        # Whether the relay was asked to take the mail.
        self.was_tried = False

    def make(self) -> None:
        """Try the mail, and note what came of it.

        Raises NoRelay; then nothing is noted but that the mail waits.
        """
        mail = self.mail
        try:
            if mail.dot_at and not self.kind.policy.repeats:
                # A worker died when the relay had the whole message.
                settle(mail, Outcome.IN_DOUBT)
            else:
                self._try()
        except relay.NoRelay:
            raise
        except Later as later:
            turn = {"turn_at": later.until} if later.is_turn else {}
            unclaim(mail, due_at=later.until, **turn)
        except MailLimitReached as limit:
            self._hold_back(limit.may_send_at)
        except Never as reason:
            settle(mail, Outcome.STOPPED, str(reason))
        except Nothing:
            _held(mail).filter(again_at=None).delete()
            unclaim(mail, due_at=F("again_at"), again_at=None)
        except relay.ChangedMeanwhile:
            # The waits grow from none to a minute, so that nobody writes it again for
            # ever.
            soon = timezone.now() + timedelta(seconds=min(mail.tries - 1, 60))
            unclaim(mail, due_at=soon, tries=F("tries"))
        except LeaseLost:
            logger.warning("Mail %s took longer than its lease, or is gone", mail.pk)
        except Exception as fault:  # ours: the mail waits until it is mended
            logger.exception("Mail %s could not be tried", mail.pk)
            # After the last dot it may have left: its lease ends, and then its policy
            # decides.
            if mail.dot_at is None:
                self._wait(f"{type(fault).__name__} on our side")

    def _try(self):
        mail = self.mail
        mail.dot_at = None
        if mail.suppressed:
            raise Never("this mailbox gets no such mail")
        self.kind.when(mail)
        content = self._content()
        with self._allowed():
            self.was_tried = True
            try:
                words = self._post.submit(
                    mail.bounce_address,
                    mail.email,
                    content,
                    before_the_end=self._note_dot,
                    notify=self.kind.reports,
                    seconds=SECONDS_PATIENT if mail.tries > 1 else SECONDS_FIRST,
                )
            except relay.NoRelay:
                raise
            except relay.NotNow as answer:
                self._wait(str(answer))
            except relay.Refused as answer:
                settle(mail, Outcome.REFUSED, str(answer))
            except relay.AnswerLost as lost:
                self._doubt(str(lost))
            else:
                settle(mail, Outcome.SENT, words)

    def _content(self):
        """The message in bytes, as it stays from now on."""
        written = self.kind.compose(self.mail)
        if isinstance(written, bytes):
            return written
        written.extra_headers["Message-ID"] = self.mail.message_id
        return written.message(policy=POLICY).as_bytes()

    @contextmanager
    def _allowed(self):
        """Take one mail of the mailbox's allowance; give it back unless it left."""
        if self.kind.allowance is None:
            yield
            return
        with self.kind.allowance.one_for(self.mail.email) as unused:
            yield
            if self.mail.outcome not in (Outcome.SENT, Outcome.IN_DOUBT):
                unused()

    def _note_dot(self):
        """If the mail may still leave, note that the relay may have it from now on."""
        now = timezone.now()
        with transaction.atomic():
            if not self.kind.may_leave(self.mail):
                raise relay.ChangedMeanwhile
            if not _held(self.mail).update(dot_at=now, text=self.mail.text):
                raise LeaseLost
        self.mail.dot_at = now

    def _hold_back(self, until):
        """Wait, or stop, since the mailbox has had enough of such mails for now."""
        if self.kind.may_wait(self.mail):
            unclaim(self.mail, due_at=until)
        else:
            settle(self.mail, Outcome.STOPPED, "a newer one says it")

    def _doubt(self, words):
        if self.kind.policy.repeats:
            self._wait(words)
        else:
            settle(self.mail, Outcome.IN_DOUBT, words)

    def _wait(self, words):
        mail, now = self.mail, timezone.now()
        waited = now - self.kind.waits_since(mail)
        if self.kind.policy.gives_up(waited, mail.tries):
            settle(mail, Outcome.GIVEN_UP, words)
            return
        wait = self.kind.policy.wait_after(mail.tries)
        words = self.kind.words_to_keep(mail, words)[:500]
        unclaim(mail, due_at=now + wait, tries=F("tries"), reply=words)


def unclaim(mail: OutgoingMail, **what: int | str | datetime | F | None) -> None:
    """Give back a mail that is still ours, as if it had not been tried."""
    _held(mail).update(
        **{"claimed_at": None, "dot_at": None, "tries": F("tries") - 1, **what}
    )


def settle(mail: OutgoingMail, outcome: Outcome, words: str = "") -> None:
    """Note how a mail has ended, at the mail and at what it was about.

    That the relay took it is noted whoever holds the lease by now; everything else only
    by the holder. Raises LeaseLost.
    """
    with transaction.atomic():
        mail.outcome, mail.settled_at = outcome, timezone.now()
        mail.reply = words[:500]
        # What the mail is about is locked before the mail, here as everywhere.
        has_news = mail.kind.settled(mail)
        rows = _held(mail)
        if outcome == Outcome.SENT:
            rows = OutgoingMail.objects.filter(pk=mail.pk)
        if not rows.update(
            outcome=outcome,
            settled_at=mail.settled_at,
            claimed_at=None,
            network=None,
            reply=mail.kind.words_to_keep(mail, words)[:500],
        ):
            raise LeaseLost
        # What was asked for after the mail had left is in no mail yet.
        rows = OutgoingMail.objects.filter(pk=mail.pk)
        again_at = rows.values_list("again_at", flat=True).first()
        if has_news or again_at:
            OutgoingMail.objects.queue_again(mail, again_at)


def stop(mail: OutgoingMail, words: str) -> bool:
    """Stop a mail that waits, and tell what it was about; returns whether it could.

    A mail that a worker is sending, or that our relay may have, goes on its way.
    """
    if mail.settled_at or mail.claimed_at:
        return False
    try:
        settle(mail, Outcome.STOPPED, words)
    except LeaseLost:
        return False
    return True


def _held(mail):
    """The mail's row, as long as nobody else has taken the lease over."""
    mine = OutgoingMail.objects.open()
    return mine.filter(pk=mail.pk, claimed_at=mail.claimed_at)
