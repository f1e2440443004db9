"""The state of a delivery in a word or two, for the list of staff and its filter."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.recipients.models import Recipient
from outbox.models import Outcome

WORDS = {
    "paused": _("paused"),
    "together": _("waiting to go together with others"),
    "unwanted": _("their office wants no letters for now"),
    "turn": _("waiting for its turn"),
    "queued": _("queued"),
    "trying": _("trying again"),
    "handed": _("handed to our mail service"),
    "accepted": _("accepted by their server"),
    "maybe": _("may have arrived"),
    "refused": _("refused"),
    "bounced": _("came back later"),
    "gave-up": _("not delivered"),
    "stopped": _("stopped, not sent"),
    "answered": _("answered"),
}


def word_of(delivery):
    """What its page says in a sentence (letters/sending/state.py), for a column."""
    recipient, ended = delivery.recipient, delivery.outcome
    wants_none = recipient.rhythm == Recipient.Rhythm.PAUSED or recipient.complained_at
    turn_comes = delivery.turn_at and delivery.turn_at > timezone.now()
    states = (
        (delivery.was_answered, "answered"),
        (delivery.bounced_at, "bounced"),
        (ended == Outcome.REFUSED, "refused"),
        (ended == Outcome.GIVEN_UP, "gave-up"),
        (ended == Outcome.STOPPED, "stopped"),
        (delivery.accepted_at, "accepted"),
        (ended == Outcome.SENT, "handed"),
        (ended == Outcome.IN_DOUBT, "maybe"),
        (delivery.letter.suggested_letter.paused_at, "paused"),
        (wants_none, "unwanted"),
        (delivery.reply, "trying"),
        (turn_comes, "turn"),
        (delivery.waits_for_others, "together"),
    )
    return WORDS[next((word for is_so, word in states if is_so), "queued")]
