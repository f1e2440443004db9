from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaign_site.typed import AddressField, LineField, NameField
from petitions.countries import codes, country_options
from petitions.models import SHOWN_NAME, ShownAs

# The words somebody agrees to by pressing the button, and by ticking the box. Raise
# the version with every change: what was agreed to before keeps its own words.
CONSENT_VERSION = "2026-11-25.3"
NOTICE = _(
    "We store your name, place and email address to count your signature, and email "
    "you to confirm it. We never sell or share your email address."
)


class CountrySelect(forms.Widget):
    """A <select> whose 250 options are rendered once, not once a form."""

    def render(self, name, value, attrs=None, renderer=None):
        attributes = forms.utils.flatatt({**self.attrs, **(attrs or {}), "name": name})
        return format_html(
            '<select{}><option value="">{}</option>{}</select>',
            attributes,
            _("Choose"),
            country_options(value if value in codes() else ""),
        )


class CountryField(forms.CharField):
    widget = CountrySelect

    def clean(self, value):
        value = super().clean(value)
        if value not in codes():
            raise forms.ValidationError(_("Choose your country."), code="country")
        return value


class SignatureForm(forms.Form):
    """Name, place, and how the name shows: what a signer can put right later."""

    name = NameField(label=_("Full name"), required_message=_("Enter your full name."))
    city = LineField(
        label=_("City"),
        max_length=100,
        required=False,
        required_message="",
        too_long_message=_("Shorten the city to 100 characters."),
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    country = CountryField(
        label=_("Country"),
        error_messages={"required": _("Choose your country.")},
        widget=CountrySelect(attrs={"autocomplete": "country"}),
    )
    shown_as = forms.ChoiceField(
        label=_("Show my name on the petition’s page"),
        choices=[choice for choice in ShownAs.choices if choice[0] != ShownAs.SHORT],
        required=False,
        error_messages={"invalid_choice": _("Choose how your name is shown.")},
    )

    def __init__(self, *args, signature=None, **kwargs):
        super().__init__(
            *args, auto_id="sign-%s", use_required_attribute=False, **kwargs
        )
        if signature is not None and signature.shown_as == ShownAs.SHORT:
            self.fields["shown_as"].choices = ShownAs.choices

    def clean_shown_as(self):
        return self.cleaned_data["shown_as"] or ShownAs.NO

    def shown_name_consents(self):
        """What was agreed to about the name, as (kind, exact words, version)."""
        field, choice = self.fields["shown_as"], self.cleaned_data["shown_as"]
        if choice == ShownAs.NO:
            return []
        words = f"{field.label}: {dict(field.choices)[choice]}"
        return [(SHOWN_NAME, words, CONSENT_VERSION)]


class SignForm(SignatureForm):
    """What a signature needs, and not a field more."""

    email = AddressField()
    hears_outcome = forms.BooleanField(
        label=_("Email me once, when this has ended: what came of it"), required=False
    )
    notice = NOTICE
    field_order = ["name", "email", "city", "country", "shown_as", "hears_outcome"]

    def consents(self, petition):
        """What was agreed to, as (kind, exact words, version)."""
        words = f"{petition.ask} {self.notice}"
        given = [("signature", words, CONSENT_VERSION), *self.shown_name_consents()]
        if self.cleaned_data["hears_outcome"]:
            words = str(self.fields["hears_outcome"].label)
            given.append(("follow", words, CONSENT_VERSION))
        return given

    @property
    def is_trapped(self):
        """Whether "website" was filled in, which people do not see and programs do."""
        return bool(self.data.get("website"))


class NextForm(SignForm):
    """The same for who came by a mail, which has proved the address."""

    email = None
    notice = _(
        "We store your name, place and email address to count your signature. We never "
        "sell or share your email address."
    )

    def __init__(self, *args, known, **kwargs):
        initial = known and {
            "name": known.name,
            "city": known.city,
            "country": known.country.code,
            "shown_as": known.shown_as,
        }
        super().__init__(*args, initial=initial, signature=known, **kwargs)
