"""The page on which a translation is worked on: by a link, or at the desk.

Both have the same views; a `Workplace` says whose they are, and where they lead. A
volunteer's are wrapped by `at_link` (views.py), those of staff by `at_desk` (desk.py).
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from campaign_editor.views import with_editor
from campaigns.models import Campaign
from campaigns.views import shown_as_draft
from pages.templatetags.punctuation import colon
from staff import reach
from volunteers import po, working
from volunteers.forms import TextsForm
from volunteers.parts import Translation
from volunteers.requests import TranslationRequest


@dataclass
class Workplace:
    """Where somebody works on a translation: a volunteer, or one of the staff."""

    campaign: Campaign
    language: str
    volunteer: TranslationRequest | None = None
    user: Any = None

    @property
    def translation(self):
        if self.volunteer:
            return Translation.of(self.volunteer)
        return Translation(self.campaign, self.language)

    def address(self, page, **which):
        """The path of a page of this workplace."""
        if self.volunteer:
            own = {"key": self.volunteer.key}
            return reverse(f"volunteers:{page}", kwargs=own | which)
        own = {"pk": self.campaign.pk, "language": self.language}
        return reverse(f"volunteers_desk:{page}", kwargs=own | which)

    def may_change(self, part):
        """Whether they may write in this part; a volunteer, whether their maker may."""
        meta = part.model._meta
        if not reach.is_placed(meta.label_lower):
            meta = part.source_row._meta
        may = self.volunteer.maker_may if self.volunteer else self.user.has_perm
        return may(f"{meta.app_label}.change_{meta.model_name}")

    @property
    def may_publish(self):
        return self.volunteer is None or self.volunteer.may_publish


def part_of(place, slug):
    """The part of a translation by its name in the address, or a 404."""
    part = place.translation.part(slug)
    if part is None:
        raise Http404
    if not place.may_change(part):
        raise PermissionDenied
    return part


@require_safe
def begin(request, place):
    """To the first part that waits for who may publish it, or has something to do."""
    parts = [part for part in place.translation.parts if place.may_change(part)]
    if not parts:
        raise Http404
    waiting = [part for part in parts if place.may_publish and part.waits]
    open_parts = [part for part in parts if part.done < len(part.pairs)]
    first = [*waiting, *open_parts, *parts][0]
    return redirect(place.address("texts", part=first.slug))


def not_translated(place):
    """What this language does not say yet: (label, address), in order."""
    return [
        (
            colon().join(map(str, (pair.part.label, pair.label))),
            f"{place.address('texts', part=pair.part.slug)}#text-{pair.name}",
        )
        for pair in place.translation.pairs
        if not pair.words
    ]


def in_words(missing, translation):
    """How many texts are not translated; "" if all are."""
    words = ngettext(
        "%(number)d text is not translated yet. Readers see it in %(language)s.",
        "%(number)d texts are not translated yet. Readers see them in %(language)s.",
        len(missing),
    )
    first = get_language_info(translation.campaign.language)["name_translated"]
    said = {"number": len(missing), "language": first}
    return words % said if missing else ""


@with_editor
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request, place, part):
    """The texts of a part, side by side; its buttons save, hand in and publish."""
    if request.method != "POST":
        part = part_of(place, part)
        return page_of(request, place, part, TextsForm(part))
    part, saved = _save(request, place, part)
    typed = request.POST.dict()
    form = TextsForm(part, typed=typed, conflicts=saved.conflicts)
    if saved.conflicts:
        return page_of(request, place, part, form, status=409)
    if "publish" in typed and place.may_publish:
        return _publish(request, place, part, typed)
    if "hand-in" in typed and place.volunteer:
        return _hand_in(request, place, part)
    if form.errors:
        return page_of(request, place, part, form)
    page = (_next_part(place, part) if "go-on" in typed else None) or part
    return redirect(place.address("texts", part=page.slug) + "?saved=1")


def _next_part(place, part):
    """The part after this one in which there is something to do, or None.

    Who translates comes back to what they have left out before it.
    """
    translates = place.volunteer and not place.volunteer.reads
    parts = [each for each in part.translation.parts if place.may_change(each)]
    here = [each.slug for each in parts].index(part.slug)
    if translates:
        after = [*parts[here + 1 :], *parts[:here]]
        return next((each for each in after if each.done < len(each.pairs)), None)
    return next((each for each in parts[here + 1 :] if each.waits), None)


def _save(request, place, slug):
    """Store what was typed; returns the part as it is then, and what became of it."""
    part_of(place, slug)
    typed = request.POST.dict()
    part, saved = working.save(place.translation, slug, typed, by=place.volunteer)
    if part is None:  # its row was deleted at this moment
        raise Http404
    return part, saved


def _hand_in(request, place, part):
    try:
        working.hand_in(place.volunteer)
    except working.SomethingIsLacking as error:
        return _lacking(request, place, part, error)
    return redirect(place.address("handed-in"))


def _publish(request, place, part, typed):
    try:
        number = working.publish(part.translation, part.slug, typed, user=place.user)
    except working.SomethingIsLacking as error:
        return _lacking(request, place, part, error)
    except (working.Overtaken, IntegrityError):
        said = _("Somebody else has just changed this text. Read it again first.")
        form = TextsForm(part)
        return page_of(request, place, part, form, said=said, status=409)
    except ValidationError as error:
        said, form = " ".join(error.messages), TextsForm(part)
        return page_of(request, place, part, form, said=said, status=422)
    page = place.address("texts", part=part.slug)
    return redirect(f"{page}?published={min(number, 999)}")


def _lacking(request, place, part, error):
    """The page with all that is lacking: at its fields, and by links elsewhere."""
    form = TextsForm(part, lacking=error.lacking)
    elsewhere = [
        (
            colon().join(map(str, (pair.part.label, pair.label, why))),
            f"{place.address('texts', part=pair.part.slug)}#text-{pair.name}",
        )
        for pair, why in error.lacking
        if pair.part.slug != part.slug and place.may_change(pair.part)
    ]
    return page_of(request, place, part, form, lacking=elsewhere)


@require_POST
def keep(request, place, part):
    """Store what is typed, for the script that asks for it after each change.

    409 if somebody else has changed the same text meanwhile.
    """
    part, saved = _save(request, place, part)
    if saved.conflicts:
        labels = [part.pair(name).label for name in saved.conflicts]
        why = _("Somebody else has changed this meanwhile: %s. Save to see both.")
        return JsonResponse({"why": why % ", ".join(labels)}, status=409)
    filled = {
        f"{pair.name}-was": pair.digest
        for pair in part.pairs
        if pair.name in request.POST
    }
    return JsonResponse({"filled": filled})


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, place, part):
    """The page of the campaign with these texts, as they are stored or just typed.

    What no page can be without stands there in the first language until then.
    """
    part = part_of(place, part)
    if not part.is_campaign:
        raise Http404
    words = {
        pair.name: pair.clean(request.POST[pair.name])
        if pair.name in request.POST
        else pair.words
        for pair in part.pairs
    }
    for pair in part.pairs:
        if pair.is_needed and not words[pair.name]:
            words[pair.name] = pair.source
    found = Campaign.objects.get(pk=place.campaign.pk)
    found.localize(part.as_row(words))
    return shown_as_draft(request, found, is_preview=True)


@require_safe
def po_file(request, place):
    """All texts that they may change, as a PO file."""
    translation = place.translation
    parts = [part for part in translation.parts if place.may_change(part)]
    return po.file_of(translation, parts)


@require_http_methods(["GET", "HEAD", "POST"])
def po_page(request, place):
    """A form that takes a PO file in, and what became of the one that was sent."""
    form, taken = po.PoForm(), None
    if request.method == "POST":
        form = po.PoForm(request.POST, request.FILES)
        if form.is_valid():
            taken = po.take_in(place, form.cleaned_data["file"])
    context = {
        "form": form if taken is None else po.PoForm(),
        "taken": taken,
        "is_desk": place.volunteer is None,
        "campaign": place.campaign,
        "translation": place.translation,
        "file_url": place.address("po-file"),
        "back_url": place.address("begin"),
    }
    status = 422 if form.is_bound and taken is None else 200
    return render(request, "volunteers/po.html", context, status=status)


def _what_readers_have(place, part, number):
    """How many texts are new, and what they do not have yet."""
    words = ngettext(
        "Published. Readers have %(number)d new text.",
        "Published. Readers have %(number)d new texts.",
        number,
    )
    said = [in_words(not_translated(place), place.translation)]
    waits = any(pair.waits and pair.is_signed for pair in part.pairs)
    if waits:
        held = _(
            "The sentence that people have signed is waiting for the campaign to "
            "publish it."
        )
        said.insert(0, held)
    if number or not waits:
        said.insert(0, words % {"number": number})
    return " ".join(said).strip()


def page_of(request, place, part, form, *, lacking=(), said="", status=None):
    translation = part.translation
    number = request.GET.get("published", "")
    if number.isascii() and number.isdecimal() and not said:
        said = _what_readers_have(place, part, int(number[:3]))
    context = {
        "place": place,
        "volunteer": place.volunteer,
        "is_desk": place.volunteer is None,
        "campaign": place.campaign,
        "translation": translation,
        "part": part,
        "next_part": _next_part(place, part),
        "form": form,
        "lacking": lacking,
        "said": said,
        "was_saved": request.GET.get("saved") == "1",
        "parts": [
            (each, place.address("texts", part=each.slug))
            for each in translation.parts
            if place.may_change(each)
        ],
        "po_url": place.address("po"),
        "keep_url": place.address("keep", part=part.slug),
        "page_url": place.address("texts", part=part.slug),
        "preview_url": part.is_campaign and place.address("preview", part=part.slug),
        "link_url": place.volunteer and place.address("link"),
    }
    bad = form.errors or lacking
    status = status or (422 if bad and request.method == "POST" else 200)
    response = render(request, "volunteers/texts.html", context, status=status)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
