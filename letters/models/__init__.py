from letters.models.answers import AnswerCopy, OfficialAnswer
from letters.models.delivery import Delivery
from letters.models.letter import (
    Letter,
    LetterClosed,
    LetterQuerySet,
    TooManyLetters,
)
from letters.models.meetings import Meeting
from letters.models.official import (
    AddressCorrection,
    OfficialAct,
    OfficialVisit,
    choose_rhythm,
)
from letters.models.pace import DomainHour, MailDomain, Pace
from letters.models.parcel import Parcel
from letters.models.pauses import PausedDomain
from letters.models.recipients import Recipient, RecipientList
from letters.models.stances import Stance, Stances
from letters.models.suggested import (
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
