from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from pages.countries import CountryField, CountrySelect
from pages.form_fields import AddressField, NameField, ShownLineField
from pages.templatetags.punctuation import comma
from petitions.names.public_name import SHOWN_NAME
from petitions.names.shown_as import ShownAs
from supporters.people import names

# The words that somebody agrees to by pressing the button and by ticking the box. Raise
# the version with every change: an earlier consent keeps its own words.
CONSENT_VERSION = "2026-11-29"
NOTICE = _(
    "We store your name, place and email address to count your signature. We will "
    "ask you to confirm it by email, then thank you once. We never sell your address, "
    "and we do not share it when you sign."
)


# What one agrees to where the address is known already, and nothing is confirmed again.
KNOWN_NOTICE = _(
    "We store your name, place and email address to count your signature. We will "
    "send you one thank-you email. We never sell your address, and we "
    "do not share it when you sign."
)


# The same where the address is filled in, and can be changed.
FILLED_IN_NOTICE = _(
    "We store your name, place and email address to count your signature. You have "
    "already confirmed this email address. So we count your name as soon as you sign. "
    "If you enter another one, we will first ask you to confirm it by email. We will "
    "send you one thank-you email. We never sell your address, and we "
    "do not share it when you sign."
)


class SignatureForm(forms.Form):
    """Name, place, and how the name shows: what a signer can correct later."""

    name = NameField(label=_("Full name"), required_message=_("Enter your full name."))
    city = ShownLineField(
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
        choices=ShownAs,
        required=False,
        error_messages={"invalid_choice": _("Choose how your name is shown.")},
    )
    shown_name = NameField(
        label=_("Name to show"),
        required=False,
        required_message=_("Enter the name to show."),
        # A browser that fills in the full name here would make it show.
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # Whether the name to show has come back to be looked at, or to be entered.
    looks_at = False
    _has_proposed = False
    titles = " ".join(sorted(names.TITLES))
    suffixes = " ".join(sorted(names.SUFFIXES))
    family_name_first = " ".join(sorted(names.FAMILY_NAME_FIRST))

    def __init__(self, *args, likely_country="", **kwargs):
        super().__init__(
            *args, auto_id="sign-%s", use_required_attribute=False, **kwargs
        )
        self.show_first(likely_country)

    def show_first(self, country):
        """Let the list of countries begin with this one, by its code; "" for none."""
        self.fields["country"].widget.likely = country

    def clean_shown_as(self):
        return ShownAs(self.cleaned_data["shown_as"] or ShownAs.NO)

    def clean(self):
        """Let nobody's name be shown in a way that they have not seen.

        A full name was typed as it is shown. What another choice makes of a name comes
        back in the form, to be looked at once.
        """
        typed = self.cleaned_data
        choice = typed.get("shown_as", ShownAs.NO)
        if choice == ShownAs.NO:
            typed["shown_name"] = ""
            self.errors.pop("shown_name", None)  # nobody sees the field then
        elif not self.errors.keys() & {"name", "country", "shown_name"}:
            proposed = choice.propose(typed["name"], typed["country"])
            shown = typed["shown_name"]
            if choice == ShownAs.FULL and not shown:
                typed["shown_name"] = proposed
            elif not shown or (shown != proposed and self._was_made_of_another(shown)):
                self._let_look_at(proposed)
        return typed

    def _was_made_of_another(self, shown):
        """Whether another choice or name made it, and nobody has seen it yet."""
        if self.data.get("looked_at"):
            return False
        before = ShownAs(self.initial.get("shown_as", ShownAs.NO))
        name, country = self.cleaned_data["name"], self.cleaned_data["country"]
        made = [choice.propose(name, country) for choice in ShownAs]
        made += [before.propose(self.initial.get("name", ""), country)]
        return shown in made

    def _let_look_at(self, proposed):
        if proposed:
            self._has_proposed = True
            self.data = {**self.data.dict(), "shown_name": proposed}
            self.cleaned_data["shown_name"] = proposed
            look = _(
                "The page will show “%(line)s”. If that is right, send the form again."
            ) % {"line": self.shown_line}
        else:
            look = _("Enter the name to show. We cannot tell which is your first name.")
        self.looks_at = True
        self.add_error("shown_name", look)

    @property
    def only_asks(self):
        """Whether nothing is wrong and the name to show must only be looked at."""
        return self._has_proposed and self.errors.keys() == {"shown_name"}

    @property
    def shown_line(self):
        """All that will be shown of name and place, as in PublicName.line."""
        typed = self.cleaned_data
        if typed["shown_as"] == ShownAs.NO:
            return ""
        city = typed.get("city") if typed["shown_as"] == ShownAs.FIRST else ""
        country = countries.name(typed["country"])
        return comma().join(filter(None, [typed["shown_name"], city, country]))

    def shown_name_consents(self):
        """What was agreed to about the name, as (kind, exact words, version)."""
        if not self.shown_line:
            return []
        words = f"{self.fields['shown_as'].label}: “{self.shown_line}”"
        return [(SHOWN_NAME, words, CONSENT_VERSION)]


class SignForm(SignatureForm):
    """What a signature needs, and not a field more."""

    email = AddressField()
    hears_outcome = forms.BooleanField(
        label=_("Send me one email with the result of the petition"),
        required=False,
    )
    notice = NOTICE
    field_order = [
        *("name", "email", "city", "country", "shown_as", "shown_name"),
        "hears_outcome",
    ]

    def consents(self, petition):
        """What was agreed to, as Consent.objects.record() takes it."""
        words = f"{petition.told_ask} {self.notice}"
        given = [("signature", words, CONSENT_VERSION), *self.shown_name_consents()]
        ask_language = petition.campaign.language_of("ask")
        if ask_language != get_language():
            given[0] += (ask_language,)
        if self.cleaned_data["hears_outcome"]:
            words = str(self.fields["hears_outcome"].label)
            given.append(("follow", words, CONSENT_VERSION))
        return given

    @property
    def is_trapped(self):
        """Whether "website" was filled in, a field that only programs see."""
        return bool(self.data.get("website"))


class KnownForm(SignForm):
    """The same by one button, in a browser that has confirmed the address."""

    notice = KNOWN_NOTICE


class FilledInForm(SignForm):
    """The same in such a browser, for somebody who has not signed yet.

    The mark comes back with it, so that its own words are what was agreed to.
    """

    mark = "filled_in"
    notice = FILLED_IN_NOTICE


class NextForm(SignForm):
    """The same for somebody who came by a mail, which has proved the address."""

    email = None
    notice = KNOWN_NOTICE

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, initial=known and known.as_typed, **kwargs)
