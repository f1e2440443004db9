from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.local_time import LOCAL_TIMES, LocalTimes
from campaigns.texts_admin import (
    LanguageFilter,
    TextInLanguageAdmin,
    TextInLanguageForm,
)
from campaigns.zone_select import ZoneSelect
from letters.recipients.stances_page import removal, stances
from letters.suggested import mails, sample
from letters.suggested.meetings import Meeting
from letters.suggested.models import SuggestedLetter
from letters.suggested.placeholder_names import named_in
from letters.suggested.texts import LetterText
from letters.suggested.words import BODIES
from staff.audit import trail
from staff.models import AuditEntry
from versions.versioned_admin import VersionedAdmin

VERSIONS_A_PAGE = 20


class MeetingForm(LocalTimes, forms.ModelForm):
    """A meeting, whose times are typed and read on the clocks of its place."""

    TIMES = ("starts_at", "letters_until")
    whose_clocks = ""

    class Meta:
        widgets = {"timezone": ZoneSelect}


class MeetingInline(admin.StackedInline):
    model = Meeting
    form = MeetingForm
    formfield_overrides = LOCAL_TIMES
    words = _("Meetings at which the officials speak about what the letter asks.")
    extra, max_num = 0, 30  # a form takes at most a thousand fields
    classes = ["collapse"]
    fields = [
        ("name", "place"),
        ("timezone", "starts_at", "letters_until"),
        ("agenda_item", "agenda_url"),
        "afterwards",
    ]


class LetterTextForm(TextInLanguageForm):
    """Its placeholders stand here, and are typed, in the words of its language."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = self.instance
        for name in BODIES:
            if text.pk and name in self.fields:
                self.initial[name] = named_in(text.language, getattr(text, name))


def sections(*about, follow_up=("follow_up",)):
    """The parts of a form with all that a letter says, in whichever language."""
    return [
        (None, {"fields": about}),
        (_("Letter"), {"fields": ["subject", "body", "ask"]}),
        (_("Thank-you"), {"fields": ["thanks_subject", "thanks_body"]}),
        (_("Afterwards"), {"fields": follow_up}),
    ]


@admin.register(LetterText)
class LetterTextAdmin(TextInLanguageAdmin, VersionedAdmin):
    """What a suggested letter says in a further language."""

    is_audited = False
    form = LetterTextForm
    list_display = ["subject", "letter", "language", "published_at"]
    list_filter = [("language", LanguageFilter), "letter__campaign"]
    list_select_related = ["letter__campaign"]
    search_fields = ["subject", "letter__campaign__title"]
    autocomplete_fields = ["letter"]
    readonly_fields = ["state"]
    fieldsets = sections("letter", "language", "addressed_as", "state", "shows")


@admin.register(SuggestedLetter)
class SuggestedLetterAdmin(VersionedAdmin):
    is_audited = False  # only its preview names people, and notes whom
    list_display = ["campaign", "subject", "recipient_list", "paused_at"]
    list_select_related = ["campaign", "recipient_list"]
    autocomplete_fields = ["campaign", "recipient_list"]
    search_fields = ["subject", "campaign__title"]
    fieldsets = sections(
        *("campaign", "recipient_list", "sends_together", "in_office_hours"),
        *("replies_to", "shows_answers", "paused_at"),
        follow_up=("follow_up_days", "follow_up"),
    )
    inlines = [MeetingInline]
    readonly_fields = ["paused_at"]
    actions = ["pause", "resume"]
    change_form_template = "admin/letters/suggested_letter.html"

    def view_on_site(self, letter):
        """Its page, if readers see it."""
        return letter.get_absolute_url() if letter.campaign.is_published else None

    def get_queryset(self, request):
        return super().get_queryset(request).filter(campaign__deleted_at=None)

    @admin.action(description=_("Pause: letters wait"), permissions=["change"])
    def pause(self, request, letters):
        for letter in letters:
            letter.pause()
        self.message_user(request, _("Paused. Letters wait, and none is lost."))

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request, letters):
        for letter in letters:
            letter.resume()
        self.message_user(
            request, _("Resumed. Waiting letters begin to leave within a minute.")
        )

    def get_urls(self):
        wrap = self.admin_site.admin_view
        of_stances = {"about": "letters.stance", "of": self.opts.label_lower}
        return [
            path(
                "<int:pk>/preview/",
                wrap(self.preview),
                name="letters_suggestedletter_preview",
            ),
            path(
                "<int:pk>/test/",
                wrap(require_POST(self.send_test)),
                name="letters_suggestedletter_test",
            ),
            path(
                "<int:pk>/stances/",
                wrap(stances, **of_stances),
                name="letters_stances",
            ),
            path(
                "<int:pk>/stances/<int:stance>/removal/",
                wrap(removal, **of_stances),
                name="letters_stances_removal",
            ),
            *super().get_urls(),
        ]

    def preview(self, request, pk):
        """The letter as each recipient gets it."""
        letter = self._letter(request, pk)
        named, label = letter.recipient_list_id, "letters.recipientlist"
        trail.note(request, AuditEntry.Kind.READ, label, [named], action="preview")
        page = Paginator(sample.readers(letter), VERSIONS_A_PAGE).get_page(
            request.GET.get("p")
        )
        return render(
            request,
            "admin/letters/preview.html",
            {
                **self.admin_site.frame(request, self.opts),
                "title": _("Preview for each recipient"),
                "letter": letter,
                "page": page,
                "versions": sample.versions(letter, page),
                "follow_up": sample.follow_up(letter),
            },
        )

    def send_test(self, request, pk):
        """Mail every version to the member of staff who asks."""
        letter = self._letter(request, pk)
        if not request.user.email:
            self.message_user(
                request, _("Your account has no email address."), messages.ERROR
            )
        else:
            number = mails.queue_tests(letter, request.user)
            self.message_user(
                request,
                ngettext(
                    "%(n)d test email is on its way to %(to)s.",
                    "%(n)d test emails are on their way to %(to)s.",
                    number,
                )
                % {"n": number, "to": request.user.email},
                messages.SUCCESS,
            )
        return redirect(reverse("admin:letters_suggestedletter_change", args=[pk]))

    def _letter(self, request, pk):
        letter = get_object_or_404(
            SuggestedLetter.objects.select_related("campaign", "recipient_list"), pk=pk
        )
        if not self.has_change_permission(request, letter):
            raise PermissionDenied
        return letter
