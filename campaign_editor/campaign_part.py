"""The texts, the dates and the picture of a campaign, in the guided form."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign_editor.free_names import UNNAMED
from campaign_editor.parts import ModelPart
from campaigns.local_time import LocalTimeField, LocalTimes
from campaigns.models import Campaign
from campaigns.pictures import picture_files
from campaigns.zone_select import ZoneSelect
from pages.day_inputs import DayInput
from versions.pending_uploads import KeepsPendingUploads, PendingUploadField

LINES = (
    "title",
    "title_ask",
    "slug",
    "reading_title",
    "event_name",
    "picture_alt",
    "picture_credit",
)
SHORT_TEXTS = ("summary", "happening", "wrong", "asked", "share_text")


class CampaignPart(KeepsPendingUploads, ModelPart, LocalTimes, forms.ModelForm):
    """Texts, dates and picture. Times are in the campaign's time zone."""

    TIMES = ("opens", "closes", "publish_at")
    needed = ("language", "timezone", "picture_x", "picture_y")
    optional = (
        *("title_ask", "slug", "happening", "wrong", "asked", "reading_title"),
        *("call_for_action", "share_text", "thanks_text", "opens", "closes"),
        *("event_name", "event_starts", "event_ends", "new_picture", "picture_credit"),
    )
    examples = {
        "title": _("Bucheon, South Korea: close the dog meat market"),
        "title_ask": _("Time for the Mayor to act"),
        "summary": _("Ask Mayor Kim to close the market before the end of the year."),
        "happening": _("Dogs are sold for meat in the middle of the city."),
        "wrong": _("The city’s own rules forbid it, and nobody enforces them."),
        "asked": _("Close the market, and help the sellers find other work."),
        "picture_alt": _("A brown dog looks through the bars of a cage."),
        "share_text": _("I have just signed this. One minute, and it helps. Will you?"),
        "call_for_action": _(
            "The Mayor arrives on 2 November. Write to him before that."
        ),
    }

    opens = LocalTimeField(
        label=_("Opens"),
        help_text=_(
            "People can sign and write from then on. If empty, from the "
            "moment it is published."
        ),
    )
    closes = LocalTimeField(
        label=_("Closes"),
        help_text=_("Signing and writing end then, or when you close it."),
    )
    publish_at = LocalTimeField(
        label=_("Publish later"),
    )
    new_picture = PendingUploadField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP or GIF of at most 10 MB, wide rather than tall."),
    )
    drop_picture = forms.BooleanField(label=_("Remove the picture"))
    prepared = None
    comments = forms.BooleanField(
        label=_("People may comment"),
        help_text=_(
            "A moderator reads the first comment of each writer before it appears. "
            "Later ones can appear at once, if our checks find nothing."
        ),
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
            "share_text",
            "thanks_text",
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
            **dict.fromkeys(SHORT_TEXTS, forms.Textarea(attrs={"rows": 2})),
            "story": AdminTextareaWidget,
            "call_for_action": AdminTextareaWidget(attrs={"rows": 5}),
            "thanks_text": AdminTextareaWidget(attrs={"rows": 5}),
            "event_starts": DayInput,
            "event_ends": DayInput,
            "timezone": ZoneSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].help_text = _(
            "The address of the page. If empty, we make it from the title. If you "
            "change it later, old links still work."
        )
        self.fields["slug"].error_messages["invalid"] = _(
            "Use only the letters a to z, digits and hyphens, like save-the-foxes."
        )
        if not self.is_bound:
            self._show_slug()

    def _show_slug(self):
        campaign = self.instance
        if campaign.pk and not campaign.slug.startswith(UNNAMED):
            self.initial.setdefault("slug", campaign.slug)
        elif self.initial.get("slug", "").startswith(UNNAMED):
            self.initial["slug"] = ""

    def stored_times(self):
        campaign = self.instance
        opens = campaign.opens_at
        is_draft = campaign.published_at is None and opens <= timezone.now()
        if is_draft or opens == campaign.published_at:
            opens = None  # it opens when it is published
        return {
            "opens": opens,
            "closes": campaign.closes_at,
            "publish_at": campaign.published_at if campaign.is_scheduled else None,
        }

    def clean(self):
        data = super().clean()
        self._refuse_the_wrong_order(data)
        self._look_at_picture(data)
        return data

    def _refuse_the_wrong_order(self, data):
        if data.get("closes") and data["closes"] <= self._opens(data):
            self.add_error("closes", _("The campaign must close after it opens."))
        starts, ends = data.get("event_starts"), data.get("event_ends")
        if ends and (starts is None or ends < starts):
            self.add_error("event_ends", _("The event must end on or after its start."))

    def _look_at_picture(self, data):
        """Take a picture only together with its description."""
        file = data.get("new_picture")
        stays = bool(self.instance.picture) and not data.get("drop_picture")
        prepared = None
        if file:
            try:
                prepared = picture_files.prepare(file)
            except picture_files.NotAPicture as reason:
                self.add_error("new_picture", str(reason))
        if (prepared or stays) and not data.get("picture_alt"):
            if "picture_alt" not in self.errors:
                self.add_error("picture_alt", _("Say what the picture shows."))
            return
        self.prepared = prepared
        if not file and not stays:
            self.instance.drop()

    def put_in(self):
        """Write the times that can be used into the campaign."""
        campaign, data = self.instance, self.cleaned_data
        campaign.opens_at = self._opens(data)
        if "closes" in data:
            campaign.closes_at = data["closes"]
        if campaign.closes_at and campaign.closes_at <= campaign.opens_at:
            campaign.closes_at = None

    def _opens(self, data):
        """When it opens, as far as what was typed can be used."""
        campaign = self.instance
        if data.get("opens"):
            return data["opens"]
        if "opens" in data and campaign.published_at is None:
            return min(campaign.opens_at, timezone.now())
        if "opens" in data and campaign.is_scheduled:
            return campaign.published_at
        return campaign.opens_at

    def _post_clean(self):
        super()._post_clean()
        starts, ends = self.instance.event_starts, self.instance.event_ends
        if ends and (starts is None or ends < starts):
            self.instance.event_ends = None
        try:
            self.instance.refuse_past_end(self.cleaned_data.get("closes"))
        except ValidationError as error:
            self.add_error("closes", error.messages)
