"""One text of a campaign: what the first language says, and what another one says."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorField

from campaigns.models.story_picture import PLACE
from campaigns.text import as_text
from letters.suggested import placeholder_names
from letters.suggested.placeholder_names import named_as_stored, named_in
from versions.comparing import changes
from volunteers.drafts import TranslatedText

# A place of a picture in a story. It is the same in all languages.
_PICTURE = re.compile(r"\[picture \d{1,3}\]", re.IGNORECASE)
_NAMES = re.compile("|".join(map(re.escape, placeholder_names.ALL)))
# Those of a letter that a translation may do without.
_OPTIONAL = (placeholder_names.OWN_WORDS, placeholder_names.SUBJECT)
_BRACKETS = re.compile(r"\[[^\[\]\n<]{0,60}\]?|\]")
# So many characters of one text are stored at all; what a text may have is less.
MOST_STORED = 60_000


def digest_of(*texts):
    """A short digest: another one means other words."""
    written = "\0".join(texts).encode(errors="surrogatepass")
    return hashlib.sha256(written).hexdigest()[:32]


@dataclass
class TextPair:
    """One text: what the first language says, and what this language says so far."""

    # The part to which it belongs (parts.py).
    part: Any
    name: str
    label: str
    model_field: Any
    source: str
    # What readers get now, as it is stored; they get the source if it is empty.
    published: str
    row: TranslatedText | None
    faults: list = field(default_factory=list)

    @property
    def what(self):
        """How the row with its words names it."""
        return f"{self.part.slug}.{self.name}"

    @property
    def _is_noted(self):
        """Whether what is noted is about the words that there are now."""
        return self.row and (self.row.waits or self.row.words == self.published)

    @property
    def words(self):
        return self.row.words if self.row and self.row.waits else self.published

    @property
    def waits(self):
        return bool(self.row and self.row.waits)

    @property
    def digest(self):
        return digest_of(self.words)

    @property
    def is_rich(self):
        return isinstance(self.model_field, ProseEditorField)

    @property
    def is_needed(self):
        """What need not be there stays in the first language, or is left out."""
        return self.name in self.part.model.TOLD and not self.model_field.blank

    @cached_property
    def is_signed(self):
        """Whether people have signed it, so that staff say what means the same."""
        petition = self.part.row_of(self.name) if self.name == "ask" else None
        return getattr(petition, "is_signed", False)

    @property
    def is_done(self):
        return bool(self.words) and not self.faults

    @cached_property
    def translated_from(self):
        """The words from which it was translated, and when; None if nobody knows."""
        if self.words and self._is_noted:
            return self.row.source, self.row.source_at
        return None

    @property
    def is_older(self):
        """Whether the source has changed since it was translated."""
        before = self.translated_from
        return before is not None and _same(before[0]) != _same(self.source)

    @property
    def changes(self):
        """What of the source has changed since, line by line and word by word."""
        before, _at = self.translated_from
        return changes(before, self.source, is_rich=self.is_rich)

    @property
    def changes_for_readers(self):
        """How what waits differs from what readers have."""
        published = self.part.shown(self.name, self.published)
        return changes(published, self.shown, is_rich=self.is_rich)

    @property
    def source_words(self):
        return len((as_text(self.source) if self.is_rich else self.source).split())

    @property
    def placeholders(self):
        """What must stand in the target as in the source, each once.

        Those of a letter have the names of the target’s language.
        """
        here, there = self.part.translation.language, self.part.source_language
        own = [n for n in placeholder_names.ALL if named_in(there, n) in self.source]
        pictures = dict.fromkeys(_PICTURE.findall(self.source))
        return [*pictures, *(named_in(here, name) for name in own)]

    @property
    def shown(self):
        """The words as people who write this language read them."""
        return self.part.shown(self.name, self.words)

    def clean(self, words):
        """The words as they are stored, whatever is wrong with them."""
        words = normalize_newlines(words.replace("\x00", "\ufffd")).strip()
        words = words.encode(errors="replace").decode()[:MOST_STORED]
        if self.is_rich:
            return self.model_field.sanitize(words)
        if self.part.has_names(self.name):
            return named_as_stored(words)
        is_line = self.model_field.get_internal_type() == "CharField"
        return " ".join(words.split()) if is_line else words


def check_placeholders(source, words):
    """Raise ValidationError unless each placeholder is there once, as in the source.

    Where the source has no picture, a place of one would stay empty.
    """
    wanted, there = _places(source), _places(words)
    for place, times in wanted.items():
        if there[place] < times and place not in _OPTIONAL:
            missing = (
                _("%(place)s is missing. Insert it where the picture belongs.")
                if _PICTURE.match(place)
                else _("%(place)s is missing. Write it where it belongs.")
            )
            raise ValidationError(missing, params={"place": place})
        if there[place] > times:
            raise ValidationError(
                _("%(place)s stands here more than once. Leave one."),
                params={"place": place},
            )
    alone = {f"[picture {number}]" for number in PLACE.findall(words)}
    for number in PLACE.findall(source):
        if (place := f"[picture {number}]") not in alone:
            raise ValidationError(
                _("Put %(place)s in a paragraph of its own. Only there it shows."),
                params={"place": place},
            )
    for place in there:
        if place not in wanted:
            raise ValidationError(
                _("There is no %(place)s in the other language. Take it out."),
                params={"place": place},
            )
    if wanted:
        own = {place.lower() for place in _BRACKETS.findall(source)}
        for place in _BRACKETS.findall(words):
            if place.lower() not in own:
                raise ValidationError(
                    _("%(place)s is no placeholder. These are: %(all)s."),
                    params={"place": place, "all": ", ".join(wanted)},
                )


def _places(text):
    pictures = (place.lower() for place in _PICTURE.findall(text))
    return Counter([*pictures, *_NAMES.findall(text)])


def _same(text):
    return normalize_newlines(text).strip()
