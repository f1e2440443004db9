"""The life of one mail in words, step by step, for staff who are asked about it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outbox.models import Outcome, OutgoingMail, Suppression
from outbox.purposes import all_purposes


@dataclass(frozen=True)
class MailStep:
    """What happened, in a sentence; when, if that is known; and what a server said."""

    words: str
    at: datetime | None = None
    said: str = ""


def steps_of(mail: OutgoingMail) -> list[MailStep]:
    """What has happened to a mail, and then what it waits for, in order of time."""
    its_turn = _("Leaving now.") if _is_over(mail.turn_at) else ""
    begin = [MailStep(_("Queued."), mail.queued_at), MailStep(its_turn, mail.turn_at)]
    rest = _of_open(mail) if mail.settled_at is None else _of_settled(mail)
    return [step for step in (*begin, *rest) if step.words]


def _of_open(mail):
    if mail.tries and mail.reply:
        yield MailStep(_tried(mail.tries), said=mail.reply)
    if mail.dot_at:
        words = _("Our mail service has the whole email. It has not answered yet.")
        yield MailStep(words, mail.dot_at)
    elif mail.claimed_at:
        yield MailStep(_("We are handing it to our mail service."), mail.claimed_at)
    else:
        yield _waits_for(mail)


def _waits_for(mail):
    """What an open mail waits for that nobody is sending."""
    if _is_suppressed(mail):
        return MailStep(_("We will not send it: this mailbox gets no such email."))
    if not _is_over(mail.due_at):
        is_tried = mail.tries and (mail.turn_at is None or _is_over(mail.turn_at))
        words = (
            _("Waiting for the next try.") if is_tried else _("Waiting for its turn.")
        )
        return MailStep(words, mail.due_at)
    return MailStep(
        _("Due now. It leaves as soon as our mail service takes it."), mail.due_at
    )


def _of_settled(mail):
    came_back = mail.bounced_at is not None
    yield MailStep(_end(mail), mail.settled_at, "" if came_back else mail.reply)
    if mail.accepted_at:
        yield MailStep(_("Accepted by their mail server."), mail.accepted_at)
    if came_back:
        yield MailStep(_("Came back."), mail.bounced_at, mail.reply)
    if mail.complained_at:
        yield MailStep(_("Its owner marked it as spam."), mail.complained_at)


def _end(mail):
    words = {
        Outcome.SENT: _("Handed to our mail service."),
        Outcome.REFUSED: _("Refused."),
        Outcome.GIVEN_UP: _("Not delivered, and we stopped trying."),
        Outcome.STOPPED: _("Stopped before it was sent."),
        Outcome.IN_DOUBT: _("May have arrived: the mail server’s answer was lost."),
    }[mail.outcome]
    return f"{words} {_tried(mail.tries)}" if mail.tries > 1 else words


def _tried(times):
    return ngettext("Tried once.", "Tried %(n)d times.", times) % {"n": times}


def _is_over(moment):
    return moment is not None and moment <= timezone.now()


def _is_suppressed(mail):
    if mail.purpose not in all_purposes():
        return False
    return mail.is_against(Suppression.objects.against([mail.email]))
