"""The admin of access keys: make one, see it once, revoke it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from access_keys.keys import DOWNLOADS, AccessKey
from campaigns.models import Campaign
from staff.reach import has_everywhere, within


class AccessKeyForm(forms.ModelForm):
    maker = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "campaign" in self.fields:
            may_have_all = has_everywhere(self.maker, DOWNLOADS)
            self.fields["campaign"].is_optional = may_have_all

    def clean_name(self):
        """A form that is sent twice makes no second key."""
        name = self.cleaned_data["name"]
        if AccessKey.objects.working().filter(name=name).exists():
            raise forms.ValidationError(_("There is a key of this name already."))
        return name

    def clean_campaign(self):
        campaign = self.cleaned_data["campaign"]
        if campaign is None:
            if has_everywhere(self.maker, DOWNLOADS):
                return None
            raise forms.ValidationError(_("Choose the campaign that it is for."))
        mine = within(self.maker, Campaign.objects.filter(pk=campaign.pk), DOWNLOADS)
        if not mine.exists():
            raise forms.ValidationError(
                _("You may not download the names of this campaign.")
            )
        return campaign


@admin.register(AccessKey)
class AccessKeyAdmin(admin.ModelAdmin):
    form = AccessKeyForm
    filled_by = _(
        "There is no key yet. With a key, a program of your group reads the names "
        "that you may download."
    )
    list_display = ["name", "opened", "state_word", "made_by", "last_used_on"]
    list_select_related = ["campaign", "made_by"]
    autocomplete_fields = ["campaign"]
    fields = ["name", "campaign", "ends_on"]
    search_fields = ["name"]
    actions = None  # each is revoked by itself, after a question
    change_form_template = "admin/access_keys/key.html"
    when_empty = {"ends_on": _("Choose the last day on which it works.")}
    show_full_result_count = False

    def get_urls(self):
        view = self.admin_site.admin_view(self.revoke)
        own = path("<int:pk>/revoke/", view, name="access_keys_accesskey_revoke")
        return [own, *super().get_urls()]

    def has_change_permission(self, request, obj=None):
        """Nobody: a key is as it was made."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        shown = ["name", "opened", "state_word", "ends_on"]
        made = ["made_by", "made_at", "last_used_on"]
        return [*shown, *made] if obj else self.fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.maker = request.user
        return form

    @admin.display(description=_("campaign"), ordering="campaign")
    def opened(self, key):
        return key.opened

    @admin.display(description=_("state"))
    def state_word(self, key):
        return key.state

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def revoke(self, request, pk):
        """Say what follows, and the button for it."""
        key = get_object_or_404(AccessKey, pk=pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if AccessKey.objects.filter(pk=pk).revoke():
                self.log_change(request, key, str(_("Revoked.")))
            said = _("This key does not work any more.")
            self.message_user(request, said, messages.SUCCESS)
            return redirect("admin:access_keys_accesskey_changelist")
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Revoke this key?"),
            "key": key,
        }
        return TemplateResponse(request, "admin/access_keys/revoking.html", context)

    def save_model(self, request, key, form, change):
        key.made_by = request.user
        request.text_of_key = key.give_text()
        super().save_model(request, key, form, change)

    def response_add(self, request, key, post_url_continue=None):
        """The only page that ever shows the key."""
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Copy the key now"),
            "key": key,
            "text_of_key": request.text_of_key,
        }
        return TemplateResponse(request, "admin/access_keys/key_made.html", context)
