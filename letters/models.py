from letters.officials.answers import AnswerCopy, OfficialAnswer
from letters.officials.corrections import AddressCorrection
from letters.officials.visits import OfficialVisit
from letters.recipients.lists import RecipientList
from letters.recipients.models import Recipient
from letters.recipients.stances import Stance
from letters.sending.deliveries import Delivery
from letters.suggested.meetings import Meeting
from letters.suggested.models import SuggestedLetter
from letters.suggested.texts import LetterText
from letters.writing.models import Letter
from letters.writing.reported import ReportedLetter

__all__ = [
    "AddressCorrection",
    "AnswerCopy",
    "Delivery",
    "Letter",
    "LetterText",
    "Meeting",
    "OfficialAnswer",
    "OfficialVisit",
    "Recipient",
    "RecipientList",
    "ReportedLetter",
    "Stance",
    "SuggestedLetter",
]
