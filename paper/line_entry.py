"""Lines of sheets as they are typed in: one by one in a form, or many from CSV."""

from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from pages.countries import codes
from pages.form_fields import LineField, normal_address
from paper.lines import PaperLine
from petitions.signing.forms import CountrySelect
from reporting import sheets

COLUMNS = ("name", "city", "postcode", "country", "email")
# By which other names sheets and other websites know these columns.
KNOWN = sheets.Columns(
    COLUMNS,
    model=PaperLine,
    needed=("name",),
    joined=("name",),
    known_as={
        "name": (*sheets.NAMES_OF_A_PERSON, "signer", "supporter"),
        "city": ("town", "place", "locality"),
        "postcode": ("post code", "postal code", "zip", "zip code", "zip postal code"),
        "country": ("country code", "country name"),
        "email": sheets.NAMES_OF_AN_ADDRESS,
    },
)
MOST_ROWS = 10_000


class LineNameField(LineField):
    def clean(self, value):
        name = super().clean(value)
        if not any(c.isalpha() for c in name):
            raise ValidationError(self.error_messages["required"], code="letters")
        return name


class LineCountryField(forms.CharField):
    """A code or an English name; empty for the country of the batch."""

    widget = CountrySelect

    def clean(self, value):
        value = super().clean(value)
        if not value or value.upper() in codes():
            return value.upper()
        if code := _by_name(value):
            return code
        raise ValidationError(_("There is no such country."), code="country")


@lru_cache
def _by_name(name):
    return countries.by_name(name)


class LineAddressField(LineField):
    """An address as it stands on the sheet.

    It is compared, but nobody is mailed there.
    """

    def clean(self, value):
        value = super().clean(value)
        try:
            return value and normal_address(value)
        except ValueError as error:
            raise ValidationError(str(error), code="address") from None


def _optional(kind, label, max_length, **attributes):
    return kind(
        label=label,
        max_length=max_length,
        required=False,
        required_message="",
        widget=forms.TextInput(attrs={"autocomplete": "off", **attributes}),
    )


class LineForm(forms.Form):
    name = LineNameField(
        label=_("Name"),
        max_length=120,
        required_message=_("Enter the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    city = _optional(LineField, _("City"), 100)
    postcode = _optional(LineField, _("Postcode"), 16)
    country = LineCountryField(label=_("Country"), required=False)
    email = _optional(LineAddressField, _("Email address"), 254, spellcheck="false")

    def __init__(self, *args, batch, **kwargs):
        last = batch.lines.last()
        initial = {
            "city": last.city if last else "",
            "country": last.country.code if last else batch.country.code,
        }
        super().__init__(
            *args,
            auto_id="line-%s",
            use_required_attribute=False,
            initial=initial,
            **kwargs,
        )


def look_at(sheet):
    """Say what is wrong with each row of a sheet; returns the values of the good ones.

    They are ready for PaperLine.objects.add().
    """
    for row in sheet.rows:
        row.values = {name: row.values.get(name, "") for name in COLUMNS}
        # Each field is checked alone: a form for each of 10,000 rows would take ten
        # times as long.
        for name, field in LineForm.base_fields.items():
            try:
                row.values[name] = field.clean(row.values[name])
            except ValidationError as error:
                row.refuse(name, *error.messages)
    return [row.values for row in sheet.good]
