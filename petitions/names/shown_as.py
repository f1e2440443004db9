from django.db import models
from django.utils.translation import gettext_lazy as _

from supporters.people import names


class ShownAs(models.TextChoices):
    """How a signer's name shows on the page; the words are those of the form."""

    NO = "no", _("Not at all")
    FULL = "full", _("In full: “Maria Silva, Portugal”")
    FIRST = "first", _("First name: “Maria, Lisbon, Portugal”")
    INITIALS = "initials", _("Initials: “M. S., Portugal”")

    def propose(self, name, country):
        """The name that would be shown, for its owner to look at; may be empty."""
        match self:
            case ShownAs.FULL:
                return name
            case ShownAs.FIRST:
                return names.first(name, country)
            case ShownAs.INITIALS:
                return names.initials(name)
        return ""
