"""The guided form: one campaign with all that belongs to it, saved at once.

For a draft, it stores all that can be used, and keeps the rest as it was typed
(Unfinished). For a campaign that is published, or will be by itself, it stores a form
only if nothing in it is missing or wrong.
"""

from contextlib import suppress
from copy import copy
from functools import cached_property

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from campaign_editor.beginnings import Beginning, filled
from campaign_editor.campaign_part import CampaignPart
from campaign_editor.free_names import UNNAMED, free_slug
from campaign_editor.letter_section import LetterSection
from campaign_editor.petition_part import PetitionPart
from campaign_editor.picture_rows import StoryPictures
from campaign_editor.rows import ReadingRows
from campaign_editor.stored import Stored, campaigns
from campaigns.models import Campaign, Reading
from comments.models import Thread
from petitions.models import Petition
from versions import texts


class Guide(Stored):
    """One campaign's guided form: empty, filled in from what is stored, or sent."""

    def __init__(self, campaign=None, data=None, files=None, beginning=None):
        """`beginning` gives the texts of a new campaign (beginnings.py)."""
        super().__init__(campaign or Campaign())
        self.is_new = self.campaign.pk is None
        self.name = str(self.campaign)
        self.data, self.files = data, files
        self.beginning = beginning or Beginning("", "", {})
        # The forms fill the rows; these stay as they were read.
        self._as_read = [copy(text) for text in self.texts]
        known = self.recipient_list
        self._addressed_as = known.addressed_as if known else ""
        self._make_forms()

    def _make_forms(self):
        kept = self.unfinished.kept_fields
        self.campaign_form = CampaignPart(
            self.data,
            self.files,
            instance=self.campaign,
            kept=kept,
            initial={
                "comments": self._takes_comments,
                **filled(self.beginning.campaign),
            },
        )
        self.petition_form = PetitionPart(
            self.data,
            instance=self.petition or Petition(),
            kept=kept,
            prefix="petition",
            initial=filled(self.beginning.petition),
        )
        self.letter_section = LetterSection(
            self.campaign,
            self.letter,
            self.unfinished,
            self.data,
            self.files,
            initial=filled(self.beginning.letter),
        )
        self.readings = ReadingRows(
            self.data,
            prefix="reading",
            stored=self._stored_readings(),
            unfinished=self.unfinished,
        )

        self.story_pictures = StoryPictures(
            self.data,
            self.files,
            pictures=() if self.is_new else self.campaign.story_pictures.all(),
            unfinished=self.unfinished,
        )

    def keep_files(self):
        """Keep the files that were sent; returns their keys by the fields' names.

        The form brings them again by these keys.
        """
        return self.campaign_form.kept_files() | self.story_pictures.kept_files()

    def _stored_readings(self):
        readings = [] if self.is_new else self.campaign.readings.all()
        return [{"title": row.title, "url": row.url} for row in readings]

    @cached_property
    def _takes_comments(self):
        if self.is_new:
            return True
        found = Thread.objects.filter(campaign=self.campaign, closed_at__isnull=False)
        return not found.exists()

    @property
    def forms(self):
        return (self.campaign_form, self.petition_form, self.letter_section.form)

    @property
    def all_rows(self):
        return {
            "story-picture": self.story_pictures,
            "reading": self.readings,
            "recipient": self.letter_section.recipients,
        }

    # Two editors at once.

    @cached_property
    def began(self):
        """A digest of what is stored; the form says by it what it began from."""
        contents = [texts.content_as_read(text) for text in self._as_read]
        beside = {
            "fields": {
                "unfinished": self.unfinished.fields,
                "rows": self.unfinished.rows,
                "csv": self.unfinished.csv,
                "comments": self._takes_comments,
                "addressed as": self._addressed_as,
            },
            "rows": {"pictures": self.story_pictures.stored_words()},
        }
        return texts.digest(*contents, beside)

    # Saving.

    def save(self, *, takes_in=False):
        """Store what was sent. If that may not be, returns False with nothing stored.

        `takes_in` also takes in the good rows of the recipients from CSV.
        """
        was_public = self.is_public
        for form in self.forms:
            form.full_clean()
        with transaction.atomic():
            self._save_campaign()
            if not self.is_new:
                self.campaign.note_new_close(self._as_read[0])
            self._save_petition()
            self.letter_section.save(takes_in=takes_in)
            self.letter = self.letter_section.letter
            self._save_readings()
            self._save_comments()
            self._save_unfinished()
            saved = Stored(campaigns().get(pk=self.campaign.pk))
            saved.publish_at = self.campaign_form.cleaned_data.get("publish_at")
            if was_public and not saved.may_be_public:
                transaction.set_rollback(True)
                self.refused = saved.checklist.missing
                return False
            self._save_pictures(saved.campaign)
        self.saved = saved
        return True

    def _save_campaign(self):
        form, campaign = self.campaign_form, self.campaign
        form.put_in()
        is_unnamed = campaign.slug.startswith(UNNAMED) and not self.is_public
        if campaign.slug and (not is_unnamed or "slug" in form.errors):
            campaign.save()
            return
        campaign.slug = free_slug(campaign)
        try:
            with transaction.atomic():
                campaign.save()
        except IntegrityError:  # the same form, sent twice at once
            campaign.slug = free_slug(campaign)
            campaign.save()

    def _save_pictures(self, campaign):
        """Store pictures last, so that no file is kept of a form that is refused."""
        if self.campaign_form.prepared:
            campaign.put(self.campaign_form.prepared)
            campaign.save()
        campaign.have_pictures_made()
        self.story_pictures.save_to(campaign)

    def _save_petition(self):
        form = self.petition_form
        petition = form.instance
        petition.campaign = self.campaign
        if petition.ask or (petition.pk and self.is_public):
            form.store()
        elif petition.pk:
            with suppress(ProtectedError), transaction.atomic():
                petition.delete()

    def _save_readings(self):
        good = self.readings.good()
        # Rows that say the same stay, or each saving would be a new version.
        if good is None or good == self._stored_readings():
            return
        Reading.objects.replace(self.campaign, good)

    def _save_comments(self):
        takes = bool(self.campaign_form.cleaned_data.get("comments"))
        if takes != self._takes_comments:
            thread = Thread.objects.locked(self.campaign.pk)
            if takes:
                thread.reopen()
            else:
                thread.close()

    def _save_unfinished(self):
        fields = {}
        for form in self.forms:
            fields |= form.what_is_left()
        self.unfinished.fields = fields
        self.rows_left = {
            kind: left for kind, rows in self.all_rows.items() if (left := rows.left())
        }
        self.unfinished.rows = self.rows_left
        self.unfinished.campaign = self.campaign
        if not self.unfinished.is_empty:
            self.unfinished.save()
        elif self.unfinished.pk:
            self.unfinished.delete()
