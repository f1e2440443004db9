"""Form fields that check what people type in the same way in every public form.

Characters that nobody types on purpose are refused with a sentence. NUL cannot be
stored. U+FFFD says that something was already lost. Control characters and the
bidirectional overrides (Unicode 6.2, UAX #9: the "Trojan source" family) make a text
read differently from what it says.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from pages.address_slips import probably_meant
from safeguards.public_text import refusal

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict
    from django_stubs_ext import StrOrPromise

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
# Most addresses: nothing but their domain has to be looked at.
_PLAIN_ADDRESS = re.compile(
    r"(?=.{,254}$)(?=.{,64}@)[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@[a-z0-9.-]+",
    re.ASCII | re.IGNORECASE,
)
# Letters and signs that are drawn as a blank: fillers of Hangul, and of Braille.
_DRAWN_EMPTY = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
_LINE_BREAKS = re.compile("[\r\n\x85\u2028\u2029]")


def refuse_hidden_characters(text: str) -> None:
    """Raise ValidationError when a text holds what no reader would see."""
    if "\ufffd" in text:
        raise ValidationError(
            _("Some characters were lost (�). Type them again."),
            code="lost",
        )
    if _HIDDEN.search(text):
        raise ValidationError(
            _("Your text has hidden control characters. Type it again."),
            code="hidden",
        )


def normal_address(email: str) -> str:
    """An address as mail uses it: in lower case, its domain in the form of the DNS.

    Raises ValueError with a sentence for people. The local part must be ASCII: few
    relays carry addresses of RFC 6531, and a letter to 김@… would fail for ever.
    """
    try:
        if _PLAIN_ADDRESS.fullmatch(email):
            local, _at, domain = email.lower().partition("@")
            return f"{local}@{_normal_domain(domain)}"
        return _normal(email)
    except EmailNotValidError:
        raise ValueError(
            _("Enter a full email address, like name@example.com.")
        ) from None


@lru_cache(maxsize=1000)
def _normal_domain(domain):
    """The domain, as it stands in an address; kept for whoever waits for a form.

    To look at the domain anew takes 2 % of the time of signing (bench/run.py).
    """
    return _normal(f"a@{domain}").partition("@")[2]


def _normal(email):
    found = validate_email(email, check_deliverability=False, allow_smtputf8=False)
    # Only an address of RFC 6531 has no ASCII form.
    return found.ascii_email.lower()


def typed_in(form: forms.BaseForm) -> list[tuple[str | Promise, str]]:
    """What somebody has typed into a form, as (label, value) for error_page()."""
    inputs = (forms.TextInput, forms.EmailInput, forms.Textarea)
    return [
        (field.label, field.value())
        for field in form.visible_fields()
        if isinstance(field.field.widget, inputs) and field.value()
    ]


class _Typed(forms.CharField):
    def __init__(
        self,
        *,
        required_message: "StrOrPromise",
        too_long_message: "StrOrPromise | None" = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.error_messages["required"] = required_message
        if too_long_message:
            self.error_messages["max_length"] = too_long_message
        # CharField refuses NUL in Django's words; ours say how to mend it.
        self.validators = [
            validator
            for validator in self.validators
            if type(validator).__name__ != "ProhibitNullCharactersValidator"
        ]
        # With maxlength a browser silently cuts a pasted text; instead the server says
        # that it is too long.
        self.widget.attrs.pop("maxlength", None)

    def run_validators(self, value: str) -> None:
        if value:
            refuse_hidden_characters(value)
        super().run_validators(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class LineField(_Typed):
    """A text on one line: a name, a city, a subject. Runs of blanks become one."""

    def to_python(self, value: str | None) -> str:
        return super().to_python(_DRAWN_EMPTY.sub(" ", value or "")) or ""

    def run_validators(self, value: str) -> None:
        if value and _LINE_BREAKS.search(value):
            raise ValidationError(_("Write this on one line."), code="lines")
        super().run_validators(value)

    def clean(self, value: str | None) -> str:
        return " ".join(super().clean(value).split())


class TextField(_Typed):
    """A text of several lines, with line feeds only."""

    widget = forms.Textarea

    def to_python(self, value: str | None) -> str:
        return normalize_newlines(super().to_python(value) or "")


class ShownLineField(LineField):
    """A line that strangers will read: without markup, web and email addresses.

    Anything else that is found in it makes it wait for a person
    (safeguards/public_text.py).
    """

    without_address = _("Write this without a web or email address.")

    def clean(self, value: str | None) -> str:
        line = super().clean(value)
        match refusal(line):
            case "markup":
                raise ValidationError(
                    _("Write this without formatting code."), code="markup"
                )
            case "link" | "email":
                raise ValidationError(self.without_address, code="address")
        return line


class NameField(ShownLineField):
    """The name of a person, which must hold a letter."""

    without_address = _("Enter your name without a web or email address.")

    def __init__(self, *, required_message: "StrOrPromise", **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "too_long_message": _("Shorten your name to 120 characters."),
            "max_length": 120,
            "widget": forms.TextInput(attrs={"autocomplete": "name"}),
        }
        super().__init__(required_message=required_message, **defaults | kwargs)

    def clean(self, value: str | None) -> str:
        name = super().clean(value)
        if name and not any(map(str.isalpha, name)):
            raise ValidationError(self.error_messages["required"], code="letters")
        return name


class RadiosWithHelp(forms.RadioSelect):
    """Choices of which some have a help text, in `helps` by their value."""

    def __init__(self, helps: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.helps = helps or {}

    def create_option(
        self, name: str, value: str, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """One choice; `help` is for components/field.html."""
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "help": self.helps.get(value, "")}


class _AsTyped(str):
    """An address that was questioned, and that its owner has sent again unchanged."""


class AddressInput(forms.EmailInput):
    """An email input that offers, beside a typed address, the one probably meant."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "email", "spellcheck": "false"})

    def value_from_datadict(
        self, data: Mapping[str, Any], files: "MultiValueDict", name: str
    ) -> str | None:
        value = super().value_from_datadict(data, files, name)
        is_kept = bool(value) and data.get(f"{name}_kept") == value
        return _AsTyped(value) if is_kept else value

    def render(
        self,
        name: str,
        value: str | None,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        field = super().render(name, value, attrs, renderer)
        meant = "" if isinstance(value, _AsTyped) else probably_meant(value or "")
        if not meant:
            return field
        # With scripts, a button fills it in and sends nothing. Without, it sends the
        # form, and says so. Its value comes after the input's, so it counts. Enter
        # presses a form's first button, which must not be this one: hence the button
        # that is not shown.
        return format_html(
            '{}<input type="hidden" name="{}_kept" value="{}">'
            "<button hidden></button>"
            '<address-meant class="with-js" data-address="{}">'
            '<button class="button button-quiet button-small" type="button">{}</button>'
            "</address-meant>"
            '<button class="button button-quiet button-small without-js" name="{}" '
            'value="{}">{}</button>',
            *(field, name, value, meant),
            _("Use %(address)s") % {"address": meant},
            *(name, meant),
            _("Use %(address)s and send") % {"address": meant},
        )


class AddressField(LineField):
    """An email address that mail can be sent to, as `normal_address` writes it.

    An address that looks like a slip is questioned once; sent again, it is taken.
    """

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("Email address"),
            "max_length": 254,  # RFC 5321, 4.5.3.1.3, without the brackets
            "required_message": _("Enter your email address."),
            "too_long_message": _("An email address has at most 254 characters."),
            "widget": AddressInput(),
        }
        super().__init__(**defaults | kwargs)

    def clean(self, value: str | None) -> str:
        is_kept = isinstance(value, _AsTyped)
        value = super().clean(value)
        if not value:
            return value
        try:
            address = normal_address(value)
        except ValueError as error:
            raise ValidationError(str(error), code="address") from None
        if not is_kept and (meant := probably_meant(address)):
            asked = _(
                "Did you mean %(meant)s? If %(address)s is right, send the form again."
            )
            raise ValidationError(
                asked, code="slip", params={"meant": meant, "address": address}
            )
        return address
