"""A translation as a PO file, for people who like their own tools.

Each text is an entry: its context says which text it is, its message what the first
language says, and a comment which words of ours it began from. What comes back passes
the rules of the page: what is good is stored, the rest comes back with a reason.
"""

import io
import re
from dataclasses import dataclass, field

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, PoFileParser, write_po
from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from volunteers import working

# A campaign with a long story and many updates has a tenth of these.
MOST_BYTES = 1024 * 1024
MOST_ENTRIES = 2000
_BEGAN = re.compile(r"began with ([0-9a-f]{32})")


class NotReadable(Exception):
    """The file is none of ours; the words say why."""


@dataclass
class TakenIn:
    """What became of a file: `number` texts are stored, others came back."""

    number: int = 0
    # (label of the text, why)
    refused: list = field(default_factory=list)


def file_of(translation, parts):
    """The file with these parts, as an answer."""
    catalog = Catalog(
        locale=_locale(translation.language),
        project=str(translation.campaign.slug),
        header_comment="",
    )
    for part in parts:
        for pair in part.pairs:
            entry = catalog.add(
                pair.source,
                pair.shown,
                context=pair.what,
                auto_comments=[pair.label, f"began with {pair.digest}"],
                flags=["fuzzy"] if pair.is_older else [],
            )
            entry.flags.discard("python-format")
            entry.flags.discard("python-brace-format")
    written = io.BytesIO()
    write_po(written, catalog, width=0)
    name = f"{translation.campaign.slug}-{translation.language}.po"
    return HttpResponse(
        written.getvalue(),
        content_type="text/x-gettext-translation; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _locale(language):
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


class PoForm(forms.Form):
    """Takes a file; `cleaned_data["file"]` are its entries."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("PO file"),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty."),
        },
    )

    def clean_file(self):
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large to be one of ours."))
        try:
            return entries_of(sent.read())
        except NotReadable as error:
            raise forms.ValidationError(str(error)) from None


class _Entries(Catalog):
    """Keeps the entries as they come; the header of a file says nothing to us."""

    def __init__(self):
        super().__init__()
        self.found = []

    def __setitem__(self, key, message):
        if len(self.found) >= MOST_ENTRIES:
            raise NotReadable(_("This file has too many entries to be one of ours."))
        if key:
            self.found.append(message)


def entries_of(content):
    """The entries of a file, whoever wrote it. Raises NotReadable, in words."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable(_("This is not UTF-8. Save the file as UTF-8.")) from None
    if "\x00" in text:
        raise NotReadable(_("This is not a text file."))
    entries = _Entries()
    parser = PoFileParser(entries, ignore_obsolete=True, abort_invalid=True)
    try:
        parser.parse(io.StringIO(text))
    except PoFileError as error:
        words = _("This is no PO file that we can read: look at line %d.")
        raise NotReadable(words % (error.lineno + 1)) from None
    except (ValueError, TypeError, LookupError, AttributeError):
        raise NotReadable(_("This is no PO file that we can read.")) from None
    if not entries.found:
        raise NotReadable(_("There is no text in this file."))
    return entries.found


def take_in(place, entries):
    """Store what is good of these entries; the rest comes back with a reason."""
    taken = TakenIn()
    with transaction.atomic():
        translation = working.locked(place.translation)
        known = {
            pair.what: pair
            for part in translation.parts
            if place.may_change(part)
            for pair in part.pairs
        }
        for entry in entries:
            # Of entries that name the same text, the first with words counts.
            pair = known.pop(entry.context, None) if entry.string else None
            _take_one(pair, entry, place.volunteer, taken)
    return taken


def _take_one(pair, entry, by, taken):
    said, words = entry.id, entry.string
    if not isinstance(said, str) or not isinstance(words, str):
        taken.refused.append((_shortened(said), _("None of our texts has a plural.")))
        return
    if not words:
        return
    if pair is None:
        why = _("It belongs to no text of this campaign.")
        taken.refused.append((_shortened(said), why))
        return
    if why := _why_not(pair, entry, words):
        taken.refused.append((pair.label, why))
        return
    began = _BEGAN.search(" ".join(entry.auto_comments))
    typed = {pair.name: words, f"{pair.name}-was": began[1] if began else ""}
    if not pair.is_older or _same(said, pair.source):
        typed[f"{pair.name}-fits"] = "on"
    saved = working.Saved()
    working.save_one(pair, typed, by, saved)
    taken.number += saved.number
    for theirs in saved.conflicts.values():
        why = _("Somebody else has changed this since you got the file: “%s”")
        taken.refused.append((pair.label, why % _shortened(theirs)))


def _why_not(pair, entry, words):
    """Why the words are not stored, in a sentence; "" if they are."""
    before = pair.translated_from
    if not _same(entry.id, pair.source) and not (before and _same(entry.id, before[0])):
        return _("The text has changed since you got the file. Get it again.")
    if "fuzzy" in entry.flags and pair.clean(words) != pair.words:
        return _("It is marked as fuzzy. Check it, and take the mark off.")
    if "fuzzy" in entry.flags:
        return ""
    return " ".join(pair.part.faults_of(pair.name, pair.clean(words)))


def _same(one, other):
    return normalize_newlines(one).strip() == normalize_newlines(other).strip()


def _shortened(said):
    words = " ".join((said if isinstance(said, str) else said[0]).split())
    return words if len(words) <= 80 else f"{words[:80]}…"
