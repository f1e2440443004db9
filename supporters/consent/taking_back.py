from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class TakingBack:
    """What a kind of consent is for, and what the page says before it is withdrawn.

    Each act declares it for its kinds of consent, in `personal_data`. `done` is what my
    page says afterwards, by its name in supporters/_done.html.
    """

    given_for: str
    question: str
    what_follows: str
    button: str
    done: str = field(kw_only=True)
    no: str = _("No, keep it as it is")
