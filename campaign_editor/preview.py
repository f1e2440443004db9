"""What would be if a guided form were saved: its page, and what it lacks.

It saves nothing.
"""

import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from campaign_editor import recipient_lines
from campaign_editor.views import for_campaigners, guide_for, locked
from campaigns.models import Campaign
from campaigns.pictures import picture_files
from campaigns.views import shown_as_draft
from versions.pending_uploads import find_all

_KEPT = "-kept"
_WORDS = "picture_alt"  # of a picture, without which it cannot be stored
DAY = 24 * 60 * 60


@for_campaigners
@require_POST
def preview(request, pk=None):
    """Save the form like that of a draft, show the page, and take all of it back.

    So this is the page itself, without what cannot be used yet. Of the files that came
    with the form, only pictures that were kept before are shown; none is stored, since
    their storage cannot be rolled back.
    """
    typed = request.POST.copy()
    kept = _kept_pictures(typed)
    _say_something_of(kept, typed)
    with _saved_for_now(request, pk, typed, kept) as sent:
        found = Campaign.objects.get(pk=sent.edited.pk)
        new_files = any(request.FILES.values())
        page = shown_as_draft(
            request,
            found,
            is_public=sent.was_published,
            is_preview=True,
            new_files=new_files,
        )
    for [file] in kept.values():
        page.content = file.prepared.put_into(page.content)
    return page


@for_campaigners
@require_POST
def look(request, pk=None):
    """What a draft lacks as it is typed, as it stands beside the button."""
    typed = request.POST.copy()
    with _saved_for_now(request, pk, typed, _kept_pictures(typed)) as sent:
        found = sent.saved.checklist
        found = replace(found, needed=list(_on_the_page(found.needed, typed)))
        context = {"checklist": found, "is_typed": True}
        return render(request, "admin/campaign_editor/_before_publishing.html", context)


def _on_the_page(items, typed):
    """Lead from a recipient to the lines where they were typed: they are no row yet."""
    for item in items:
        is_row = item.field.startswith(f"{recipient_lines.ROWS}-")
        lines = is_row and typed.get(recipient_lines.FIELD)
        yield replace(item, field=recipient_lines.FIELD) if lines else item


@contextmanager
def _saved_for_now(request, pk, typed, files):
    """A form that is saved like that of a draft, until this is left."""
    with transaction.atomic():
        campaign = locked(pk) if pk else None
        was_published = bool(campaign and campaign.is_published)
        if campaign:
            campaign.published_at = None
        sent = guide_for(request, campaign, typed, MultiValueDict(files))
        sent.was_published = was_published
        sent.save()
        yield sent
        transaction.set_rollback(True)


@csp_override({"default-src": [CSP.NONE], "sandbox": True})
@for_campaigners
@require_safe
def kept_picture(request, key):
    """A picture that was kept with a form, as we encoded it. Its key opens it."""
    kept = get_object_or_404(find_all([key]), shown__isnull=False)
    answer = HttpResponse(bytes(kept.shown), content_type="image/jpeg")
    answer["Cache-Control"] = f"private, max-age={DAY}, immutable"
    return answer


@dataclass(frozen=True)
class ShownPicture(picture_files.PreparedPicture):
    """A kept picture on the page of a preview, which stores nothing of it."""

    key: str
    name: str = field(default_factory=lambda: secrets.token_hex(16))

    def keep(self):
        return self.name

    def put_into(self, page):
        """The page, with the address of the kept picture in place of a stored one's."""
        shown = reverse("campaign_editor:kept-picture", args=[self.key]).encode()
        for width in (picture_files.LARGE, picture_files.SMALL):
            stored = picture_files.url(self.name, f"{width}.jpg")
            page = page.replace(stored.encode(), shown)
        return page


class KeptFile(picture_files.AlreadyPrepared, SimpleUploadedFile):
    def __init__(self, kept):
        super().__init__(kept.name, bytes(kept.shown), "image/jpeg")
        self.prepared = ShownPicture(kept.width, kept.height, {}, key=kept.key)


def _kept_pictures(typed):
    """Take the kept files out of a form; returns the pictures among them, as sent."""
    keys = {
        name.removesuffix(_KEPT): typed.pop(name)[-1]
        for name in list(typed)
        if name.endswith(_KEPT)
    }
    known = find_all(keys.values()).filter(shown__isnull=False)
    found = known.defer("content").in_bulk(field_name="key")
    return {name: [KeptFile(found[key])] for name, key in keys.items() if key in found}


def _say_something_of(pictures, typed):
    """Let a picture show as soon as it is chosen, before anybody says what it shows."""
    for name in pictures:
        words = name.replace("new_picture", _WORDS)
        typed[words] = typed.get(words) or "…"
