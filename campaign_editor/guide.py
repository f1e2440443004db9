"""The guided form: one campaign with all that belongs to it, saved at once.

A draft takes all that is good and keeps the rest as it was typed (Unfinished). What is
published, or will be by itself, takes a form that is good and whole, or none of it.
"""

from contextlib import suppress
from functools import cached_property

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.forms.utils import ErrorDict, ErrorList
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign_editor import checklist
from campaign_editor.forms import (
    READINGS,
    RECIPIENTS,
    UNNAMED,
    VARIANTS,
    CampaignPart,
    LetterPart,
    PetitionPart,
    storable,
)
from campaign_editor.models import Unfinished
from campaigns.models import RESERVED_SLUGS, Campaign, FormerSlug, Reading
from comments.models import Thread
from letters.models import RecipientList, SuggestedLetter, Variant
from letters.recipients import csv_import
from petitions.models import Petition
from reporting import csv_files
from reporting.csv_files import CsvForm
from versions import texts
from versions.models import Version

SHARED = _(
    "This list serves other campaigns, too: add people on its own page, or choose a "
    "new list."
)
PEOPLE_SHOWN = 20
LONGEST_SLUG = 80
LONGEST_LIST_NAME = 120


class Guide:
    """One campaign's guided form, empty, filled in from what is stored, or sent."""

    publish_at = None
    people_added = taken_in = 0

    def __init__(self, campaign=None, data=None, files=None):
        self.campaign = campaign or Campaign()
        self.is_new = self.campaign.pk is None
        self.name = str(self.campaign)
        self.data, self.files = data, files
        self.petition = self._part(Petition)
        self.letter = self._part(SuggestedLetter)
        self.unfinished = self._part(Unfinished) or Unfinished(campaign=self.campaign)
        self._make_forms()

    def _part(self, model):
        if self.is_new:
            return None
        found = model.objects.filter(campaign=self.campaign)
        if model is SuggestedLetter:
            found = found.select_related("recipient_list")
        part = found.first()
        if part:
            part.campaign = self.campaign
        return part

    def _make_forms(self):
        kept = self.unfinished.kept_fields
        self.campaign_form = CampaignPart(
            self.data,
            self.files,
            instance=self.campaign,
            kept=kept,
            initial={"comments": self._takes_comments},
        )
        self.petition_form = PetitionPart(
            self.data,
            instance=self.petition or Petition(),
            kept=kept,
            prefix="petition",
        )
        letter = self.letter or SuggestedLetter()
        self.letter_form = LetterPart(
            self.data, instance=letter, kept=kept, prefix="letter"
        )
        self.readings = self._rows(READINGS, "reading", self._stored_readings())
        self.variants = self._rows(VARIANTS, "variant", self._stored_variants())
        self.recipients = self._rows(RECIPIENTS, "recipient", [])
        self.csv_form = CsvForm(
            self.data,
            self.files,
            columns=csv_import.COLUMNS,
            prefix="csv",
            initial={"text": self.unfinished.csv},
        )

    def _stored_readings(self):
        readings = [] if self.is_new else self.campaign.readings.all()
        return [{"title": row.title, "url": row.url} for row in readings]

    def _stored_variants(self):
        variants = self.letter.variants.order_by("pk") if self.letter else []
        return [{"part": row.part, "text": row.text} for row in variants]

    def _rows(self, formset, prefix, stored):
        """Rows as stored, after them those that need another look, and blank ones."""
        if self.data is not None:
            return formset(self.data, prefix=prefix)
        kept = self.unfinished.kept_rows.get(prefix, [])
        rows = formset(
            prefix=prefix, initial=[*stored, *(row["values"] for row in kept)]
        )
        for form, row in zip(rows.forms[len(stored) :], kept, strict=False):
            errors = {name: ErrorList(found) for name, found in row["errors"].items()}
            form._errors = ErrorDict(errors)
        return rows

    @cached_property
    def _takes_comments(self):
        if self.is_new:
            return True
        found = Thread.objects.filter(campaign=self.campaign, closed_at__isnull=False)
        return not found.exists()

    @property
    def forms(self):
        return (self.campaign_form, self.petition_form, self.letter_form)

    @property
    def all_rows(self):
        return {
            "reading": self.readings,
            "variant": self.variants,
            "recipient": self.recipients,
        }

    @property
    def is_public(self):
        """Published, or to be by itself: from here on only what is whole is stored."""
        return self.campaign.published_at is not None

    # What is stored already, for the page to show.

    @cached_property
    def list_shown(self):
        """The list that the letter goes to, with its people; or None."""
        return self.letter and self.letter.recipient_list

    @cached_property
    def people(self):
        """The first of those on the list; it may be thousands."""
        if not self.list_shown:
            return []
        return list(self.list_shown.recipients.in_office()[:PEOPLE_SHOWN])

    @cached_property
    def people_number(self):
        if not self.list_shown:
            return 0
        return self.list_shown.recipients.in_office().count()

    @cached_property
    def checklist(self):
        return checklist.checklist(
            self.campaign, self.petition, self.letter, self.unfinished
        )

    @cached_property
    def csv_rows(self):
        """What stands in the CSV that waits, and what is wrong with the file."""
        if not self.unfinished.csv:
            return [], []
        if self.list_shown and not self._is_own(self.list_shown):
            return [], [SHARED]
        return csv_import.read(self.unfinished.csv, self.list_shown or RecipientList())

    @property
    def csv_is_good(self):
        return csv_import.are_good(*self.csv_rows)

    @property
    def csv_shown(self):
        return csv_files.to_show(self.csv_rows[0])

    # Versions, and two who edit at once.

    @property
    def texts(self):
        """What has versions of what is stored."""
        return [
            text
            for text in (self.campaign, self.petition, self.letter)
            if text is not None and text.pk
        ]

    @cached_property
    def began(self):
        """A mark of what is stored, for the form to say what it began from."""
        return texts.digest(*(texts.content_of(text) for text in self.texts))

    @cached_property
    def newest_version(self):
        """Who has saved any of it last, and when; None where nobody has."""
        newest = [Version.objects.of(text).first() for text in self.texts]
        return max(filter(None, newest), key=lambda version: version.at, default=None)

    def note_versions(self, by):
        for text in [*self.texts, *filter(None, [self.list_shown])]:
            Version.objects.note(text, by=by)

    # Saving.

    def save(self, *, takes_in=False):
        """Store what was sent. False, and nothing stored, when it may not be so.

        `takes_in` the recipients from CSV, if every row of them is good.
        """
        was_public = self.is_public
        for form in self.forms:
            form.full_clean()
        with transaction.atomic():
            self._save_campaign()
            self._save_petition()
            self._save_letter()
            self._save_rows()
            self._save_comments()
            self._save_csv(takes_in)
            self._save_unfinished()
            # Read anew, for what follows.
            saved = Guide(Campaign.objects.get(pk=self.campaign.pk))
            saved.publish_at = self.campaign_form.cleaned_data.get("publish_at")
            if was_public and not saved.may_be_public:
                transaction.set_rollback(True)
                self.refused = saved.checklist.missing
                return False
            self._save_picture(saved.campaign)
        self.saved = saved
        return True

    @property
    def may_be_public(self):
        """CSV that nobody has taken in yet is no part of what the page shows."""
        return all(item.field == "csv-text" for item in self.checklist.missing)

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

    def _save_picture(self, campaign):
        """At the end, so that no file is kept of what is refused."""
        if self.campaign_form.prepared:
            campaign.put(self.campaign_form.prepared)
            campaign.save()
        campaign.have_pictures_made()

    def _save_petition(self):
        form = self.petition_form
        petition = form.instance
        petition.campaign = self.campaign
        if petition.ask or (petition.pk and self.is_public):
            petition.save()
        elif petition.pk:
            with suppress(ProtectedError), transaction.atomic():
                petition.delete()

    def _save_letter(self):
        form, letter = self.letter_form, self.letter_form.instance
        self.new_people = [row for row in self.recipients if not row.is_empty]
        has_people = self.new_people or self._csv_typed or self._names_somebody(form)
        if not form.has_words and not has_people:
            self._drop_letter(letter)
            return
        letter.campaign = self.campaign
        letter.recipient_list = self._list_of(form)
        letter.save()
        self.letter = letter

    def _names_somebody(self, form):
        """An empty list of one's own, which a draft has got by itself, is nobody."""
        chosen, before = form["recipients"].data, form.instance.recipient_list_id
        if chosen and chosen == str(before):
            known = form.instance.recipient_list
            if self._is_own(known) and not known.recipients.exists():
                chosen = ""
        return bool(chosen or form["addressed_as"].data)

    def _drop_letter(self, letter):
        """No letter is wanted. What people have written keeps the one there was."""
        if not letter.pk:
            return
        was_sent = letter.letters.exists() or letter.reported.exists()
        if self.is_public or was_sent:
            letter.save()
            return
        known, is_own = letter.recipient_list, self._is_own(letter.recipient_list)
        letter.delete()
        if is_own and not known.recipients.exists():
            known.delete()
        self.letter = None

    def _list_of(self, form):
        """The list that was chosen, or one of its own for this campaign."""
        data, letter = form.cleaned_data, form.instance
        before = letter.recipient_list if letter.recipient_list_id else None
        chosen = data.get("recipients")
        if "recipients" in form.errors:
            chosen = before
        is_own = before is not None and self._is_own(before)
        if chosen is None:
            chosen = before if is_own and not before.recipients.exists() else None
        if chosen is None:
            chosen = RecipientList(name=free_list_name(self.campaign))
        if chosen.pk is None or (chosen == before and is_own):
            if "addressed_as" in data:
                chosen.addressed_as = data["addressed_as"]
            chosen.save()
        if is_own and chosen != before and not before.recipients.exists():
            # Nobody else has it, and nobody is on it.
            letter.recipient_list = chosen
            letter.save()
            before.delete()
        return chosen

    def _is_own(self, recipient_list):
        others = recipient_list.letters.exclude(campaign=self.campaign.pk)
        return not others.exists()

    def _save_rows(self):
        self.rows_left = {
            prefix: [
                row.what_was_typed()
                for row in rows
                if not row.is_empty and not row.is_valid()
            ]
            for prefix, rows in self.all_rows.items()
        }
        if self.readings.management_form.is_valid():
            good = self._good(self.readings)
            # Rows that say the same stay the same: else each save were a new version.
            if good != self._stored_readings():
                self.campaign.readings.all().delete()
                Reading.objects.bulk_create(
                    Reading(campaign=self.campaign, order=number, **data)
                    for number, data in enumerate(good)
                )
        if self.letter is None:
            return
        if self.variants.management_form.is_valid():
            good = self._good(self.variants)
            if good != self._stored_variants():
                self.letter.variants.all().delete()
                Variant.objects.bulk_create(
                    Variant(letter=self.letter, **data) for data in good
                )
        self._save_people()

    def _good(self, rows):
        return [row.cleaned_data for row in rows if not row.is_empty and row.is_valid()]

    def _save_people(self):
        known = self.letter.recipient_list
        people = known.recipients
        taken = set(people.in_office().values_list("email", flat=True))
        last = people.order_by("order").last()
        order = last.order if last else 0
        is_own = self._is_own(known)
        for row in self.new_people:
            if not row.is_valid():
                continue
            error = None
            if not is_own:
                error = SHARED
            elif row.instance.email in taken:
                error = _("This list already has this address.")
            if error:
                row.add_error("email", error)
                self.rows_left["recipient"].append(row.what_was_typed())
                continue
            order = min(order + 1, csv_import.MOST_ORDER)
            row.instance.list, row.instance.order = known, order
            row.instance.save()
            taken.add(row.instance.email)
            self.people_added += 1

    def _save_comments(self):
        takes = bool(self.campaign_form.cleaned_data.get("comments"))
        if takes != self._takes_comments:
            thread = Thread.objects.locked(self.campaign.pk)
            if takes:
                thread.reopen()
            else:
                thread.close()

    @property
    def _csv_typed(self):
        if not self.csv_form.is_valid():
            return ""
        return self.csv_form.cleaned_data["text"]

    def _save_csv(self, takes_in):
        """Keep the CSV for its preview, or take in what the preview has shown."""
        self.csv_fault = ""
        if not self.csv_form.is_valid() and self._sent_csv:
            self.csv_fault = " ".join(self.csv_form.non_field_errors())
            self.unfinished.csv = storable(self._csv_text)
            return
        self.unfinished.csv = self._csv_typed
        if not takes_in or not self.unfinished.csv:
            return
        known = self.letter.recipient_list
        if not self._is_own(known):
            return
        _rows, _faults, self.taken_in = csv_import.read_for(
            known, self.unfinished.csv, takes_in=True
        )
        if self.taken_in:
            self.unfinished.csv = ""

    @property
    def _sent_csv(self):
        return bool(self._csv_text or (self.files and "csv-file" in self.files))

    @property
    def _csv_text(self):
        """What stands in the field; a line break alone is nothing, as for the form."""
        return self.data.get("csv-text", "").strip()

    def _save_unfinished(self):
        fields = {}
        for form in self.forms:
            fields |= form.what_is_left()
        self.unfinished.fields = fields
        self.unfinished.rows = {k: rows for k, rows in self.rows_left.items() if rows}
        self.unfinished.campaign = self.campaign
        if not self.unfinished.is_empty:
            self.unfinished.save()
        elif self.unfinished.pk:
            self.unfinished.delete()


def free_slug(campaign):
    """An address made of the title, which no campaign has, or has had."""
    start = slugify(campaign.title)[: LONGEST_SLUG - 5].strip("-")
    if not start:
        return UNNAMED + get_random_string(10).lower()
    others = Campaign.objects.exclude(pk=campaign.pk).values_list("slug", flat=True)
    former = FormerSlug.objects.exclude(campaign=campaign.pk)
    taken = {
        *others.filter(slug__startswith=start),
        *former.filter(slug__startswith=start).values_list("slug", flat=True),
        *RESERVED_SLUGS,
    }
    return next(name for name in numbered(start, "-") if name not in taken)


def free_list_name(campaign):
    """A name for a campaign's own list of recipients, which no list has."""
    start = (gettext("Recipients: %s") % campaign)[: LONGEST_LIST_NAME - 5].strip()
    lists = RecipientList.objects.filter(name__startswith=start)
    taken = set(lists.values_list("name", flat=True))
    return next(name for name in numbered(start, " ") if name not in taken)


def numbered(start, between):
    """The name itself, then with 2, 3 and so on."""
    yield start
    number = 2
    while True:
        yield f"{start}{between}{number}"
        number += 1


def copy(campaign):
    """A new draft with the texts of a campaign; what people did and when stays there.

    The list of recipients is the same one: the same officials, kept up to date once.
    """
    with transaction.atomic():
        new = Campaign.objects.get(pk=campaign.pk)
        new.pk, new._state.adding = None, True
        fresh = Campaign()
        for name in STAYS_BEHIND:
            setattr(new, name, getattr(fresh, name))
        new.slug = free_slug(new)
        new.save()
        new.have_pictures_made()
        Reading.objects.bulk_create(
            Reading(campaign=new, title=r.title, url=r.url, order=r.order)
            for r in campaign.readings.all()
        )
        if petition := Petition.objects.filter(campaign=campaign).first():
            Petition.objects.create(campaign=new, ask=petition.ask)
        if letter := SuggestedLetter.objects.filter(campaign=campaign).first():
            variants = list(letter.variants.order_by("pk"))
            letter.pk, letter._state.adding = None, True
            letter.campaign, letter.paused_at, letter.tested = new, None, ""
            letter.save()
            Variant.objects.bulk_create(
                Variant(letter=letter, part=v.part, text=v.text) for v in variants
            )
    return new


STAYS_BEHIND = (
    "outcome",
    "event_starts",
    "event_ends",
    "opens_at",
    "closes_at",
    "closed_at",
    "published_at",
    "draft_key",
    "created_at",
)
