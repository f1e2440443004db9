"""The texts of the branding in each language: as fields of a form, and in versions."""

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField

from branding.models import Branding, validate_line
from campaigns.models.rich_text import LONGEST_RICH, STORY_EXTENSIONS
from pages.form_fields import refuse_hidden_characters
from pages.languages import own_name
from versions.texts import register

DESCRIPTION = _("What you do, in one sentence")
RICH = {
    "about": (
        _("About us"),
        _(
            "The text of the page “About us”. If empty in every language, there is no "
            "such page."
        ),
    ),
    "privacy": (
        _("Your addition to the privacy page"),
        _(
            "This comes after the site’s own text, which follows what the site "
            "really does. If empty in every language, we add nothing."
        ),
    ),
    "imprint": (
        _("Legal notice"),
        _(
            "What the law where you live asks for, such as your registration and "
            "who represents you. The page begins with who is responsible and the "
            "contact. If empty in every language, there is no such page."
        ),
    ),
}
KINDS = ("description", *RICH)


def fields_of_words(code):
    """The form's fields for the texts in one language, with their names."""
    yield (
        f"description_{code}",
        forms.CharField(
            label=DESCRIPTION,
            max_length=200,
            required=False,
            validators=[validate_line],
            help_text=_(
                "Appears on the home page, at the end of each page and in search "
                "results. If empty, we use the site’s own sentence."
            ),
            widget=forms.TextInput({"class": "vTextField"}),
        ),
    )
    for kind, (label, help_text) in RICH.items():
        field = ProseEditorFormField(
            label=label,
            help_text=help_text,
            max_length=LONGEST_RICH,
            required=False,
            validators=[refuse_hidden_characters],
            extensions=STORY_EXTENSIONS,
            sanitize=True,
            widget=AdminTextareaWidget,
        )
        yield f"{kind}_{code}", field


class InOneLanguage:
    """A text of the branding in one language as a field, for its versions."""

    def __init__(self, kind, code, label, **kwargs):
        if len(settings.LANGUAGES) > 1:
            label = f"{label} ({own_name(code)})"
        super().__init__(label, blank=True, **kwargs)
        self.set_attributes_from_name(f"{kind}_{code}")
        self.kind, self.code = kind, code

    def value_from_object(self, branding):
        return branding.words.get(self.code, {}).get(self.kind, "")

    def save_form_data(self, branding, text):
        said = branding.words.setdefault(self.code, {})
        said[self.kind] = self.clean(text, branding)


class LineInOneLanguage(InOneLanguage, models.CharField):
    pass


class ProseInOneLanguage(InOneLanguage, ProseEditorField):
    pass


def kept_words():
    """All texts of the branding, each in each language, as fields."""
    for code, _name in settings.LANGUAGES:
        yield LineInOneLanguage(
            "description",
            code,
            DESCRIPTION,
            max_length=200,
            validators=[validate_line],
        )
        for kind, (label, _help_text) in RICH.items():
            yield ProseInOneLanguage(
                kind, code, label, extensions=STORY_EXTENSIONS, sanitize=True
            )


# This stands here since branding/ is below versions/ and may not import it.
register(Branding, stays=["logo_says_name"], more=kept_words)
