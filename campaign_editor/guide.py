"""The guided form: one campaign with all that belongs to it, saved at once.

A form in which something is wrong stores nothing; what was typed is kept beside
(UnsavedForm). A draft may lack anything. A campaign that is published, or will be by
itself, takes a form only if nothing is missing in it.
"""

from contextlib import suppress
from copy import copy
from functools import cached_property

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from campaign_editor.beginnings import Beginning, filled
from campaign_editor.campaign_part import CampaignPart
from campaign_editor.checklist import wrong_in
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
from versions.pending_uploads import KEPT


class Guide(Stored):
    """One campaign's guided form: empty, filled in from what is stored, or sent.

    What is stored stays as it was read: the forms fill copies.
    """

    # What is to be put right before it can be saved, once that was tried.
    refused = ()

    def __init__(self, campaign=None, data=None, files=None, beginning=None):
        """`beginning` gives the texts of a new campaign (beginnings.py)."""
        super().__init__(campaign or Campaign())
        self.is_new = self.campaign.pk is None
        self.data, self.files = data, files
        self.beginning = beginning or Beginning("", "", {})
        self.edited = copy(self.campaign)
        self._kept = None
        self._make_forms()

    def _make_forms(self):
        self.campaign_form = CampaignPart(
            self.data,
            self.files,
            instance=self.edited,
            initial={
                "comments": self._takes_comments,
                **filled(self.beginning.campaign),
            },
        )
        petition = copy(self.petition) or Petition()
        if petition.pk:
            petition.campaign = self.edited
        self.petition_form = PetitionPart(
            self.data,
            instance=petition,
            prefix="petition",
            initial=filled(self.beginning.petition),
        )
        self.letter_section = LetterSection(
            self.edited,
            self.letter,
            self.data,
            initial=filled(self.beginning.letter),
        )
        self.readings = ReadingRows(
            self.data, prefix="reading", stored=self._stored_readings()
        )
        self.story_pictures = StoryPictures(
            self.data,
            self.files,
            pictures=() if self.is_new else self.campaign.story_pictures.all(),
        )
        self.forms = (
            self.campaign_form,
            self.petition_form,
            self.letter_section.form,
        )

    def _stored_readings(self):
        readings = [] if self.is_new else self.campaign.readings.all()
        return [{"title": row.title, "url": row.url} for row in readings]

    @cached_property
    def _takes_comments(self):
        if self.is_new:
            return True
        found = Thread.objects.filter(campaign=self.campaign, closed_at__isnull=False)
        return not found.exists()

    # Files: a browser sends each only once.

    def keep_files(self):
        """Keep the files that were sent, once.

        Returns the fields that take their place, by their names.
        """
        if self._kept is None:
            keys = self.campaign_form.kept_files() | self.story_pictures.kept_files()
            self._kept = {name + KEPT: key for name, key in keys.items()}
        return self._kept

    def as_typed(self):
        """The form as it was sent, with its files by the keys they are kept under."""
        typed = self.data.copy()
        for name, value in self.keep_files().items():
            typed[name] = value
        return typed

    # Two editors at once.

    @cached_property
    def began(self):
        """A digest of what is stored; the form says by it what it began from."""
        if self.is_new:
            return ""
        contents = [texts.content_as_read(text) for text in self.texts]
        known = self.recipient_list
        beside = {
            "fields": {
                "comments": self._takes_comments,
                "addressed as": known.addressed_as if known else "",
            },
            "rows": {"pictures": self.story_pictures.stored_words()},
        }
        return texts.digest(*contents, beside)

    # Saving.

    def save(self):
        """Store what was sent; False if that may not be, and nothing is stored."""
        was_public = self._is_public
        rows = (*self.story_pictures.wrong, *self.readings.wrong)
        forms = (*self.forms, *rows)
        self.refused = [item for form in forms for item in wrong_in(form)]
        if self.refused:
            return False
        with transaction.atomic():
            self.store()
            if was_public and not self.saved.checklist.is_complete:
                transaction.set_rollback(True)
                self.refused = self.saved.checklist.missing
                return False
            self._save_pictures(self.saved.campaign)
        return True

    def store(self):
        """Store all that can be used, but for pictures; it is `saved` then."""
        for form in self.forms:
            form.is_valid()
        self._save_campaign()
        if not self.is_new:
            self.edited.note_new_close(self.campaign)
        self._save_petition()
        self.letter_section.save()
        self._save_readings()
        self._save_comments()
        self.saved = Stored(campaigns().get(pk=self.edited.pk))
        self.saved.publish_at = self.campaign_form.cleaned_data.get("publish_at")

    @property
    def _is_public(self):
        return self.edited.published_at is not None

    def _save_campaign(self):
        form, campaign = self.campaign_form, self.edited
        form.put_in()
        is_unnamed = campaign.slug.startswith(UNNAMED) and not self._is_public
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
        petition.campaign = self.edited
        if petition.ask or (petition.pk and self._is_public):
            form.store()
        elif petition.pk:
            with suppress(ProtectedError), transaction.atomic():
                petition.delete()

    def _save_readings(self):
        good = self.readings.good()
        # Rows that say the same stay, or each saving would be a new version.
        if good is None or good == self._stored_readings():
            return
        Reading.objects.replace(self.edited, good)

    def _save_comments(self):
        takes = bool(self.campaign_form.cleaned_data.get("comments"))
        if takes != self._takes_comments:
            thread = Thread.objects.locked(self.edited.pk)
            if takes:
                thread.reopen()
            else:
                thread.close()
