"""The parts of the guided form. Nothing is required: a draft is saved at any moment."""

from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AdminTextInputWidget,
    AdminURLFieldWidget,
)
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict, ErrorList
from django.utils import timezone
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.pictures import files as pictures
from letters.models import RecipientList, SuggestedLetter, Variant
from letters.recipients.csv_import import RecipientForm
from letters.writing import placeholders
from letters.writing.meetings import at_the_place
from petitions.models import Petition
from versions.kept_files import KeepsFiles, KeptFileField

MOST_ROWS = 30
BLANK_ROWS = 3


class Part:
    """A form that takes what is good, and knows what is left."""

    # What no browser leaves out.
    needed = ()
    examples = {}

    def __init__(self, *args, kept=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name in self.needed
            field.widget.is_required = field.required
            field.widget.attrs.pop("maxlength", None)  # the server says it
            field.example = self.examples.get(name, "")
        if kept and not self.is_bound:
            self._show_again(kept)

    def _show_again(self, kept):
        """Fill in what was typed before, with what is wrong with it."""
        named = {name: kept.get(self.add_prefix(name)) for name in self.fields}
        named = {name: found for name, found in named.items() if found}
        self.initial |= {name: found["value"] for name, found in named.items()}
        self._errors = ErrorDict(
            {name: ErrorList(found["errors"]) for name, found in named.items()}
        )

    def what_is_left(self):
        """What cannot be used, by its name in the page: as it was typed, and why."""
        return {
            self.add_prefix(name): {
                "value": storable(self[name].data),
                "errors": [storable(error) for error in errors],
            }
            for name, errors in self.errors.items()
            if name in self.fields
        }


class ModelPart(Part):
    """The same for a row, which keeps its old value where the new one is no good."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields = [f.attname for f in self.instance._meta.concrete_fields]
        self._before = {name: getattr(self.instance, name) for name in fields}

    def _post_clean(self):
        super()._post_clean()
        for name in self.errors:
            if name in self._before:
                setattr(self.instance, name, self._before[name])


def storable(value):
    """What was typed, without what PostgreSQL cannot hold."""
    return str(value or "").replace("\x00", "\ufffd")


class LocalTime(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def zones(known):
    """The one that is known, and each that a place has, by its region."""
    regions = {}
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region not in ("Etc", "SystemV", "posix", "right"):
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    first = dict.fromkeys([known, "UTC"])
    return [*((name, name) for name in first), *regions.items()]


LINES = (
    "title",
    "title_ask",
    "slug",
    "happening",
    "wrong",
    "asked",
    "reading_title",
    "event_name",
    "picture_alt",
    "picture_credit",
)


class CampaignPart(KeepsFiles, ModelPart, forms.ModelForm):
    """Texts and dates. Times are meant by the clocks of the campaign's time zone."""

    TIMES = ("opens", "closes", "publish_at")
    needed = ("language", "timezone", "picture_x", "picture_y")
    examples = {
        "title": _("Bucheon, South Korea: close the dog meat market"),
        "title_ask": _("Time for the Mayor to act"),
        "summary": _("Ask Mayor Kim to close the market before the end of the year."),
        "happening": _("Dogs are sold for meat in the middle of the city."),
        "wrong": _("The city’s own rules forbid it, and nobody enforces them."),
        "asked": _("Close the market, and help the sellers to find other work."),
        "event_name": _("Visit of the Mayor"),
        "picture_alt": _("A brown dog looks through the bars of a cage."),
        "call_for_action": _("The Mayor comes on 2 November. Write to him before."),
    }

    opens = forms.DateTimeField(
        label=_("Opens"),
        widget=LocalTime,
        help_text=_("From then on people can sign and write. Empty: when published."),
    )
    closes = forms.DateTimeField(
        label=_("Closes"),
        widget=LocalTime,
        help_text=_("Signing and writing end then. Empty: until you close it."),
    )
    publish_at = forms.DateTimeField(
        label=_("Publish at a time to come"),
        widget=LocalTime,
        help_text=_("By the clocks of the campaign’s time zone."),
    )
    new_picture = KeptFileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP or GIF of at most 10 MB, wide rather than tall."),
    )
    drop_picture = forms.BooleanField(label=_("Take the picture off"))
    prepared = None
    comments = forms.BooleanField(
        label=_("People may comment"),
        help_text=_("A person reads each comment before it shows."),
    )

    class Meta:
        model = Campaign
        fields = [
            "title",
            "title_ask",
            "slug",
            "language",
            "summary",
            "happening",
            "wrong",
            "asked",
            "story",
            "reading_title",
            "call_for_action",
            "event_name",
            "event_starts",
            "event_ends",
            "timezone",
            "picture_alt",
            "picture_credit",
            "picture_x",
            "picture_y",
        ]
        widgets = {
            **dict.fromkeys(LINES, AdminTextInputWidget),
            "summary": forms.Textarea(attrs={"rows": 2}),
            "story": AdminTextareaWidget,
            "call_for_action": AdminTextareaWidget(attrs={"rows": 5}),
            "event_starts": Day,
            "event_ends": Day,
            "timezone": forms.Select,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["timezone"].widget.choices = zones(self.instance.timezone)
        self.fields["slug"].help_text = _(
            "The page is at this name. Empty: made from the title. When it changes "
            "later, links to the old one still lead here."
        )
        if not self.is_bound:
            self._show_times()

    def _show_times(self):
        campaign = self.instance
        if campaign.pk and not campaign.slug.startswith(UNNAMED):
            self.initial.setdefault("slug", campaign.slug)
        elif self.initial.get("slug", "").startswith(UNNAMED):
            self.initial["slug"] = ""
        opens = campaign.opens_at
        is_draft = campaign.published_at is None and opens <= timezone.now()
        if is_draft or opens == campaign.published_at:
            opens = None  # it opens when it is published
        shown = {
            "opens": opens,
            "closes": campaign.closes_at,
            "publish_at": campaign.is_scheduled and campaign.published_at,
        }
        for name, moment in shown.items():
            local = moment and moment.astimezone(campaign.zone).replace(tzinfo=None)
            self.initial.setdefault(name, local or None)

    def clean(self):
        data = super().clean()
        for name in self.TIMES:
            if data.get(name) and data.get("timezone") in available_timezones():
                self._at_the_place(data, name, ZoneInfo(data["timezone"]))
        self._refuse_the_wrong_order(data)
        self._look_at_picture(data)
        return data

    def _at_the_place(self, data, name, zone):
        try:
            data[name] = at_the_place(data[name].replace(tzinfo=None), zone)
        except ValidationError as error:
            self.add_error(name, error)

    def _refuse_the_wrong_order(self, data):
        opens = data.get("opens") or self.instance.opens_at
        if data.get("closes") and data["closes"] <= opens:
            self.add_error("closes", _("The campaign must close after it opens."))
        starts, ends = data.get("event_starts"), data.get("event_ends")
        if ends and (starts is None or ends < starts):
            self.add_error("event_ends", _("The event must end on or after its start."))

    def _look_at_picture(self, data):
        """A picture is taken with what it shows, or not at all."""
        file = data.get("new_picture")
        stays = bool(self.instance.picture) and not data.get("drop_picture")
        prepared = None
        if file:
            try:
                prepared = pictures.prepare(file)
            except pictures.NotAPicture as reason:
                self.add_error("new_picture", str(reason))
        if (prepared or stays) and not data.get("picture_alt"):
            if "picture_alt" not in self.errors:
                self.add_error("picture_alt", _("Say what the picture shows."))
            return
        self.prepared = prepared
        if not file and not stays:
            self.instance.drop()

    def what_is_left(self):
        """With a picture that cannot be used yet: its key, by which it comes back."""
        left = super().what_is_left()
        if self.prepared is None:
            for name, kept in self.keep_files().items():
                said = _("Say what it shows, and save: then it stands on the page.")
                left[name] = {"value": kept.key, "errors": [str(said)]}
        return left

    def _show_again(self, kept):
        super()._show_again(kept)
        if key := self.initial.pop("new_picture", ""):
            self.show_kept("new_picture", key)

    def put_in(self):
        """Write the times into the campaign, as far as they are good."""
        campaign, data = self.instance, self.cleaned_data
        if data.get("opens"):
            campaign.opens_at = data["opens"]
        elif "opens" in data and campaign.published_at is None:
            campaign.opens_at = min(campaign.opens_at, timezone.now())
        elif "opens" in data and campaign.is_scheduled:
            campaign.opens_at = campaign.published_at
        if "closes" in data:
            campaign.closes_at = data["closes"]
        if campaign.closes_at and campaign.closes_at <= campaign.opens_at:
            campaign.closes_at = None
            if "closes" not in self.errors:
                self.add_error("closes", _("The campaign must close after it opens."))

    def _post_clean(self):
        super()._post_clean()
        starts, ends = self.instance.event_starts, self.instance.event_ends
        if ends and (starts is None or ends < starts):
            self.instance.event_ends = None  # what was typed is kept beside


# Before a campaign has a title, it has an address that nobody sees.
UNNAMED = "draft-"


class PetitionPart(ModelPart, forms.ModelForm):
    examples = {
        "ask": _("I ask Mayor Kim to close the dog meat market of Bucheon for good."),
    }

    class Meta:
        model = Petition
        fields = ["ask"]
        widgets = {"ask": forms.Textarea(attrs={"rows": 3})}

    def clean_ask(self):
        ask = " ".join(self.cleaned_data["ask"].split())
        if not ask and self.instance.pk and self.instance.signatures.exists():
            raise ValidationError(_("People have signed this sentence: keep it."))
        return ask


class LetterPart(ModelPart, forms.ModelForm):
    """The letter, and to whom it goes."""

    needed = ("mode",)
    examples = {
        "subject": _("Please close the dog meat market"),
        "addressed_as": _("Mayor Kim and the City Council"),
    }

    recipients = forms.ModelChoiceField(
        RecipientList.objects.all(),
        label=_("Who gets the letter"),
        empty_label=_("A new list, for this campaign"),
    )
    addressed_as = forms.CharField(
        label=_("How the letter names them all"),
        max_length=200,
        widget=AdminTextInputWidget,
        help_text=_("For a list that other campaigns use too, this stays as it is."),
    )

    class Meta:
        model = SuggestedLetter
        fields = ["subject", "body", "ask", "mode"]
        widgets = {
            "subject": AdminTextInputWidget,
            "body": AdminTextareaWidget(attrs={"rows": 14}),
            "ask": AdminTextareaWidget(attrs={"rows": 3}),
            "mode": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound and self.instance.recipient_list_id:
            known = self.instance.recipient_list
            self.initial.setdefault("recipients", known.pk)
            self.initial.setdefault("addressed_as", known.addressed_as)
        if not self.is_bound and not self.initial.get("body"):
            self.initial["body"] = START_OF_LETTER

    def _post_clean(self):
        super()._post_clean()
        if self.is_unwritten:
            # What a text must hold is asked of one that is there.
            self._errors.pop("body", None)
            self.instance.body = ""

    @property
    def is_unwritten(self):
        body = normalize_newlines(self["body"].data or "").strip()
        return body in ("", START_OF_LETTER.strip())

    @property
    def has_words(self):
        """Whether something of the letter itself was typed."""
        typed = (self[name].data for name in ("subject", "ask"))
        return any(typed) or not self.is_unwritten


START_OF_LETTER = f"\n\n{placeholders.OWN_WORDS}\n\n{placeholders.NAME_AND_PLACE}\n"


class Row(Part):
    """One row of a list in the form; an empty one is none."""

    @property
    def is_empty(self):
        return not any(str(self[name].data or "").strip() for name in self.typed)

    def what_was_typed(self):
        return {
            "values": {name: storable(self[name].data) for name in self.fields},
            "errors": {
                name: [storable(error) for error in errors]
                for name, errors in self.errors.items()
                if name in self.fields
            },
        }

    def _ask_for(self, *names):
        for name in names:
            if name in self.cleaned_data and not self.cleaned_data[name]:
                self.add_error(name, _("Fill this in, or empty the row."))


class ReadingRow(Row, forms.Form):
    typed = ("title", "url")
    title = forms.CharField(
        label=_("Title"), max_length=250, widget=AdminTextInputWidget
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=200,
        widget=AdminURLFieldWidget,
        assume_scheme="https",
    )

    def clean(self):
        super().clean()
        if not self.is_empty:
            self._ask_for("title")


class VariantRow(Row, forms.Form):
    typed = ("text",)
    needed = ("part",)
    part = forms.ChoiceField(label=_("For"), choices=Variant.Part.choices)
    text = forms.CharField(
        label=_("Text"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self):
        data = super().clean()
        if data.get("text") and data.get("part"):
            try:
                Variant(part=data["part"], text=data["text"]).clean()
            except ValidationError as error:
                self.add_error(None, error)


class RecipientRow(Row, RecipientForm):
    """A recipient, checked as those from CSV are."""

    typed = ("name", "office", "email")

    class Meta(RecipientForm.Meta):
        fields = ("name", "office", "email", "salutation")
        help_texts = {"name": "", "office": "", "salutation": ""}
        widgets = {
            "name": AdminTextInputWidget,
            "office": AdminTextInputWidget,
            "salutation": AdminTextInputWidget,
            "email": forms.EmailInput(attrs={"class": "vTextField"}),
        }

    def clean(self):
        super().clean()
        if not self.is_empty:
            self._ask_for("office", "email")
        return self.cleaned_data


def rows_of(form):
    return forms.formset_factory(
        form, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=1000
    )


READINGS, VARIANTS, RECIPIENTS = map(rows_of, (ReadingRow, VariantRow, RecipientRow))
