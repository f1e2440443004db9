"""What people do with a translation: save, take in, publish."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from campaign_editor.free_names import free_slug_in
from campaigns.models import Campaign
from versions.models import Version
from volunteers.drafts import TranslatedText
from volunteers.pairs import digest_of
from volunteers.parts import Translation
from volunteers.requests import TranslationRequest


@dataclass
class Saved:
    """What became of a form: `number` texts were stored.

    `conflicts` are fields that somebody else has changed meanwhile, with what is there
    now. Nothing of theirs is overwritten.
    """

    number: int = 0
    conflicts: dict = field(default_factory=dict)


def locked(translation):
    """The translation anew, which nobody else changes before this transaction ends."""
    mine = Campaign.objects.filter(pk=translation.campaign.pk)
    list(mine.select_for_update(no_key=True).values_list("pk"))
    return translation.anew()


def save(translation, slug, typed, *, by=None):
    """Store what was typed of a part, also what has faults: nothing typed is lost.

    `typed` has for each field the words, and under `<field>-was` the digest of what the
    page showed. What its reader did not touch is left alone. `<field>-fits` says that
    the words fit what the first language says now.
    """
    saved = Saved()
    with transaction.atomic():
        part = locked(translation).part(slug)
        if part is None:
            return None, saved
        for pair in part.pairs:
            if pair.name in typed:
                save_one(pair, typed, by, saved)
    return translation.anew().part(slug), saved


def save_one(pair, typed, by, saved):
    """Store what was typed of one text, and note in `saved` what became of it."""
    words = pair.clean(typed[pair.name])
    was = typed.get(f"{pair.name}-was", "")
    fits = f"{pair.name}-fits" in typed and words and pair.is_older
    is_touched = words != pair.words and digest_of(words) != was
    if is_touched and was not in ("", pair.digest):
        saved.conflicts[pair.name] = pair.words
    elif is_touched or fits:
        write(pair, words, by=by, fits=fits)
        saved.number += 1


def write(pair, words, *, by=None, fits=False, source=None):
    """Store the words of a pair, which wait until somebody publishes them.

    An older translation stays one, whatever is changed in it, until somebody says that
    it fits.
    """
    before = pair.translated_from if pair.is_older and not fits else None
    said, at = before or (pair.source if source is None else source, timezone.now())
    waits = words != pair.published
    TranslatedText.objects.update_or_create(
        campaign=pair.part.translation.campaign,
        language=pair.part.translation.language,
        what=pair.what,
        defaults={
            "words": words,
            "source": said,
            "source_at": at,
            "waits": waits,
            "changed_at": timezone.now(),
            "by": by,
        },
    )


class SomethingIsLacking(Exception):
    """It cannot be handed in or published yet; `lacking` says why."""

    def __init__(self, lacking):
        super().__init__()
        self.lacking = lacking


class Overtaken(Exception):
    """Somebody has written something since the page was opened."""


def hand_in(request):
    """Note that a volunteer is done with all of it. Raises SomethingIsLacking."""
    with transaction.atomic():
        translation = locked(Translation.of(request))
        if lacking := translation.lacking:
            raise SomethingIsLacking(lacking)
        request.hand_in()


def publish(translation, slug, typed, *, user=None, address=""):
    """Give readers a part, exactly as the page showed it to who presses the button.

    `typed` is what the page sent, which was saved before. `user` is one of the staff,
    `address` the slug that new texts of a campaign get. Returns the number of texts
    that readers have anew. Raises SomethingIsLacking, Overtaken and ValidationError.

    What people have signed waits for one of the staff, who says by `ask-same` that the
    new words mean the same.
    """
    with transaction.atomic():
        translation = locked(translation)
        part = translation.part(slug)
        for pair in part.pairs:
            if pair.clean(typed.get(pair.name, "")) != pair.words:
                raise Overtaken
        if lacking := part.lacking:
            raise SomethingIsLacking(lacking)
        waiting = [pair for pair in part.pairs if pair.waits]
        published = [pair for pair in waiting if user or not pair.is_signed]
        row = part.target or part.as_row({})
        row.says_the_same = user if "ask-same" in typed else None
        _publish_part(part, row, published, user, address)
        if published:
            for request in _who_worked(translation, published):
                request.tell_published()
    return len(published)


def _publish_part(part, row, waiting, user, address):
    if part.target is not None:
        Version.objects.note(row)
    elif part.is_campaign:
        row.slug = address or free_slug_in(row)
    for pair in waiting:
        row.say(pair.name, pair.words)
    row.full_clean()
    row.save()
    row.publish()
    Version.objects.note(row, by=user)
    notes = TranslatedText.objects.filter(pk__in=[pair.row.pk for pair in waiting])
    notes.update(waits=False)


def _who_worked(translation, pairs):
    """The volunteers whose words these are, and those who said that they are done."""
    wrote = Q(pk__in={pair.row.by_id for pair in pairs} - {None})
    mine = TranslationRequest.objects.filter(
        campaign=translation.campaign, language=translation.language
    )
    untold = Q(published_at=None) | Q(handed_in_at__gt=F("published_at"))
    return mine.filter(wrote | untold & Q(handed_in_at__isnull=False)).order_by("pk")
