"""An official's answer to everybody that comes by email, to an address of its own."""

from dataclasses import dataclass, field

from django.conf import settings

from letters.officials.answers import OfficialAnswer
from letters.recipients.models import Recipient
from letters.suggested.models import SuggestedLetter
from outbox.keyed_addresses import KeyedAddress

ANSWERS = KeyedAddress("answers")


@dataclass(frozen=True)
class CameByMail:
    """From whom an answer came by its own word, and what our server found of that."""

    sent_from: str
    sender_is_proven: bool | None = None
    attachments: list[str] = field(default_factory=list)
    original: str = ""


def record_address(suggested, recipient):
    """Where this official may email an answer to all writers; "" if we take no mail.

    It names a letter and an official, and nobody who wrote.
    """
    if not settings.INCOMING_MAIL_URL:
        return ""
    return ANSWERS.of(f"{suggested.pk}r{recipient.pk}")


def take_answer(message):
    """Whether the message is an answer of an official, which then waits for staff.

    What is too long, has no words, comes after an answer was published, or is one of
    too many is none: the group gets it as it gets all other mail.
    """
    text = message.own_text
    if not text or len(text) > OfficialAnswer.MOST_TEXT:
        return False
    how = CameByMail(
        message.sender or message.from_words,
        message.is_proven,
        message.attachments,
        original=message.text if message.text != text else "",
    )
    named = [name.partition("r") for name in message.named_by(ANSWERS)]
    taken = [_take(text, letter, official, how) for letter, _r, official in named]
    return any(taken)


def _take(text, letter, official, how):
    suggested = SuggestedLetter.objects.filter(pk=letter).first()
    recipient = Recipient.objects.in_office().filter(pk=official).first()
    if suggested is None or recipient is None:
        return False
    written = OfficialAnswer.objects.write(suggested, recipient, text, by_mail=how)
    return written is not None
