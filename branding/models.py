"""The site's own branding: its name, colours, logo, addresses and texts (decision 27).

It is one row, which the desk edits. What is empty in it is taken from the settings.
Each process keeps it in memory (database/known.py).
"""

import hashlib
import io
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from branding import colours
from database.known import Known
from pages.form_fields import normal_address, refuse_hidden_characters
from safeguards.posing import ORGANISATION
from safeguards.protected_names import Protected

THE_ONE = 1
LOGO = (640, 112)  # twice as large as shown, for screens with small pixels
ICON = 180
MOST_WIDE_FOR_ICON = 1.35


def validate_line(text):
    refuse_hidden_characters(text)
    if len(text.splitlines()) > 1:
        raise ValidationError(_("Write this on one line."))


def validate_address(email):
    try:
        normal_address(email)
    except ValueError as error:
        raise ValidationError(str(error)) from None


validate_colour = RegexValidator(
    r"^#[0-9a-f]{6}$",
    _("Write a colour as # and 6 digits or letters from a to f, like #0b5969."),
)


def colour_field(name, help_text):
    return models.CharField(
        name,
        max_length=7,
        blank=True,
        validators=[validate_colour],
        help_text=help_text,
    )


class Branding(Protected):
    """How the site looks, and who stands behind it. There is at most one row."""

    name = models.CharField(
        _("name"), max_length=80, blank=True, validators=[validate_line]
    )
    sender_name = models.CharField(
        _("sender of our emails"),
        max_length=80,
        blank=True,
        validators=[validate_line],
        help_text=_(
            "The name that people see as the sender of our emails. If "
            "empty, the site’s name."
        ),
    )
    contact_email = models.CharField(
        _("contact address"),
        max_length=254,
        blank=True,
        validators=[validate_address],
        help_text=_(
            "People with questions write to this address. It appears on "
            "pages and in emails."
        ),
    )
    controller = models.TextField(
        _("responsible for the site"),
        max_length=500,
        blank=True,
        validators=[refuse_hidden_characters],
        help_text=_(
            "The name and postal address of those who answer for the site and its "
            "data. They appear at the end of each page and email, and on the "
            "privacy page."
        ),
    )
    primary = colour_field(
        _("links"), _("Backgrounds and grey text use a darker or paler shade of it.")
    )
    accent = colour_field(_("buttons"), _("Also for marks, bars in charts and lines."))
    logo_png = models.BinaryField(null=True, editable=False)
    icon_png = models.BinaryField(null=True, editable=False)
    logo_digest = models.CharField(max_length=16, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_says_name = models.BooleanField(
        _("the logo contains the name"),
        default=False,
        help_text=_("The site then does not write the name beside it."),
    )
    # By language: {"en": {"description": …, "about": …, "privacy": …, "imprint": …}}
    words = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("site’s branding")
        verbose_name_plural = _("the site’s branding")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=THE_ONE), name="the_site_has_one_branding"
            )
        ]

    def __str__(self):
        return str(_("Name, contact and colours"))

    def save(self, *args, **kwargs):
        """Store it as the next version; pages show it within some seconds."""
        if self.contact_email:  # a name in another script cannot stand in a header
            self.contact_email = normal_address(self.contact_email)
        self.pk = THE_ONE
        self.version += 1
        super().save(*args, **kwargs)
        transaction.on_commit(learn)

    def protected_names(self):
        return [(ORGANISATION, self.name), (ORGANISATION, self.sender_name)]

    def take_logo(self, picture):
        """Make this Pillow picture the logo, and the icon as well if it is compact."""
        from PIL import Image

        logo = picture.copy()
        logo.thumbnail(LOGO, Image.Resampling.LANCZOS)
        self.logo_width, self.logo_height = logo.size
        self.logo_png = _png(logo)
        self.logo_digest = hashlib.sha256(self.logo_png).hexdigest()[:16]
        self.icon_png = None
        wide, high = sorted(picture.size, reverse=True)
        if wide <= MOST_WIDE_FOR_ICON * high:
            icon = Image.new("RGB", (wide, wide), "white")
            place = ((wide - picture.width) // 2, (wide - picture.height) // 2)
            icon.paste(picture, place)
            self.icon_png = _png(icon.resize((ICON, ICON), Image.Resampling.LANCZOS))

    def drop_logo(self):
        self.logo_png = self.icon_png = None
        self.logo_digest, self.logo_width, self.logo_height = "", 0, 0
        self.logo_says_name = False

    def said(self, kind):
        """The group's own words of this kind in the present language, or ""."""
        return self._words_in(get_language(), kind)

    def shown(self, kind):
        """(words, language) of this kind: in the present language, or else the first
        of the site's that has them; None if the group has written none.
        """
        for code in (get_language(), *dict(settings.LANGUAGES)):
            if words := self._words_in(code, kind):
                return words, code
        return None

    def _words_in(self, code, kind):
        return self.words.get(code, {}).get(kind, "")

    @cached_property
    def colours(self):
        """Colours of mails, pictures and paper, as colours.plain() gives them."""
        return colours.plain(self.primary, self.accent)

    @cached_property
    def stylesheet(self):
        """The stylesheet that is linked after the others; "" for the designed ones."""
        if not (self.primary or self.accent):
            return ""
        return colours.stylesheet(self.primary, self.accent)

    @cached_property
    def stylesheet_url(self):
        if not self.stylesheet:
            return ""
        digest = hashlib.sha256(self.stylesheet.encode()).hexdigest()[:16]
        return reverse("branding-stylesheet", kwargs={"digest": digest})

    @cached_property
    def logo_url(self):
        return self._picture_url("logo")

    @cached_property
    def icon_url(self):
        return self._picture_url("icon") if self.has_icon else ""

    @property
    def has_icon(self):
        wide, high = sorted((self.logo_width, self.logo_height), reverse=True)
        return bool(wide) and wide <= MOST_WIDE_FOR_ICON * high

    def _picture_url(self, kind):
        if not self.logo_digest:
            return ""
        kwargs = {"kind": kind, "digest": self.logo_digest}
        return reverse("branding-picture", kwargs=kwargs)


def _png(picture):
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


_PICTURES = ("logo_png", "icon_png")
_known = Known(
    lambda: Branding.objects.defer(*_PICTURES).first() or Branding(), first=Branding()
)
# The branding as this process knows it, at most some seconds old.
current = _known.current
# Reads it from the database now.
learn = _known.learn
# For tests: let this be what the process knows, until it is told otherwise.
know = _known.know


def known_version():
    """The version that this process knows; makes no query."""
    return _known.value.version
