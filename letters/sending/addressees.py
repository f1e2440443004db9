"""The officials to whom a letter goes."""

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext

from database.prepared import rows_together
from letters.recipients.stances import RECIPIENTS, STANCES, Stance, Stances
from letters.sending import once
from letters.sending.deliveries import Delivery
from outbox.models import Outcome

# Of more than these, the number is said instead of the names.
MOST_NAMES = 20


def named(labels):
    """Officials by their labels, which have commas of their own; of many the number."""
    if len(labels) > MOST_NAMES:
        return gettext("%d officials") % len(labels)
    return "; ".join(labels)


class Addressees:
    """Those to whom one letter goes. As a string: who they are, in a few words."""

    def __init__(self, letter):
        self.letter = letter
        self.suggested = letter.suggested_letter

    def __str__(self):
        return self._in_words

    def make_deliveries(self):
        """One delivery to each for whom the letter is. Nobody who agrees is asked.

        An official who has agreed since the letter was written, or has these words by
        another letter of its writer, gets a delivery that is stopped from the start. It
        shows the writer why the letter did not go there.
        """
        recipients, entries = rows_together(
            (RECIPIENTS, {"list": self.suggested.recipient_list_id}),
            (STANCES, {"letter": self.suggested.pk}),
        )
        reachable = [r for r in recipients if not r.left_office_on and r.is_reachable]
        stances = Stances(entries)
        if self.letter.is_thanks:
            meant, overtaken = stances.to_thank(reachable), []
        else:
            meant = stances.to_write_to(reachable)
            written_at = self.letter.written_at
            overtaken = [r for r in reachable if stances.agreed_since(r, written_at)]
        asked, late = ({r.pk for r in found} for found in (meant, overtaken))
        now = timezone.now()
        stopped = {
            "was_overtaken": True,
            "outcome": Outcome.STOPPED,
            "settled_at": now,
        }
        deliveries = [
            Delivery(
                letter=self.letter,
                recipient=recipient,
                label=recipient.label,
                greeting=recipient.greeting,
                **(stopped if recipient.pk in late else {}),
            )
            for recipient in reachable
            if recipient.pk in asked | late
        ]
        if going := [d for d in deliveries if not d.was_overtaken]:
            once.stop_repeats(self.letter, going)
        return Delivery.objects.bulk_create(deliveries)

    @cached_property
    def _in_words(self):
        letter = self.letter
        if not (letter.is_thanks or letter.follow_of_id):
            return self._list.addressed_as
        names = list(letter.deliveries.order_by("pk").values_list("label", flat=True))
        if not names:
            agreeing = Stance.objects.of(self.suggested).to_thank(
                self._list.recipients.reachable()
            )
            names = [recipient.label for recipient in agreeing]
        if letter.follow_of_id or len(names) > MOST_NAMES:
            return named(names)
        return get_text_list(names, gettext("and"))

    @property
    def _list(self):
        return self.suggested.recipient_list
