"""The texts of a campaign in a language, side by side with what they translate.

A `Translation` has a part for each row with texts (campaigns/texts.py): the campaign,
its letter, its updates. Each part has its pairs of source and target.
"""

import hashlib
import re
from collections import Counter
from copy import copy as shallow_copy
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorField

from campaigns.models import Campaign, CampaignText
from campaigns.text import as_text
from campaigns.texts import fields_of, texts_of
from pages.form_fields import refuse_hidden_characters
from translations.drafts import TranslatedText
from versions.comparing import compare, folded
from versions.models import Version
from versions.words import lines, rich_lines

# A place of a picture in a story. It is the same in all languages.
_PICTURE = re.compile(r"\[picture \d{1,3}\]", re.IGNORECASE)
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

    part: "TranslatedPart"
    name: str
    label: str
    is_needed: bool
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
    def model_field(self):
        return self.part.model._meta.get_field(self.name)

    @property
    def is_done(self):
        return bool(self.words) and not self.faults

    @cached_property
    def translated_from(self):
        """The words from which it was translated, and when; None if nobody knows."""
        if not self.words:
            return None
        if self._is_noted:
            return self.row.source, self.row.source_at
        return self.part.source_before(self.name)

    @property
    def is_older(self):
        """Whether the source has changed since it was translated."""
        before = self.translated_from
        return before is not None and _same(before[0]) != _same(self.source)

    @property
    def changes(self):
        """What of the source has changed since, line by line and word by word."""
        before, _at = self.translated_from
        return self._compared(before, self.source)

    @property
    def changes_for_readers(self):
        """How what waits differs from what readers have."""
        return self._compared(self.published, self.words)

    def _compared(self, before, after):
        cut = rich_lines if self.is_rich else lines
        return folded(compare(cut(before), cut(after)))

    @property
    def source_words(self):
        return len((as_text(self.source) if self.is_rich else self.source).split())

    @property
    def placeholders(self):
        """What must stand in the target exactly as in the source, each once."""
        return list(dict.fromkeys(_PICTURE.findall(self.source)))

    def clean(self, words):
        """The words as they are stored, whatever is wrong with them."""
        words = normalize_newlines(words.replace("\x00", "\ufffd")).strip()
        words = words.encode(errors="replace").decode()[:MOST_STORED]
        if self.is_rich:
            return self.model_field.sanitize(words)
        is_line = self.model_field.get_internal_type() == "CharField"
        return " ".join(words.split()) if is_line else words


@dataclass
class TranslatedPart:
    """A row with texts: the campaign itself, its letter, or one of its updates."""

    translation: "Translation"
    model: type
    source_row: object
    target: object
    notes: dict

    @property
    def slug(self):
        return f"{self.source_row._meta.model_name}-{self.source_row.pk}"

    @property
    def label(self):
        kind = self.source_row._meta.verbose_name
        if isinstance(self.source_row, Campaign):
            return str(kind)
        return f"{kind}: {self.source_row}"

    @property
    def is_campaign(self):
        return self.model is CampaignText

    @cached_property
    def pairs(self):
        """Those with words in the first language; nothing else is to translate."""
        found = []
        for name, label, is_needed in fields_of(self.model):
            source = self.model.in_first_language(self.source_row, name) or ""
            if not source:
                continue
            found.append(
                TextPair(
                    self,
                    name,
                    str(label),
                    is_needed,
                    normalize_newlines(str(source)),
                    normalize_newlines(getattr(self.target, name, "") or ""),
                    self.notes.get(f"{self.slug}.{name}"),
                )
            )
        faults = self._faults({pair.name: pair.words for pair in found})
        for pair in found:
            pair.faults = faults.get(pair.name, [])
        return found

    @property
    def is_begun(self):
        return any(pair.words for pair in self.pairs)

    @property
    def done(self):
        return sum(pair.is_done for pair in self.pairs)

    @property
    def lacking(self):
        """What keeps it from being published: (pair, why), in order.

        What is needed must be there, and nothing may have a fault. A letter or update
        of which nothing is translated stays in the first language.
        """
        found = []
        for pair in self.pairs if self.is_begun or self.is_campaign else ():
            if pair.faults:
                found.append((pair, pair.faults[0]))
            elif pair.is_needed and not pair.words:
                found.append((pair, _("Translate this first.")))
        return found

    @property
    def waits(self):
        return any(pair.waits for pair in self.pairs)

    def pair(self, name):
        return next((pair for pair in self.pairs if pair.name == name), None)

    def as_row(self, words=None):
        """The row as it would be with these words, not stored; else with those so far.

        A new row of a campaign has the address of the first language.
        """
        row = self.target or self.model(
            language=self.translation.language,
            **{self.model.SOURCE: self.source_row},
        )
        mine = shallow_copy(row)
        setattr(mine, self.model.SOURCE, self.source_row)
        if self.is_campaign and not mine.slug:
            mine.slug = self.source_row.slug
        if words is None:
            words = {pair.name: pair.words for pair in self.pairs}
        for name, said in words.items():
            setattr(mine, name, said)
        return mine

    def faults_of(self, name, words):
        """What is wrong with these words for one text, in sentences."""
        said = {pair.name: pair.words for pair in self.pairs} | {name: words}
        return self._faults(said).get(name, [])

    def _faults(self, said):
        """By field: what is wrong with what was written, in sentences.

        What is empty has no fault: it is not translated yet.
        """
        row, found = self.as_row(said), {}
        for name, words in said.items():
            if not words:
                continue
            source = self.model.in_first_language(self.source_row, name) or ""
            try:
                refuse_hidden_characters(words)
                self.model._meta.get_field(name).clean(words, row)
                _check_placeholders(str(source), words)
            except ValidationError as error:
                found[name] = list(error.messages)
        if not self.is_campaign:
            try:
                row.clean()
            except ValidationError as error:
                for name, sentences in _by_field(error).items():
                    if said.get(name):
                        found.setdefault(name, []).extend(sentences)
        return found

    def source_before(self, name):
        """What the first language said when the target was last stored, and when.

        The versions of the text know; None if there are none.
        """
        at = self.target and self.target.updated_at
        row = self.source_row
        if name == "ask" and self.is_campaign:
            row = getattr(row, "petition", row)
        version = self._version(row, at)
        if version is None or name not in version.content["fields"]:
            return None
        return version.content["fields"][name] or "", at

    @cached_property
    def _versions(self):
        return {}

    def _version(self, row, at):
        """The newest version of a row from before; else the first one after."""
        label = row._meta.label
        if label not in self._versions:
            known = Version.objects.of(row)
            before = known.filter(at__lte=at).first() if at else None
            self._versions[label] = before or known.last()
        return self._versions[label]


class Translation:
    """All that a campaign says in a language, as far as it is translated."""

    def __init__(self, campaign, language):
        self.campaign, self.language = campaign, language

    @cached_property
    def parts(self):
        notes = TranslatedText.objects.of(self.campaign, self.language)
        noted = {note.what: note for note in notes}
        found = [
            TranslatedPart(self, model, row, target, noted)
            for model, row, target in texts_of(self.campaign, self.language)
        ]
        return [part for part in found if part.pairs]

    def part(self, slug):
        """The part of this name, or None."""
        return next((part for part in self.parts if part.slug == slug), None)

    @property
    def pairs(self):
        return [pair for part in self.parts for pair in part.pairs]

    @property
    def done(self):
        return sum(part.done for part in self.parts)

    @property
    def is_begun(self):
        return any(part.is_begun for part in self.parts)

    @property
    def is_complete(self):
        return self.done == len(self.pairs)

    @property
    def older(self):
        return sum(pair.is_older for pair in self.pairs)

    @property
    def waits(self):
        return sum(pair.waits for pair in self.pairs)

    @property
    def source_words(self):
        return sum(pair.source_words for pair in self.pairs)

    @property
    def words_left(self):
        return sum(pair.source_words for pair in self.pairs if not pair.is_done)

    @property
    def lacking(self):
        """What keeps it from being handed in: (pair, why), in order."""
        return [found for part in self.parts for found in part.lacking]

    @property
    def digest(self):
        """Another one as soon as somebody has written something else."""
        return digest_of(*(f"{pair.what} {pair.words}" for pair in self.pairs))

    @property
    def name(self):
        return name_of(self.language)

    @property
    def first_name(self):
        return name_of(self.campaign.language)


def further_languages(campaign):
    """The languages of the site into which a campaign can be translated."""
    codes = [code for code, _name in settings.LANGUAGES]
    return [code for code in codes if code != campaign.language]


def begun_in(campaign):
    """The translations of a campaign of which there is something, in their order."""
    rows = campaign.texts.all(), campaign.translated_texts.order_by()
    begun = {
        code for found in rows for code in found.values_list("language", flat=True)
    }
    found = [Translation(campaign, code) for code in further_languages(campaign)]
    return [each for each in found if each.language in begun and each.is_begun]


def name_of(language):
    """A language as the present one calls it, as the first word of a line."""
    name = get_language_info(language)["name_translated"]
    return name[:1].upper() + name[1:]


def _same(text):
    return normalize_newlines(text).strip()


def _by_field(error):
    return error.message_dict if hasattr(error, "error_dict") else {}


def _check_placeholders(source, words):
    """Raise ValidationError unless each picture has its place once, as in the source.

    Where the source has no picture, a place of one would stay empty.
    """
    wanted = Counter(place.lower() for place in _PICTURE.findall(source))
    there = Counter(place.lower() for place in _PICTURE.findall(words))
    for place, times in wanted.items():
        if there[place] < times:
            raise ValidationError(
                _("%(place)s is missing. Insert it where the picture belongs."),
                params={"place": place},
            )
        if there[place] > times:
            raise ValidationError(
                _("%(place)s stands here more than once. Leave one."),
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
