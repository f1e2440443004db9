"""The guided form: one campaign with all that belongs to it, saved at once.

For a draft, it stores all that can be used, and gives back the rest. For a campaign
that is published, or will be by itself, it stores a form only if nothing in it is
missing or wrong.
"""

from contextlib import suppress
from copy import copy
from functools import cached_property

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import QueryDict

from campaign_editor.beginnings import Beginning, filled
from campaign_editor.campaign_part import CampaignPart
from campaign_editor.checklist import wrong_in
from campaign_editor.free_names import UNNAMED, free_slug
from campaign_editor.letter_section import LetterSection
from campaign_editor.parts import as_sent
from campaign_editor.petition_part import PetitionPart
from campaign_editor.picture_rows import StoryPictures
from campaign_editor.rows import ReadingRows
from campaign_editor.stored import Stored, campaigns
from campaigns.models import Campaign, Reading
from comments.models import Thread
from petitions.models import Petition
from versions import texts


class Guide(Stored):
    """One campaign's guided form: empty, filled in from what is stored, or sent.

    What is stored stays as it was read: the forms fill copies.
    """

    def __init__(self, campaign=None, data=None, files=None, beginning=None, rest=None):
        """`beginning` gives the texts of a new campaign (beginnings.py).

        `rest` are rows that could not be used, by the prefix of their list.
        """
        super().__init__(campaign or Campaign())
        self.is_new = self.campaign.pk is None
        self.data, self.files = data, files
        self.beginning = beginning or Beginning("", "", {})
        self.edited = copy(self.campaign)
        self._kept = None
        self._make_forms(rest or {})

    def _make_forms(self, rest):
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
            self.files,
            rest=rest.get("recipient", ()),
            initial=filled(self.beginning.letter),
        )
        self.readings = ReadingRows(
            self.data,
            prefix="reading",
            stored=self._stored_readings(),
            rest=rest.get("reading", ()),
        )
        self.story_pictures = StoryPictures(
            self.data,
            self.files,
            pictures=() if self.is_new else self.campaign.story_pictures.all(),
            rest=rest.get("story-picture", ()),
        )
        self.forms = (
            self.campaign_form,
            self.petition_form,
            self.letter_section.form,
        )
        self.lists = (
            self.story_pictures,
            self.readings,
            self.letter_section.recipients,
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

    @property
    def wrong(self):
        """What of the form cannot be saved."""
        if self.data is None:
            return []
        return list(wrong_in(self.forms, self.lists, self.letter_section.csv.text))

    # Files: a browser sends each only once.

    def keep_files(self):
        """Keep the files that were sent, once.

        Returns the fields that take their place, by their names.
        """
        if self._kept is None:
            keys = self.campaign_form.kept_files() | self.story_pictures.kept_files()
            self._kept = {f"{name}-kept": key for name, key in keys.items()}
            if self.files and (text := self.letter_section.csv.text):
                self._kept["csv-text"] = text
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

    def save(self, *, takes_in=False):
        """Store what was sent. If that may not be, returns False with nothing stored.

        `takes_in` also takes in the good rows of the recipients from CSV.
        """
        was_public = self._is_public
        for form in self.forms:
            form.full_clean()
        with transaction.atomic():
            self._save_campaign()
            if not self.is_new:
                self.edited.note_new_close(self.campaign)
            self._save_petition()
            self.letter_section.save(takes_in=takes_in)
            self._save_readings()
            self._save_comments()
            saved = Stored(campaigns().get(pk=self.edited.pk))
            saved.publish_at = self.campaign_form.cleaned_data.get("publish_at")
            saved.wrong = self.wrong
            if was_public and not saved.may_be_public:
                transaction.set_rollback(True)
                self.refused = saved.checklist.missing
                return False
            self._save_pictures(saved.campaign)
        self.saved = saved
        return True

    def rest(self):
        """The form of what is saved now, and in it what could not be used.

        None if nothing is left; else also the digest that the form begins from.
        """
        fields = {}
        for form in self.forms:
            fields |= form.rest()
        if text := self.letter_section.csv.text:
            fields["csv-text"] = text
        lists = {rows.prefix: rest for rows in self.lists if (rest := rows.rest())}
        if not (fields or lists):
            return None
        now = Guide(self.saved.campaign, rest=lists)
        sent = QueryDict(mutable=True)
        for form in now._all_forms():
            fields = as_sent(form) | fields
        for name, value in fields.items():
            sent[name] = value
        return sent, now.began

    def _all_forms(self):
        rows = [form for each in self.lists for form in (each.management_form, *each)]
        return [*self.forms, *rows, self.letter_section.csv.form]

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
