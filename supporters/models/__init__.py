from supporters.models.confirmation import (
    AddressChanged,
    Confirmation,
    MailLimitReached,
)
from supporters.models.consent import Consent
from supporters.models.supporter import Supporter

__all__ = [
    "AddressChanged",
    "Confirmation",
    "Consent",
    "MailLimitReached",
    "Supporter",
    "forget_what_nobody_needs",
]


def forget_what_nobody_needs():
    """Delete confirmations without an act, then addresses without anything.

    Returns how many of each. Harmless to repeat.
    """
    confirmations = Confirmation.objects.without_acts().delete()[1]
    supporters = Supporter.objects.without_acts().delete()[0]
    return confirmations.get("supporters.Confirmation", 0), supporters
