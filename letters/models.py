from letters.officials.answers import AnswerCopy, OfficialAnswer
from letters.officials.models import (
    AddressCorrection,
    OfficialAct,
    OfficialVisit,
    choose_rhythm,
)
from letters.recipients.models import Recipient, RecipientList
from letters.recipients.stances import Stance, Stances
from letters.sending.deliveries import Delivery
from letters.sending.pace import DomainHour, MailDomain, Pace
from letters.sending.parcels import Parcel
from letters.sending.pauses import PausedDomain
from letters.writing.meetings import Meeting
from letters.writing.models import Letter, LetterClosed, LetterQuerySet, TooManyLetters
from letters.writing.suggested import (
    FilledLetter,
    ReportedLetter,
    SuggestedLetter,
    Variant,
)

__all__ = [
    "AddressCorrection",
    "AnswerCopy",
    "Delivery",
    "DomainHour",
    "FilledLetter",
    "Letter",
    "LetterClosed",
    "LetterQuerySet",
    "MailDomain",
    "Meeting",
    "OfficialAct",
    "OfficialAnswer",
    "OfficialVisit",
    "Pace",
    "Parcel",
    "PausedDomain",
    "Recipient",
    "RecipientList",
    "ReportedLetter",
    "Stance",
    "Stances",
    "SuggestedLetter",
    "TooManyLetters",
    "Variant",
    "choose_rhythm",
]
