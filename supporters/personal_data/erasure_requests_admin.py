from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from staff.models import User
from staff.read_only_admin import ReadOnlyAdmin
from supporters.personal_data.erasure_requests import (
    OPEN_DAYS,
    ErasureRequest,
    SamePerson,
)


class Asking(forms.ModelForm):
    """The address, typed twice: nothing brings back somebody erased by mistake."""

    again = forms.EmailField(
        label=_("Email address again"),
        help_text=_("Enter it again. You cannot undo an erasure."),
    )

    class Meta:
        model = ErasureRequest
        fields = ["email", "again", "reason"]
        error_messages = {
            "reason": {"required": _("Enter how we know that the address is theirs.")}
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean(self):
        data = super().clean()
        email, again = data.get("email"), data.get("again")
        if email and again and email != again.lower():
            self.add_error("again", _("The addresses differ."))
        return data


@admin.register(ErasureRequest)
class ErasureRequestAdmin(ReadOnlyAdmin):
    """One asks; another looks at what would be erased, and confirms it or not."""

    filled_by = _(
        "Nothing is here yet. Add a request when somebody asks you to erase their data."
    )
    list_display = ["asked_at", "state", "asked_by", "closed_by", "closed_at"]
    list_select_related = ["asked_by", "closed_by"]
    list_display_links = ["asked_at", "state"]
    form = Asking
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "This asks for the erasure, and erases nothing yet. A second "
                    "person looks at it, and decides."
                ),
                "fields": Asking.Meta.fields,
            },
        )
    ]

    @admin.display(description=_("state"))
    def state(self, request):
        return request.state

    def has_add_permission(self, request):
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request, obj=None):
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def add_view(self, request, form_url="", extra_context=None):
        one_button = {
            "save_words": _("Ask for the erasure"),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().add_view(request, form_url, one_button)

    def save_model(self, request, asked, form, change):
        asked.asked_by = request.user
        super().save_model(request, asked, form, change)

    def response_add(self, request, asked, post_url_continue=None):
        said = _("Requested. One of your colleagues has to confirm it.")
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:supporters_erasurerequest_change", asked.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What would be erased, for a second person; afterwards the receipt."""
        asked = get_object_or_404(
            ErasureRequest.objects.select_related("asked_by", "closed_by"),
            pk=object_id if object_id.isdecimal() else None,
        )
        may_decide = self.has_change_permission(request, asked)
        if not self.has_view_permission(request, asked):
            raise PermissionDenied
        error = ""
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            decision = request.POST.get("decision")
            if decision not in ("erase", "turn-down"):
                error = _("Nothing has changed. Press one of the buttons.")
            elif decision == "erase" and not request.POST.get("is_sure"):
                error = _("First tick that you have looked at it.")
            elif self._decide(request, asked):
                return redirect("admin:supporters_erasurerequest_change", asked.pk)
        is_open = asked.closed_at is None
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Request to erase"),
            "asked": asked,
            "people": asked.people if is_open else [],
            "stored": sorted(
                (asked.stored() if is_open else asked.receipt or {}).items()
            ),
            "is_own": asked.asked_by == request.user,
            "is_alone": is_open and not self._others(request.user),
            "may_decide": may_decide,
            "open_days": OPEN_DAYS,
            "error": error,
        }
        template = "admin/supporters/erasure_request.html"
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, template, context, status=status)

    def _decide(self, request, asked):
        """Do what the button says, and report it; whether anything is left to say."""
        if request.POST.get("decision") == "erase":
            try:
                done = asked.confirm(request.user)
            except SamePerson:
                request.audit.refused()
                said = _("You made this request, so somebody else has to confirm it.")
                self.message_user(request, said, messages.ERROR)
                return False
            said = _("Erased. The receipt is below.")
        else:
            done = asked.turn_down(request.user)
            said = _("Turned down. We no longer keep the address here.")
        if done:
            self.log_change(request, asked, str(said))
            if request.POST["decision"] == "erase":
                request.audit.erased()
            self.message_user(request, said, messages.SUCCESS)
        else:
            said = _("Somebody has already decided on it. Nothing has changed.")
            self.message_user(request, said, messages.WARNING)
        return True

    def _others(self, user):
        """Whether anybody else may confirm."""
        others = User.objects.filter(is_active=True, is_staff=True).exclude(pk=user.pk)
        return any(
            other.has_perm("supporters.change_erasurerequest") for other in others
        )
