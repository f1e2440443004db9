"""Whether an answer came: its writer is asked once, and reminded once.

Replies go to the writer, and nobody else knows of them. Nobody is asked about a letter
that left with the names of others under it: its answer goes to the campaign.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from letters.sending.deliveries import Delivery
from letters.writing.mails import ToWriter
from letters.writing.models import Letter
from outbox.models import OutgoingMail
from outbox.purposes import Nothing, register
from supporters.acts.stopping import stop_url

ASKED, REMINDED = "letter_answer", "letter_answer_reminder"
REMIND_DAYS = 7
# A letter is not asked about later than so many days after the day for it.
_LATE_DAYS = 14
# No letter that could be asked about was written longer ago than this.
_OLDEST_DAYS = 90


def to_ask():
    """Letters whose officials have had the days to answer, and nobody has asked yet."""
    last = timezone.now() - timedelta(days=settings.LETTER_ASK_DAYS)
    mine = Delivery.objects.filter(letter=OuterRef("pk"))
    newest = mine.filter(settled_at__gt=last)
    return _unanswered().filter(
        Exists(mine.filter(settled_at__gt=last - timedelta(days=_LATE_DAYS))),
        ~Exists(newest),
        ~Exists(mine.open()),
        ~Exists(mails(ASKED)),
    )


def to_remind():
    """Letters whose writers were asked a week ago, and have not told us anything."""
    last = timezone.now() - timedelta(days=REMIND_DAYS)
    asked = mails(ASKED).filter(
        queued_at__lte=last, queued_at__gt=last - timedelta(days=_LATE_DAYS)
    )
    return _unanswered().filter(Exists(asked), ~Exists(mails(REMINDED)))


def _unanswered():
    """Letters that an official may have answered, while their writers say nothing."""
    since = timezone.now() - timedelta(days=_OLDEST_DAYS)
    mine = Delivery.objects.filter(letter=OuterRef("pk"), queued_at__gt=since)
    return Letter.objects.confirmed().filter(
        Exists(mine.unanswered()),
        ~Exists(mine.filter(was_answered__isnull=False)),
        confirmed_at__gt=since,
        suggested_letter__campaign__in=Campaign.objects.published(),
        anonymised_at=None,
        follow_of=None,
        is_thanks=False,
    )


def mails(purpose):
    """The mails of this purpose about a letter, for a subquery."""
    return OutgoingMail.objects.about(purpose, OuterRef("pk"))


@register
class AnswerQuestion(ToWriter):
    """Whether an answer came, about the key of a letter."""

    name = ASKED
    title = _("Did they answer your letter?")
    is_unasked = True
    is_stoppable = True
    is_reminder = False

    def write(self, letter, mail):
        if not _unanswered().filter(pk=letter.pk).exists():
            raise Nothing
        asked = letter.confirmation
        return ASKED, {
            **self.context(letter),
            "is_reminder": self.is_reminder,
            "days_to_reminder": REMIND_DAYS,
            "stop_url": stop_url(asked.supporter, ASKED, asked.language),
        }


@register
class AnswerReminder(AnswerQuestion):
    """The same a week later, for the last time. It stops with the question."""

    name = REMINDED
    titles = {ASKED: AnswerQuestion.title}
    is_stoppable = False
    is_reminder = True

    def write(self, letter, mail):
        if letter.confirmation.supporter.has_stopped(ASKED):
            raise Nothing
        return super().write(letter, mail)
