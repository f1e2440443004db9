from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from campaigns import views
from campaigns.editor import editor_csp
from campaigns.ending import ending
from campaigns.local_time import LOCAL_TIMES, LocalTimes
from campaigns.models.campaign import Campaign
from campaigns.models.milestone import Milestone
from campaigns.models.text import CampaignText
from campaigns.models.update import Update, UpdateText
from campaigns.pictures import picture_files
from campaigns.same_meaning import SaysTheSame, SaysTheSameAdmin
from campaigns.text import as_text
from campaigns.texts_admin import (
    LanguageFilter,
    TextInLanguageAdmin,
    TextInLanguageForm,
)
from database.moments import day_and_hour
from reporting.figures import figures_for, figures_page
from versions.pending_uploads import KeepsPendingUploads, PendingUploadField
from versions.versioned_admin import VersionedAdmin


class UpdateForm(LocalTimes, KeepsPendingUploads, forms.ModelForm):
    """An update with its picture; `prepared` is the picture that came with it."""

    TIMES = ("publish_at",)
    new_picture = PendingUploadField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG, WebP or GIF of at most 10 MB, wide rather than tall."),
    )
    drop_picture = forms.BooleanField(label=_("Remove the picture"), required=False)
    prepared = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "picture_alt" in self.fields:  # needed with a picture
            self.fields["picture_alt"].is_optional = False
        if "drop_picture" in self.fields and not self.instance.picture:
            self.fields["drop_picture"].widget = forms.HiddenInput()

    @property
    def zone(self):
        return self.instance.campaign.zone

    def typed_zone(self, typed):
        campaign = typed.get("campaign")
        return campaign and campaign.zone

    def clean_text(self):
        """An empty paragraph, which an empty editor leaves, is no text."""
        if not as_text(self.cleaned_data["text"]):
            raise ValidationError(self.fields["text"].error_messages["required"])
        return self.cleaned_data["text"]

    def clean(self):
        data = super().clean()
        file = data.get("new_picture")
        drops = data.get("drop_picture") and not file
        has_picture = file or (self.instance.picture and not drops)
        if has_picture and not data.get("picture_alt"):
            self.add_error("picture_alt", _("Say what the picture shows."))
        if file:
            try:
                self.prepared = picture_files.prepare(file)
            except picture_files.NotAPicture as reason:
                self.add_error("new_picture", str(reason))
        elif drops:
            self.instance.drop()
        return data


class CampaignTextForm(SaysTheSame, TextInLanguageForm):
    pass


@admin.register(CampaignText)
class CampaignTextAdmin(SaysTheSameAdmin, TextInLanguageAdmin, VersionedAdmin):
    """What a campaign says in a further language; readers get it once published."""

    form = CampaignTextForm
    new_may_be_signed = True
    is_audited = False
    list_display = ["title", "campaign", "language", "published_at"]
    list_filter = [("language", LanguageFilter), "campaign"]
    list_select_related = ["campaign"]
    search_fields = ["title", "slug", "campaign__title"]
    autocomplete_fields = ["campaign"]
    readonly_fields = ["state"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["campaign", "language", "slug", "state", "shows"]}),
        (
            _("Title and summary"),
            {"fields": ["title", "title_ask", "summary", "ask", "means_the_same"]},
        ),
        (_("In short"), {"fields": ["happening", "wrong", "asked"]}),
        (
            _("The page"),
            {
                "fields": [
                    *("story", "reading_title", "call_for_action"),
                    *("picture_alt", "event_name", "outcome"),
                ]
            },
        ),
        (_("After signing"), {"fields": ["share_text", "thanks_text"]}),
    ]

    def changeform_view(self, request, *args, **kwargs):
        view = csp_override(editor_csp())(super().changeform_view)
        return view(request, *args, **kwargs)

    def view_on_site(self, text):
        """The page in this language; of a draft, its preview."""
        if text.published_at and text.campaign.is_published:
            return text.get_absolute_url()
        return reverse("admin:campaigns_campaigntext_preview", args=[text.pk])

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        name = "campaigns_campaigntext_preview"
        return [path("<int:pk>/preview/", view, name=name), *super().get_urls()]

    def preview(self, request, pk):
        """The page as visitors will see it."""
        found = CampaignText.objects.select_related("campaign")
        text = get_object_or_404(found, pk=pk)
        if not self.has_view_permission(request, text):
            raise PermissionDenied
        text.campaign.localize(text)
        return views.shown_as_draft(request, text.campaign, is_preview=True)


@admin.register(Update)
class UpdateAdmin(VersionedAdmin):
    form = UpdateForm
    readonly_fields = ["picture_preview"]
    formfield_overrides = LOCAL_TIMES
    is_audited = False
    list_display = ["title", "campaign", "state", "publishes", "author"]
    list_filter = ["campaign"]
    list_select_related = ["campaign", "author"]
    search_fields = ["title", "campaign__title"]
    autocomplete_fields = ["campaign", "follow_up"]
    change_form_template = "admin/campaigns/update.html"
    fields = [
        "campaign",
        "title",
        "text",
        *("new_picture", "picture_preview", "picture_alt", "picture_credit"),
        *(("picture_x", "picture_y"), "drop_picture"),
        "subject",
        "preheader",
        "is_outcome",
        "follow_up",
        "publish_at",
    ]

    class Media:
        js = [forms.Script("js/elements/focus-picker.js", type="module")]

    def changeform_view(self, request, *args, **kwargs):
        view = csp_override(editor_csp())(super().changeform_view)
        return view(request, *args, **kwargs)

    @admin.display(description=_("The picture now"))
    def picture_preview(self, row):
        return render_to_string("admin/campaigns/_picture.html", {"row": row})

    @admin.display(description=_("publish at"), ordering="publish_at")
    def publishes(self, update):
        at = update.publish_at
        return at and day_and_hour(at, update.campaign.zone)

    @admin.display(description=_("state"))
    def state(self, update):
        if update.is_published:
            if update.campaign.is_published:
                return _("published")
            return _("appears when its campaign is published")
        return _("scheduled") if update.is_scheduled else _("draft")

    def save_model(self, request, update, form, change):
        """Publish it when its time has come; a later time takes it off the page."""
        update.author = update.author or request.user
        had_time = change and form.initial.get("publish_at")
        if form.prepared:
            update.put(form.prepared)
        if update.publish_at is None or update.publish_at > timezone.now():
            update.published_at = None
        super().save_model(request, update, form, change)
        update.have_pictures_made()
        update.publish()
        if update.publish_at and not (had_time or hasattr(update, "mailing")):
            said = _("We have not emailed it. You send it to followers from this page:")
            page = reverse("admin:supporters_mailing_mail", args=[update.pk])
            link = format_html('<a href="{}">{}</a>', page, _("The email to followers"))
            messages.info(request, format_html("{} {}", said, link))

    def view_on_site(self, update):
        """The page of an update; as long as visitors cannot see it, its preview."""
        if update.is_published and update.campaign.is_published:
            return update.get_absolute_url()
        return reverse("admin:campaigns_update_preview", args=[update.pk])

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found.filter(campaign__deleted_at=None)

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        name = "campaigns_update_preview"
        return [path("<int:pk>/preview/", view, name=name), *super().get_urls()]

    def preview(self, request, pk):
        """The page as visitors will see it."""
        update = get_object_or_404(Update.objects.select_related("campaign"), pk=pk)
        if not self.has_view_permission(request, update):
            raise PermissionDenied
        return render(
            request,
            "campaigns/update_preview.html",
            {"campaign": update.campaign, "update": update},
        )


@admin.register(UpdateText)
class UpdateTextAdmin(TextInLanguageAdmin, VersionedAdmin):
    """What an update says in a further language."""

    is_audited = False
    list_display = ["title", "update", "language", "published_at"]
    list_filter = [("language", LanguageFilter), "update__campaign"]
    list_select_related = ["update__campaign"]
    search_fields = ["title", "update__title", "update__campaign__title"]
    autocomplete_fields = ["update"]
    readonly_fields = ["state"]
    fields = [
        *("update", "language", "state", "shows", "title", "text"),
        *("picture_alt", "subject", "preheader"),
    ]
    # Readers may not have it yet.
    view_on_site = False

    def changeform_view(self, request, *args, **kwargs):
        view = csp_override(editor_csp())(super().changeform_view)
        return view(request, *args, **kwargs)
