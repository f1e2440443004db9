"""What we know of a delivery, and nothing more, for staff and for its writer."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from campaigns.local_time import in_words
from letters.recipients.models import Recipient
from letters.sending.server_words import meaning_of
from letters.sending.status import Status
from outbox.models import Outcome
from pages.templatetags.punctuation import colon

OUTCOMES = {
    Status.BOUNCED: gettext_lazy("came back later"),
    Status.REFUSED: pgettext_lazy("letter", "refused"),
    Status.GIVEN_UP: gettext_lazy("not delivered, and we stopped trying"),
    Status.ACCEPTED: gettext_lazy("accepted by their server"),
    Status.HANDED: gettext_lazy("handed to our mail service"),
    Status.MAYBE: gettext_lazy(
        "may have arrived: the connection broke before their server "
        "answered, so we do not send it again automatically"
    ),
}
_FAILED = gettext_lazy(
    "Refused, came back or not delivered: you can still send your "
    "letter to them yourself, from your own email."
)
MEANINGS = {
    Status.BOUNCED: _FAILED,
    Status.REFUSED: _FAILED,
    Status.GIVEN_UP: _FAILED,
    Status.ACCEPTED: gettext_lazy("Accepted by their server: the server told us so."),
    Status.HANDED: gettext_lazy(
        "Handed to our mail service: it delivers our emails. The "
        "official’s mailbox can still refuse the letter, and we may not "
        "hear about that."
    ),
    Status.MAYBE: gettext_lazy(
        "May have arrived: the connection broke at the last moment. We do "
        "not send it again automatically."
    ),
}


class DeliveryState:
    """The state of a delivery. As a string, it is for staff and quotes the servers."""

    def __init__(self, delivery):
        self.delivery = delivery

    def __str__(self):
        return self._told(
            str, _("%(when)s (last answer: %(words)s)"), pgettext("letter", "queued")
        )

    @property
    def for_writer(self):
        """The same for its writer, with the meaning of the servers' words."""
        return self._told(meaning_of, "%(when)s: %(words)s", self._not_sent_yet)

    @property
    def mark(self):
        """good, bad or waiting, for the mark beside the words."""
        delivery = self.delivery
        if delivery.stopped_for == "repeat":
            return "waiting"
        if delivery.stopped_for == "overtaken":
            return "waiting" if delivery.letter.is_thanks else "good"
        if delivery.was_answered:
            return "good"
        match delivery.status:
            case Status.ACCEPTED | Status.HANDED:
                return "good"
            case Status.MAYBE | Status.WAITING:
                return "waiting"
        return "bad"

    @property
    def meaning(self):
        """What its writer may not know about the words of the state; or ""."""
        delivery = self.delivery
        if delivery.was_answered and delivery.status != Status.WAITING:
            return ""
        if delivery.status == Status.WAITING and not self._is_kept:
            return self._meaning_of_waiting
        if delivery.stopped_for == "repeat":
            return _(
                "Not sent again: you sent them the same words in the last 30 days. "
                "If that letter does not arrive, you can send it again."
            )
        return MEANINGS.get(delivery.status, "")

    @property
    def _meaning_of_waiting(self):
        if self.delivery.reply:
            return _(
                "Trying again: their server said “not now”. We try for 7 days, and "
                "then give the text back to you."
            )
        if self.delivery.waits_for_others and not self._turn_comes:
            return _(
                "Together with others: one email has letters from several people. "
                "An unchanged letter is in it once, with everybody’s name and "
                "city. Some offices want all their letters that way."
            )
        return ""

    def _told(self, say, again, queued):
        """The state in words.

        `say` turns a server's words into what is told of them. `again` puts them beside
        the time of the next try. `queued` is said of what waits for nothing special.
        """
        delivery = self.delivery
        if not delivery.was_answered:
            return self._outcome(say) or self._waits_for(say, again, queued)
        if delivery.left_at or not delivery.answered_to_all:
            return self._answered
        # The answer came to everybody who wrote, also where the letter has not left.
        letter = self._outcome(say) or self._waits_for(say, again, queued)
        said = pgettext("a letter and its answer", "%(letter)s. %(answer)s.")
        return said % {"letter": letter, "answer": capfirst(self._answered)}

    def _outcome(self, say):
        """What came of its mail; empty while it waits."""
        status = self.delivery.status
        if status == Status.STOPPED:
            return self._stopped
        if status == Status.GIVEN_UP and self._was_unwanted:
            return self._unwanted_for_long
        tells_more = status not in (Status.ACCEPTED, Status.MAYBE)
        reply = say(self.delivery.reply) if tells_more else ""
        return _with(reply, str(OUTCOMES[status])) if status in OUTCOMES else ""

    def _waits_for(self, say, again, queued):
        """Why it has not left yet."""
        delivery = self.delivery
        recipient, reply = delivery.recipient, say(delivery.reply)
        if delivery.letter.suggested_letter.paused_at:
            return _("not sent yet: the campaign has paused its letters")
        if recipient.complained_at:
            return _(
                "not sent yet: we are asking this office how it wants to get letters"
            )
        if recipient.rhythm == Recipient.Rhythm.PAUSED:
            return self._unwanted
        if reply:
            return again % {"when": self._trying_again, "words": reply}
        if self._turn_comes:
            return self._its_turn
        return self._with_others if delivery.waits_for_others else queued

    @property
    def _answered(self):
        if self.delivery.answered_on is None:
            return _("answered, as you told us")
        day = date_format(self.delivery.answered_on, "DATE_FORMAT")
        if self.delivery.answered_to_all:
            return _("answered on %s, with one answer to everybody who wrote") % day
        return _("answered on %s, as you told us") % day

    @property
    def _stopped(self):
        delivery = self.delivery
        if not delivery.stopped_for:
            return _("not sent: the campaign stopped it, so this office did not get it")
        if delivery.stopped_for != "overtaken":
            return delivery.get_stopped_for_display()
        if delivery.follows_id:
            return _("not sent: they have answered, as far as we know now")
        if delivery.letter.is_thanks:
            return _("not sent: as far as we know now, they do not support it")
        return _("not sent: they already support it, so nobody asks them again")

    @property
    def _was_unwanted(self):
        """Whether it was given up without a mail, as far as notes of mails are kept."""
        delivery = self.delivery
        if delivery.outcome != Outcome.GIVEN_UP or delivery.mail_id:
            return False
        kept = timedelta(days=settings.KEEP_MAIL_NOTES_DAYS)
        return delivery.settled_at > timezone.now() - kept

    @property
    def _unwanted(self):
        days = settings.LETTER_GIVE_UP_DAYS
        return ngettext(
            "not sent yet: this office wants no letters for now, so the text goes back "
            "to its writer after %(number)d day",
            "not sent yet: this office wants no letters for now, so the text goes back "
            "to its writer after %(number)d days",
            days,
        ) % {"number": days}

    @property
    def _unwanted_for_long(self):
        days = settings.LETTER_GIVE_UP_DAYS
        return ngettext(
            "not sent: this office wanted no letters for %(number)d day",
            "not sent: this office wanted no letters for %(number)d days",
            days,
        ) % {"number": days}

    @property
    def _with_others(self):
        """The same before and after the worker has put it into their next mail."""
        leaves_at = self._with_others_at
        if leaves_at <= timezone.now():
            return _("not sent yet: it goes together with others soon")
        there = leaves_at.astimezone(self.delivery.recipient.list.zone)
        return _(
            "not sent yet: it leaves together with others, probably on %s"
        ) % date_format(there, "DATE_FORMAT")

    @property
    def _with_others_at(self):
        delivery = self.delivery
        if delivery.mail is None:
            return delivery.recipient.next_mail_at()
        return delivery.next_try_at

    @property
    def _turn_comes(self):
        turn_at = self.delivery.turn_at
        return turn_at and turn_at > timezone.now()

    @property
    def _is_kept(self):
        """Whether it leaves only once somebody has decided so."""
        delivery = self.delivery
        return (
            delivery.letter.suggested_letter.paused_at
            or not delivery.recipient.takes_letters
        )

    @property
    def _its_turn(self):
        now, hours = timezone.now(), self.delivery.recipient.list.office_hours
        if self.delivery.keeps_office_hours and hours.next_open(now) > now:
            return _(
                "not sent yet: it leaves in office hours, probably on %s"
            ) % self._moment(self.delivery.turn_at)
        return _(
            "waiting for its turn, probably on %s: we limit how many letters an "
            "hour this office gets"
        ) % self._moment(self.delivery.turn_at)

    @property
    def _not_sent_yet(self):
        due_at = self.delivery.next_try_at
        if due_at <= timezone.now():
            return _("not sent yet: it usually leaves within a few minutes")
        return _("not sent yet: it leaves on %s") % self._moment(due_at)

    @property
    def _trying_again(self):
        if self.delivery.next_try_at <= timezone.now():
            return _("trying again soon")
        return _("trying again on %s") % self._moment(self.delivery.next_try_at)

    def _moment(self, when):
        return when and in_words(when, self.delivery.letter.campaign.zone)


def same_wait(deliveries):
    """What all of these wait for, for their writer, if it is the same; or ""."""
    waiting = all(d.settled_at is None and d.was_answered is None for d in deliveries)
    found = {delivery.state.for_writer for delivery in deliveries} if waiting else set()
    return found.pop() if len(found) == 1 else ""


def _with(reply, words):
    """Words, followed by what a server has said, if that is known."""
    return f"{words}{colon()}{reply}" if reply else words
