from supporters.because import Because
from supporters.models.confirmation import AddressChanged, Confirmation
from supporters.models.consent import Consent
from supporters.models.erasure import Erasure
from supporters.models.erasure_request import ErasureRequest, ErasureRequestQuerySet
from supporters.models.follow import Follow
from supporters.models.mailing import Copy, Mailing
from supporters.models.night import Night
from supporters.models.sent_mail import SentMail
from supporters.models.supporter import MailDomain, Supporter
from supporters.models.visit import Visit

__all__ = [
    "AddressChanged",
    "Because",
    "Confirmation",
    "Consent",
    "Copy",
    "Erasure",
    "ErasureRequest",
    "ErasureRequestQuerySet",
    "Follow",
    "MailDomain",
    "Mailing",
    "Night",
    "SentMail",
    "Supporter",
    "Visit",
]
