"""Whether an answer came: its writer is asked once.

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

ASKED = "letter_answer"
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
        ~Exists(OutgoingMail.objects.about(ASKED, OuterRef("pk"))),
    )


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


@register
class AnswerQuestion(ToWriter):
    """Whether an answer came, about the key of a letter."""

    name = ASKED
    title = _("Did they answer your letter?")
    is_unasked = True
    is_stoppable = True

    def write(self, letter, mail):
        if not _unanswered().filter(pk=letter.pk).exists():
            raise Nothing
        asked = letter.confirmation
        return ASKED, {
            **self.context(letter),
            "stop_url": stop_url(asked.supporter, ASKED, asked.language),
        }
