from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from campaigns.sharing import CHANNELS, with_referral
from pages.addresses import absolute

# Letters and digits, without those that look alike on paper.
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# These are shorter than a supporter's own code, so that no code is both.
LONGEST_CODE = 8


def make_code():
    return get_random_string(5, CODE_LETTERS)


class ReferralLink(models.Model):
    """A link that campaigners share, to see how many people sign who came by it."""

    petition = models.ForeignKey(
        "petitions.Petition",
        on_delete=models.CASCADE,
        related_name="referral_links",
        verbose_name=_("petition"),
    )
    name = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("Where you share it, like “March newsletter” or “Market stall”."),
    )
    code = models.CharField(
        _("short word"),
        max_length=LONGEST_CODE,
        default=make_code,
        validators=[
            RegexValidator(
                r"\A[a-z0-9]{2,}\Z",
                _("Use 2 to 8 small letters (a to z) and digits, nothing else."),
            )
        ],
        help_text=_(
            "The link ends in it. Do not change it after you have shared the link."
        ),
    )
    made_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        constraints = [
            models.UniqueConstraint(
                "petition",
                "code",
                name="one_referral_link_a_code",
                violation_error_message=_("This petition has a link with this word."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def link(self):
        campaign = self.petition.campaign
        return with_referral(absolute(campaign.get_absolute_url()), self.code)

    def clean(self):
        if self.code in CHANNELS:
            taken = _("The share buttons use this word. Choose another.")
            raise ValidationError({"code": taken})
