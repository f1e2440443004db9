from supporters.models.confirmation import (
    AddressChanged,
    Confirmation,
    MailLimitReached,
)
from supporters.models.consent import Consent
from supporters.models.follow import Because, Follow
from supporters.models.mailing import Copy, Mailing
from supporters.models.supporter import Supporter

__all__ = [
    "AddressChanged",
    "Because",
    "Confirmation",
    "Consent",
    "Copy",
    "Follow",
    "MailLimitReached",
    "Mailing",
    "Supporter",
    "forget_what_nobody_needs",
]


def forget_what_nobody_needs():
    """Delete unconfirmed follows, confirmations without an act, then addresses without
    anything.

    Returns how many confirmations and addresses. Harmless to repeat.
    """
    Follow.objects.outdated().delete()
    confirmations = Confirmation.objects.without_acts().delete()[1]
    supporters = Supporter.objects.without_acts().delete()[0]
    return confirmations.get("supporters.Confirmation", 0), supporters
