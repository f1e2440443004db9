from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class TakingBack:
    """What the page says before a consent is withdrawn: all that follows from it.

    Each act declares it for its kinds of consent, in `personal_data`.
    """

    question: str
    what_follows: str
    button: str
    no: str = _("No, keep it as it is")
