"""The form by which a campaigner asks a volunteer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.languages_desk import name_of
from pages.form_fields import AddressField, LineField
from volunteers.requests import LONGEST_DAYS, TranslationRequest


class AskForm(forms.Form):
    """A campaigner asks a volunteer, by email or with a link to pass on."""

    use_required_attribute = False
    language = forms.ChoiceField(label=_("Language"))
    role = forms.ChoiceField(
        label=_("What should they do?"),
        choices=[
            ("translates", _("Translate")),
            ("reads", _("Read what others translated, and correct it")),
            ("publishes", _("Read, correct and publish it")),
        ],
        initial="translates",
        widget=forms.RadioSelect,
    )
    with_drafts = forms.BooleanField(
        label=_("Also updates that are not published yet"),
        required=False,
        help_text=_("Anybody who has the link can read them before your readers do."),
    )
    name = LineField(
        label=_("Name"),
        max_length=120,
        required=False,
        required_message="",
        too_long_message=_("Shorten the name to 120 characters."),
        help_text=_("So that you know whose link it is."),
    )
    email = AddressField(
        label=_("Email address"),
        required=False,
        help_text=_("The link goes there. Without an address, copy it afterwards."),
    )
    days = forms.IntegerField(
        label=_("Days until the link ends"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=30,
        error_messages={
            "required": _("Enter a number of days."),
            "invalid": _("Enter a number of days."),
        },
    )

    def __init__(self, *args, languages, **kwargs):
        super().__init__(*args, auto_id="ask-%s", **kwargs)
        self.fields["language"].choices = [(code, name_of(code)) for code in languages]

    def clean(self):
        typed = super().clean()
        role = typed.get("role")
        typed["may_publish"] = role == "publishes"
        if role == "publishes":
            typed["role"] = TranslationRequest.Role.READS
        return typed
