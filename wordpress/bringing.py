"""Brings what was chosen of an export: each item in a transaction of its own.

An item that fails leaves nothing, and says why. What came before is not touched: only
comments that are new come to it. Nobody is mailed, and nothing is fetched.
"""

import logging
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from campaign_editor.free_names import LONGEST_SLUG, free_slug
from campaigns.models import Campaign, OldAddress, StoryPicture, Update
from campaigns.pictures import picture_files
from campaigns.pictures.pictured import forget_later
from campaigns.text import as_text
from comments.models import ImportedComment, Thread
from wordpress import models, wxr
from wordpress.content import PLACE, PlacedPicture
from wordpress.planning import (
    COMES,
    PUBLIC,
    comments_of,
    converted_of,
)

logger = logging.getLogger(__name__)
MOST_PICTURES = 100  # in one story
# Notes that a run adds to those of the dry run.
_OF_A_RUN = ("missing", "pictures", "unreadable")


class _DoesNotFit(Exception):
    """An item cannot come; the note says why."""

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.note = [code, detail] if detail else [code]


class Bringing:
    """One run over an export. It reads the file three times, and keeps one item of it.

    Campaigns come first, since the rest goes into them; then updates; the pages of
    pictures lead on at last.
    """

    def __init__(self, of, file, uploads):
        self.of, self.file, self.uploads = of, file, uploads
        self.files, self.parents = {}, {}

    def bring(self):
        of = self.of
        self._look_at_pictures()
        chosen = {row.number: row for row in of.chosen()}
        of.note(total=len(chosen), done=0)
        for first in (True, False):
            for item in self._items():
                row = chosen.get(item.number)
                is_campaign = row and row.becomes == models.Becomes.CAMPAIGN
                if row and item.kind in COMES and is_campaign == first:
                    del chosen[item.number]
                    self._bring(row, item)
        self._lead_on_from_pictures()
        of.note(step=of.Step.DONE)

    def _items(self):
        self.file.seek(0)
        found = wxr.items(self.file)
        next(found)
        yield from found

    def _look_at_pictures(self):
        for item in self._items():
            if item.kind == "attachment":
                self.files[item.number] = (item.file, item.alt or item.title)
                self.parents.setdefault(item.parent, []).append(
                    (item.number, item.link)
                )

    def _bring(self, row, item):
        one = _One(self, row, item)
        try:
            with transaction.atomic():
                one.bring()
            row.why = []
        except _DoesNotFit as reason:
            one.drop_pictures()
            row.why = [reason.note]
        except ValidationError as error:
            one.drop_pictures()
            row.why = [["refused", " ".join(error.messages)[:300]]]
        except Exception:
            logger.exception("An item of WordPress failed")
            one.drop_pictures()
            row.why = [["failed"]]
        if row.why:
            row.campaign = row.update = row.came_at = None
            row.comments_came = 0
        row.save()
        self.of.note(done=self.of.done + 1)

    def _lead_on_from_pictures(self):
        """The page that WordPress has for each picture leads to that of its post."""
        came = models.CameFromWordPress.objects.filter(
            site=self.of.site, number__in=[number for number in self.parents if number]
        )
        for row in came.select_related("campaign", "update"):
            addresses = [
                address
                for number, link in self.parents[row.number]
                for address in (link, f"/?p={number}")
            ]
            OldAddress.objects.keep(addresses, row.campaign, row.update)

    def campaign_for_the_rest(self):
        """Where updates go. Raises _DoesNotFit."""
        of = self.of
        if of.into_number is not None:
            came = models.CameFromWordPress.objects.filter(
                site=of.site, number=of.into_number, update=None
            )
            found = came.select_related("campaign").first()
            if found is not None:
                return found.campaign
        elif of.into is not None and of.into.deleted_at is None:
            return of.into
        raise _DoesNotFit("nowhere")


class _One:
    """One item on its way into our tables."""

    def __init__(self, run, row, item):
        self.run, self.row, self.item = run, row, item
        self.kept, self.unreadable, self.missing = [], 0, 0

    def bring(self):
        row, of = self.row, self.run.of
        row.notes = [note for note in row.notes if note[0] not in _OF_A_RUN]
        known = models.CameFromWordPress.objects.filter(
            site=of.site, number=self.item.number
        )
        before = known.select_related("campaign", "update").first()
        if before is not None:
            row.campaign, row.update = before.campaign, before.update
            row.came_before = True
        else:
            row.campaign, row.update = self._make()
            models.CameFromWordPress.objects.create(
                site=of.site,
                number=self.item.number,
                campaign=row.campaign,
                update=row.update,
            )
            self._lead_on()
        comments, _left_out = comments_of(self.item)
        row.comments_came = ImportedComment.objects.take_in(
            row.campaign, of.site, comments
        )
        row.came_at = timezone.now()
        for code in ("missing", "unreadable"):
            if number := getattr(self, code):
                row.notes.append([code, str(number)])

    def drop_pictures(self):
        """Have the files deleted that the item has stored before it failed."""
        forget_later(self.kept)

    def _make(self):
        attached = self.run.parents.get(self.item.number, [])
        converted = converted_of(self.item, [number for number, _link in attached])
        if converted is None:
            raise _DoesNotFit("long")
        if self.row.becomes == models.Becomes.CAMPAIGN:
            return self._campaign(converted), None
        campaign = self.run.campaign_for_the_rest()
        return campaign, self._update(campaign, converted)

    def _campaign(self, converted):
        """A draft, whatever it was there: a campaign needs more than a page has."""
        item = self.item
        words = as_text(converted.words)
        campaign = Campaign(title=self._title(160, words))
        campaign.slug = self._slug(campaign)
        summary = wxr.line(item.excerpt) or " ".join(words.split())
        campaign.summary = Truncator(summary or campaign.title).chars(300)
        campaign.opens_at = min(item.at or timezone.now(), timezone.now())
        pictures = self._pictures(converted, MOST_PICTURES)
        campaign.story = self._placed(converted.html, pictures)
        if main := self._main_picture():
            self._put(campaign, *main)
        campaign.full_clean()
        campaign.save()
        for number, (placed, prepared) in enumerate(pictures.values(), 1):
            story_picture = StoryPicture(
                campaign=campaign, number=number, caption=placed.caption
            )
            self._put(story_picture, placed, prepared)
            story_picture.save()
            story_picture.have_pictures_made()
        campaign.have_pictures_made()
        if not item.takes_comments:
            Thread.objects.locked(campaign.pk).close()
        return campaign

    def _update(self, campaign, converted):
        item = self.item
        text = converted.words
        if not text.strip():
            raise _DoesNotFit("empty")
        update = Update(campaign=campaign, title=self._title(160, as_text(text)))
        update.text = text
        main = self._main_picture()
        if main is None:
            main = next(iter(self._pictures(converted, 1).values()), None)
        if main is not None:
            self._put(update, *main)
        if (others := len(converted.pictures) - 1) > 0:
            self.row.notes.append(["pictures", str(others)])
        if item.status == PUBLIC and not item.has_password:
            at = min(item.at or timezone.now(), timezone.now())
            update.publish_at = update.published_at = at
        update.full_clean(exclude=["published_at"])
        update.save()
        update.have_pictures_made()
        return update

    def _title(self, longest, words):
        item = self.item
        title = item.title or " ".join(words.split()) or unquote(item.name)
        return Truncator(title or f"#{item.number}").chars(longest)

    def _slug(self, campaign):
        """Its name there, if our addresses can say it; else one made of its title."""
        name = unquote(self.item.name).replace("-", " ")
        named = free_slug(Campaign(title=name)) if name.isascii() and name else ""
        return (named or free_slug(campaign))[:LONGEST_SLUG]

    def _main_picture(self):
        """The picture that WordPress shows with the post."""
        if not self.item.picture:
            return None
        placed = PlacedPicture("", self.item.picture)
        prepared = self._prepared(placed)
        return (placed, prepared) if prepared else None

    def _pictures(self, converted, most):
        """The pictures of the content that can come, by their place in it."""
        found = {}
        for place, placed in enumerate(converted.pictures, 1):
            if len(found) < most and (prepared := self._prepared(placed)):
                found[place] = placed, prepared
        return found

    def _prepared(self, placed):
        file, said = self.run.files.get(placed.number, ("", ""))
        placed.alt = placed.alt or placed.caption or said or self.item.title
        try:
            prepared = self.run.uploads.picture(file or placed.address)
        except picture_files.NotAPicture:
            self.unreadable += 1
            return None
        self.missing += prepared is None
        return prepared

    def _put(self, row, placed, prepared):
        row.put(prepared)
        self.kept.append(row.picture)
        row.picture_alt = (placed.alt or str(row))[:300]

    def _placed(self, text, pictures):
        """The story with a place for each picture that came, and none for others."""
        numbers = {place: number for number, place in enumerate(pictures, 1)}

        def place(found):
            number = numbers.get(int(found[1]))
            return f"<p>[picture {number}]</p>" if number else ""

        return PLACE.sub(place, text)

    def _lead_on(self):
        item, row = self.item, self.row
        addresses = [item.link, f"/?p={item.number}"]
        if item.name:
            addresses.append(f"/{item.name}/")
        OldAddress.objects.keep(addresses, row.campaign, row.update)
