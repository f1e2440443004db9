from django.db import models
from django.utils.translation import gettext_lazy as _


class Because(models.TextChoices):
    """Why mails that come again and again have ended."""

    ASKED = "asked", _("its owner stopped it")
    BOUNCED = "bounced", _("emails to the address came back")
    COMPLAINED = "complained", _("its owner marked an email as spam")
    REPLACED = "replaced", _("its owner followed again")

    @property
    def for_owner(self):
        """The same, said to the owner of the address."""
        return {
            Because.ASKED: _("you stopped it"),
            Because.COMPLAINED: _("you marked an email as spam"),
            Because.REPLACED: _("you followed again"),
        }.get(self, self.label)

    @property
    def takes_consent_back(self):
        """Whether the consent ends, too; a mailbox that is gone takes none back."""
        return self is not Because.BOUNCED
