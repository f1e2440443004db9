"""The page of the admin on which a campaign is closed, or opened again."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaigns.local_time import LocalTimeField, LocalTimes, in_words
from campaigns.models import Campaign
from pages.day_inputs import MomentInput
from pages.form_fields import TextField
from pages.languages import name_in


class ClosingForm(forms.Form):
    reason = TextField(
        label=_("Why it ends"),
        max_length=600,
        required_message=_("Say why it ends. Readers will ask."),
        too_long_message=_("Shorten the reason to 600 characters."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("Everybody reads it on the campaign’s page."),
    )


class ReopeningForm(LocalTimes, forms.ModelForm):
    TIMES = ("closes_at",)

    class Meta:
        model = Campaign
        fields = ["closes_at"]
        labels = {"closes_at": _("Closes")}
        help_texts = {
            "closes_at": _("If empty, the campaign stays open until you close it.")
        }
        field_classes = {"closes_at": LocalTimeField}
        widgets = {"closes_at": MomentInput}

    def stored_times(self):
        closes_at = self.instance.closes_at
        return {"closes_at": closes_at if not is_over(closes_at) else None}

    def typed_zone(self, typed):
        return self.zone

    def clean(self):
        typed = super().clean()
        if is_over(typed.get("closes_at")):
            self.add_error("closes_at", _("Enter a time in the future."))
        elif (end := typed.get("closes_at")) and end <= self.instance.opens_at:
            self.add_error("closes_at", _("Enter a time after the campaign opens."))
        return typed


def is_over(moment):
    return moment is not None and moment <= timezone.now()


@require_http_methods(["GET", "HEAD", "POST"])
def ending(request, pk):
    """Say what closing does, and ask why; or open again what was closed."""
    campaign = get_object_or_404(Campaign.objects.not_deleted(), pk=pk)
    if not request.user.has_perm("campaigns.change_campaign"):
        raise PermissionDenied
    closing = ClosingForm(
        request.POST if "close" in request.POST else None,
        initial={"reason": campaign.end_reason},
    )
    if len(settings.LANGUAGES) > 1:
        said = gettext("Everybody reads it on the campaign’s page. Write it in %s.")
        closing.fields["reason"].help_text = said % name_in(campaign.language)
    reopening = ReopeningForm(
        request.POST if "reopen" in request.POST else None,
        instance=campaign,
        initial={"closes_at": None},
    )
    if closing.is_bound and closing.is_valid():
        campaign.close(closing.cleaned_data["reason"])
        return _done(
            request, campaign, gettext("Closed. The pages change within a minute.")
        )
    if reopening.is_bound and reopening.is_valid():
        campaign = Campaign.objects.get(pk=pk)
        campaign.reopen(reopening.cleaned_data["closes_at"])
        said = gettext("Open again. The pages change within a minute.")
        return _done(request, campaign, said)
    is_refused = closing.is_bound or reopening.is_bound
    context = {
        **admin.site.frame(request, Campaign._meta),
        "title": _("Open again?") if campaign.has_ended else _("Close it now?"),
        "campaign": campaign,
        "closing": closing,
        "reopening": reopening,
        "hours": settings.CONFIRM_AFTER_END_HOURS,
        "ended": campaign.ended_at and in_words(campaign.ended_at, campaign.zone),
    }
    page = "admin/campaigns/ending.html"
    return TemplateResponse(request, page, context, status=422 if is_refused else 200)


def _done(request, campaign, said):
    said = gettext("%(campaign)s: %(said)s") % {"campaign": campaign, "said": said}
    LogEntry.objects.log_actions(request.user.pk, [campaign], CHANGE, said)
    messages.success(request, said)
    return redirect("campaign_editor:home", campaign.pk)
