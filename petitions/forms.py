from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaign_site.typed import AddressField, LineField, NameField
from petitions.countries import codes, country_options

# The words somebody agrees to by pressing the button, and by ticking the box. Raise
# the version with every change: what was agreed to before keeps its own words.
CONSENT_VERSION = "2026-11-25"
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


class SignForm(forms.Form):
    """What a signature needs, and not a field more."""

    name = NameField(label=_("Full name"), required_message=_("Enter your full name."))
    email = AddressField()
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
    shows_name = forms.BooleanField(
        label=_("Show my name on this page, like “Maria S., Portugal”"),
        required=False,
    )
    notice = NOTICE

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, auto_id="sign-%s", use_required_attribute=False, **kwargs
        )

    def consents(self, petition):
        """What was agreed to, as (kind, exact words, version)."""
        given = [("signature", f"{petition.ask} {self.notice}", CONSENT_VERSION)]
        if self.cleaned_data["shows_name"]:
            label = str(self.fields["shows_name"].label)
            given.append(("shown name", label, CONSENT_VERSION))
        return given

    @property
    def is_trapped(self):
        """Whether "website" was filled in, which people do not see and programs do."""
        return bool(self.data.get("website"))
