from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pages.form_fields import AddressField
from pages.templatetags.punctuation import colon, stop
from supporters.follow.frequency import Frequency


class MailedCodeForm(forms.Form):
    """The six digits of the mail, however they are typed or pasted."""

    code = forms.CharField(
        label=_("Code"),
        max_length=200,
        error_messages={"required": _("Enter the 6 digits of the code.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )
    own_device = forms.BooleanField(
        label=_(
            "This is my own phone or computer: for 30 days, do not ask me to confirm "
            "by email again"
        ),
        required=False,
    )

    def clean_code(self):
        typed = self.cleaned_data["code"]
        digits = "".join(str(int(c)) for c in typed if c.isdecimal())
        if len(digits) != 6:
            raise forms.ValidationError(
                _("Enter the 6 digits of the code."), code="digits"
            )
        return digits


class AddressForm(forms.Form):
    email = AddressField()


# The words that somebody agrees to by pressing "Follow". Raise the version with each
# change.
FOLLOW_CONSENT_VERSION = "2026-11-27.2"
FOLLOW_NOTICE = _(
    "We email updates only to an address that you have confirmed. Each email has a "
    "link that stops them."
)


class FollowForm(forms.Form):
    """An address, how often, and whether it is for more than this campaign."""

    email = AddressField()
    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=Frequency,
        initial=Frequency.IMMEDIATE,
        error_messages={
            "required": _("Choose how often."),
            "invalid_choice": _("Choose how often."),
        },
    )
    everything = forms.BooleanField(
        label=_("Tell me about all campaigns, not only this one"), required=False
    )
    notice = FOLLOW_NOTICE

    def __init__(self, *args, campaign=None, **kwargs):
        super().__init__(
            *args, auto_id="follow-%s", use_required_attribute=False, **kwargs
        )
        self._campaign = campaign
        if campaign is None:
            del self.fields["everything"]

    @property
    def campaign(self):
        """The campaign to follow; None for all campaigns."""
        return None if self.cleaned_data.get("everything") else self._campaign

    def consents(self):
        """What was agreed to, as (kind, exact words, version)."""
        frequency = Frequency(self.cleaned_data["frequency"]).label
        often = f"{self.fields['frequency'].label}{colon()}{frequency}{stop()}"
        about = _("Email updates about all campaigns.")
        if self.campaign:
            about = _("Email updates about “%s”.") % self.campaign.full_title
        words = f"{about} {often} {self.notice}"
        return [("follow", words, FOLLOW_CONSENT_VERSION)]

    @property
    def is_trapped(self):
        """Whether "website" was filled in, a field that only programs see."""
        return bool(self.data.get("website"))


class FrequencyForm(forms.Form):
    frequency = forms.ChoiceField(label=_("How often"), choices=Frequency)


class LanguageForm(forms.Form):
    """Each language in its own words, as the settings name it."""

    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: settings.LANGUAGES
    )

    @property
    def is_a_choice(self):
        """Whether there is another language to choose."""
        return len(settings.LANGUAGES) > 1
