"""The texts of a campaign in a language, side by side with what they translate.

A `Translation` has a part for each row with texts (campaigns/texts.py): the campaign,
its letter, its updates. Each part has its pairs of source and target.
"""

from copy import copy as shallow_copy
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from campaigns.languages_desk import name_of
from campaigns.models import Campaign, CampaignText
from campaigns.texts import texts_of
from letters.suggested.placeholder_names import named_in
from letters.suggested.words import BODIES, LetterWords
from pages.form_fields import refuse_hidden_characters
from volunteers.drafts import TranslatedText
from volunteers.pairs import TextPair, check_placeholders


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

    @property
    def is_letter(self):
        return issubclass(self.model, LetterWords)

    @property
    def source_language(self):
        return self.translation.campaign.language

    def has_names(self, name):
        """Whether placeholders stand in this text, which each language names anew."""
        return self.is_letter and name in BODIES

    def as_source(self, name, words):
        """A text of the first language as people read it."""
        words = normalize_newlines(str(words or ""))
        has_names = self.has_names(name)
        return named_in(self.source_language, words) if has_names else words

    def shown(self, name, words):
        """The same of the language of this translation."""
        has_names = self.has_names(name)
        return named_in(self.translation.language, words) if has_names else words

    @cached_property
    def pairs(self):
        """Those with words in the first language; nothing else is to translate."""
        found = []
        for name, model_field, label in self.model.texts_for(self.source_row):
            source = self.model.in_first_language(self.source_row, name) or ""
            if not source:
                continue
            found.append(
                TextPair(
                    self,
                    name,
                    str(label),
                    model_field,
                    self.as_source(name, source),
                    normalize_newlines(self.target.said(name) if self.target else ""),
                    self.notes.get(f"{self.slug}.{name}"),
                )
            )
        faults = self._faults({pair.name: pair.words for pair in found})
        for pair in found:
            said = faults.get(pair.name, [])
            pair.faults = [self.shown(pair.name, why) for why in said]
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
            mine.say(name, said)
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
                self._field(name).clean(words, row)
                check_placeholders(str(source), words)
            except ValidationError as error:
                found[name] = list(error.messages)
        if not self.is_campaign and any(said.values()):
            try:
                row.clean()
            except ValidationError as error:
                for name, sentences in _by_field(error).items():
                    if name in said and name not in found:
                        found[name] = sentences
        return found

    def _field(self, name):
        fields = self.model.texts_for(self.source_row)
        return next(field for each, field, _label in fields if each == name)

    def row_of(self, name):
        """The row with this text in the first language: an ask is the petition’s."""
        row = self.source_row
        if name == "ask" and self.is_campaign:
            return getattr(row, "petition", row)
        return row


class Translation:
    """All that a campaign says in a language, as far as it is translated."""

    def __init__(self, campaign, language, *, drafts=True, read=None):
        self.campaign, self.language, self._drafts = campaign, language, drafts
        self._read = read

    @classmethod
    def of(cls, request):
        """The translation as the link of this request shows it."""
        drafts = request.with_drafts
        return cls(request.campaign, request.language, drafts=drafts)

    def anew(self):
        """The same as it is stored now."""
        return Translation(self.campaign, self.language, drafts=self._drafts)

    @cached_property
    def parts(self):
        """Those with words; without `drafts`, of what readers have already."""
        read = self._read or read_of(
            self.campaign, [self.language], drafts=self._drafts
        )
        texts, notes = read[self.language]
        found = [
            TranslatedPart(self, model, row, target, notes)
            for model, row, target in texts
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
    codes = further_languages(campaign)
    read = read_of(campaign, codes)
    found = [Translation(campaign, code, read=read) for code in codes]
    return [each for each in found if each.is_begun]


def read_of(campaign, languages, *, drafts=True):
    """By language, its texts and what was written of each, in the same statements."""
    notes = {language: {} for language in languages}
    rows = TranslatedText.objects.filter(campaign=campaign, language__in=languages)
    for note in rows:
        notes[note.language][note.what] = note
    texts = texts_of(campaign, *languages, drafts=drafts)
    return {language: (texts[language], notes[language]) for language in languages}


def _by_field(error):
    return error.message_dict if hasattr(error, "error_dict") else {}
