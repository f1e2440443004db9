"""From which words of the first language the site’s own texts were translated."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branding.models import Branding
from campaign_site.branding_texts import DESCRIPTION, RICH
from pages.languages import own_name
from versions.comparing import changes

KINDS = ("description", *RICH)


def _further_languages():
    return [code for code, _name in settings.LANGUAGES if code != _first()]


def _first():
    return settings.LANGUAGE_CODE


def note(branding, former, *, fits=()):
    """Note from which words each text was translated.

    A text that differs from the `former` words was translated just now. So was one
    whose (kind, language) is in `fits`: somebody says that it still says the same.
    """
    today = timezone.localdate().isoformat()
    sources = branding.words.get(_first(), {})
    noted = {}
    for code in _further_languages():
        before, said = former.get(code, {}), branding.words.get(code, {})
        known = branding.translated_from.get(code, {})
        noted[code] = {
            kind: (
                {"source": sources.get(kind, ""), "day": today}
                if (kind, code) in fits or said[kind] != before.get(kind, "")
                else known.get(kind)
            )
            for kind in KINDS
            if said.get(kind)
        }
    branding.translated_from = {
        code: {kind: one for kind, one in kinds.items() if one}
        for code, kinds in noted.items()
    }


@dataclass(frozen=True)
class Older:
    """A translation whose source has changed since."""

    branding: Branding
    kind: str
    code: str
    source: str
    day: date

    @property
    def field_name(self):
        return f"fits_{self.kind}_{self.code}"

    def field(self):
        """Asks whether it still fits, and shows what has changed."""
        label = DESCRIPTION if self.kind == "description" else RICH[self.kind][0]
        now = self.branding.words.get(_first(), {}).get(self.kind, "")
        shown = {
            "day": self.day,
            "language": own_name(_first()),
            "code": _first(),
            "lines": changes(self.source, now, is_rich=self.kind in RICH),
        }
        return forms.BooleanField(
            label=_("%(text)s: the translation fits the new text") % {"text": label},
            required=False,
            help_text=render_to_string("admin/branding/_older.html", shown),
        )


def older_ones(branding):
    """Each translation whose source has changed since it was made."""
    sources = branding.words.get(_first(), {}) if branding else {}
    return [
        Older(branding, kind, code, noted["source"], date.fromisoformat(noted["day"]))
        for code in (_further_languages() if branding else ())
        for kind, noted in branding.translated_from.get(code, {}).items()
        if noted["source"] != sources.get(kind, "")
    ]
