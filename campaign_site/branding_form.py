"""The form for the branding, which refuses colours that nobody can read."""

from math import floor

from django import forms
from django.conf import settings
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from branding import colours
from branding.models import validate_colour
from campaign_site.branding_texts import KINDS
from campaigns.pictures import picture_files
from versions.pending_uploads import KeepsPendingUploads, PendingUploadField

COLOURS = ("primary", "accent")
UNREADABLE = {
    "primary": _(
        "Links in %(colour)s are hard to read. Their contrast with the page "
        "(%(ground)s) is %(ratio)s to 1. They need %(least)s to 1. The nearest "
        "colour that passes is %(nearest)s."
    ),
    "accent": _(
        "Words on a button in %(colour)s are hard to read, dark or white. Their "
        "contrast is %(ratio)s to 1 at best. They need %(least)s to 1. The nearest "
        "colour that passes is %(nearest)s."
    ),
}


class BrandingForm(KeepsPendingUploads, forms.ModelForm):
    """The branding, with a file for its logo.

    An empty field means: as the settings say.
    """

    new_logo = PendingUploadField(
        label=_("New logo"),
        required=False,
        help_text=_(
            "PNG, JPEG or WebP, shown on white. A logo that is roughly square also "
            "becomes the icon in browser tabs."
        ),
    )
    drop_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    def __init__(self, *args, instance=None, initial=None, **kwargs):
        shown = {
            "name": instance.name or settings.SITE_NAME,
            "contact_email": instance.contact_email or settings.CONTACT_EMAIL,
            "controller": instance.controller or settings.CONTROLLER,
            "primary": instance.primary or colours.PRIMARY,
            "accent": instance.accent or colours.ACCENT,
        }
        for code, said in instance.words.items():
            shown |= {f"{kind}_{code}": text for kind, text in said.items()}
        super().__init__(*args, instance=instance, initial=shown, **kwargs)
        for name in COLOURS:
            if name in self.fields:  # there are no fields for staff who may only look
                attrs = {"class": "branding-colour", "spellcheck": "false"}
                self.fields[name].widget.attrs |= attrs

    def clean_name(self):
        return self._own("name", settings.SITE_NAME)

    def clean_contact_email(self):
        return self._own("contact_email", settings.CONTACT_EMAIL)

    def clean_controller(self):
        return self._own("controller", settings.CONTROLLER)

    def clean_primary(self):
        return self._own("primary", colours.PRIMARY)

    def clean_accent(self):
        return self._own("accent", colours.ACCENT)

    def clean(self):
        data = super().clean()
        self.instance.words = {
            code: {kind: data.get(f"{kind}_{code}") or "" for kind in KINDS}
            for code, _name in settings.LANGUAGES
        }
        self._look_at_colours(data)
        if data.get("new_logo"):
            self._take_logo(data["new_logo"])
        elif data.get("drop_logo"):
            self.instance.drop_logo()
        return data

    def _own(self, name, default):
        """What was typed, or "" if it is what the settings or the design say anyhow."""
        typed = normalize_newlines(self.cleaned_data[name]).strip()
        if name in COLOURS:
            typed = normal_colour(typed)
        return "" if typed == default else typed

    def _look_at_colours(self, data):
        chosen = {name: data.get(name, "") for name in COLOURS}
        if not all(map(is_colour, chosen.values())):
            return  # the field's own error says it
        for figure in colours.contrasts(**chosen):
            if not figure.passes:
                said = {
                    "colour": figure.colour,
                    "ground": figure.other,
                    "ratio": as_ratio(figure.ratio),
                    "least": colours.TEXT_CONTRAST,
                    "nearest": figure.nearest,
                }
                self.add_error(figure.field, UNREADABLE[figure.field] % said)

    def _take_logo(self, file):
        try:
            if file.size > picture_files.MOST_BYTES:
                raise picture_files.NotAPicture(_("Choose a picture of at most 10 MB."))
            self.instance.take_logo(picture_files.read(file))
        except picture_files.NotAPicture as reason:
            self.add_error("new_logo", str(reason))


def normal_colour(text):
    """A colour as it is stored, also for #ABC and 0b5969; else what was typed."""
    digits = text.strip().lower().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return f"#{digits}" if is_colour(f"#{digits}") else text.strip()


def is_colour(text):
    return not text or bool(validate_colour.regex.fullmatch(text))


def as_ratio(ratio):
    """A ratio in words, never rounded up: 4.499 does not pass."""
    return f"{floor(ratio * 100) / 100:g}"
