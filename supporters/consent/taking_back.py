from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class TakingBack:
    """What a kind of consent is for, and what the page says before it is withdrawn.

    Each act declares it for its kinds of consent, in `personal_data`.
    """

    given_for: str
    question: str
    what_follows: str
    button: str
    no: str = _("No, keep it as it is")
