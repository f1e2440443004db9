from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaign_site.csv_files import CsvForm
from letters import csv_import, placeholders, sample
from letters.admin import officials
from letters.admin.stances import removal, stances
from letters.models import (
    Meeting,
    Recipient,
    RecipientList,
    ReportedLetter,
    SuggestedLetter,
    Variant,
)
from letters.models.meetings import at_the_place
from staff import audit
from staff.models import Act
from versions.admin import KeptAdmin
from versions.models import Version


class RecipientForm(forms.ModelForm):
    def clean(self):
        """A new address is not blamed for the old one, from which mail came back."""
        data = super().clean()
        if "email" in self.changed_data and "bounced_at" not in self.changed_data:
            data["bounced_at"] = None
        if not data.get("bounced_at"):
            self.instance.bounce_words = ""
        return data


class RecipientFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """Say it when two new rows hold one address; the constraint sees each alone."""
        super().clean()
        seen = set()
        for form in self.forms:
            data = form.cleaned_data if form.is_valid() else {}
            if data.get("left_office_on") or not data:
                continue
            email = data["email"]
            if email in seen:
                form.add_error("email", _("This list already has this address."))
            seen.add(email)


class RecipientInline(admin.StackedInline):
    """Each in a few lines: in a table, half of the eleven columns were out of sight."""

    model = Recipient
    form = RecipientForm
    formset = RecipientFormSet
    extra = 0
    fields = [
        ("name", "office", "ward"),
        ("email", "salutation", "language"),
        "rhythm",
        ("order", "left_office_on", "is_record"),
        ("bounced_at", "bounce_words"),
        ("complained_at", "their_page"),
    ]
    readonly_fields = ["bounce_words", "their_page"]

    @admin.display(description=_("their page"))
    def their_page(self, recipient):
        """As they see it; staff cannot press anything there."""
        if recipient.pk is None:
            return ""
        url = reverse(
            "admin:letters_recipientlist_official",
            args=[recipient.list_id, recipient.pk],
        )
        return format_html('<a href="{}">{}</a>', url, _("See it as they do"))

    def has_delete_permission(self, request, obj=None):
        """People leave office; what was sent to them is kept."""
        return False


@admin.register(RecipientList)
class RecipientListAdmin(KeptAdmin):
    list_display = ["name", "addressed_as", "recipients_in_office", "came_back"]
    search_fields = ["name"]
    inlines = [RecipientInline]
    fieldsets = [
        (None, {"fields": ["name", "addressed_as", "place"]}),
        (
            _("Their inbox"),
            {
                "fields": [
                    "cosigned",
                    "letters_an_hour",
                    "timezone",
                    ("office_opens", "office_closes", "workdays_only"),
                ],
            },
        ),
    ]
    change_form_template = "admin/letters/recipient_list.html"

    def get_queryset(self, request):
        in_office = Q(recipients__left_office_on=None)
        return (
            super()
            .get_queryset(request)
            .annotate(
                in_office=Count("recipients", filter=in_office),
                bounced=Count(
                    "recipients", filter=in_office & ~Q(recipients__bounced_at=None)
                ),
            )
        )

    @admin.display(description=_("in office"))
    def recipients_in_office(self, recipient_list):
        return recipient_list.in_office

    @admin.display(description=_("address came back"))
    def came_back(self, recipient_list):
        return recipient_list.bounced or ""

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_csv)
        name = "letters_recipientlist_import"
        official = self.admin_site.admin_view(
            officials.preview, about="letters.recipientlist"
        )
        here, page = "<int:pk>/officials/<int:recipient>/", "letters/<int:letter>/"
        return [
            path("<int:pk>/import/", view, name=name),
            path(here, official, name="letters_recipientlist_official"),
            path(here + page, official, name="letters_recipientlist_official_letters"),
            path(
                f"{here}{page}texts/<slug:words>/",
                official,
                name="letters_recipientlist_official_writers",
            ),
            *super().get_urls(),
        ]

    def import_csv(self, request, pk):
        """Upload, see each row with its errors, and only then take all of them in."""
        recipient_list = get_object_or_404(RecipientList, pk=pk)
        if not self.has_change_permission(request, recipient_list):
            raise PermissionDenied
        form = CsvForm(
            request.POST or None, request.FILES or None, columns=csv_import.COLUMNS
        )
        rows, faults = [], []
        if form.is_bound and form.is_valid():
            rows, faults = csv_import.read(form.cleaned_data["text"], recipient_list)
        is_good = bool(rows) and not faults and not any(row.errors for row in rows)
        if is_good and "take_in" in request.POST:
            csv_import.take_in(rows)
            Version.objects.note(recipient_list, by=request.user)
            number = len(rows)
            said = ngettext("%d recipient taken in.", "%d recipients taken in.", number)
            self.log_change(request, recipient_list, said % number)
            self.message_user(request, said % number, messages.SUCCESS)
            return redirect("admin:letters_recipientlist_change", pk)
        return render(
            request,
            "admin/letters/import.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Import recipients"),
                "recipient_list": recipient_list,
                "opts": self.opts,
                "form": form,
                "rows": rows,
                "faults": faults,
                "columns": csv_import.COLUMNS,
                "is_good": is_good,
            },
        )


class MeetingForm(forms.ModelForm):
    """A meeting, whose times are typed and read on the clocks of its place."""

    TIMES = ("starts_at", "letters_until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.TIMES:
            if moment := getattr(self.instance, name):
                local = moment.astimezone(self.instance.zone)
                self.initial[name] = local.replace(tzinfo=None)

    def clean(self):
        data = super().clean()
        if data.get("timezone"):  # else nobody knows what the times mean
            for name in self.TIMES:
                if typed := data.get(name):
                    try:
                        data[name] = at_the_place(
                            typed.replace(tzinfo=None), ZoneInfo(data["timezone"])
                        )
                    except ValidationError as error:
                        self.add_error(name, error)
        return data


class MeetingInline(admin.StackedInline):
    model = Meeting
    form = MeetingForm
    extra = 0
    classes = ["collapse"]
    fields = [
        ("name", "place"),
        ("timezone", "starts_at", "letters_until"),
        ("agenda_item", "agenda_url"),
        "afterwards",
    ]


class VariantInline(admin.TabularInline):
    model = Variant
    extra = 0


@admin.register(SuggestedLetter)
class SuggestedLetterAdmin(KeptAdmin):
    list_display = ["campaign", "subject", "recipient_list", "mode", "paused_at"]
    list_select_related = ["campaign", "recipient_list"]
    autocomplete_fields = ["campaign", "recipient_list"]
    search_fields = ["subject", "campaign__title"]
    inlines = [MeetingInline, VariantInline]
    readonly_fields = ["paused_at"]
    actions = ["pause", "resume"]
    change_form_template = "admin/letters/suggested_letter.html"

    def get_queryset(self, request):
        return super().get_queryset(request).filter(campaign__deleted_at=None)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        letter = form.instance
        openings = letter.variants.filter(part=Variant.Part.OPENING).exists()
        if openings and placeholders.OPENING not in letter.body:
            self.message_user(
                request,
                _("The openings are not used: the letter has no %s.")
                % placeholders.OPENING,
                messages.WARNING,
            )

    @admin.action(description=_("Pause: letters wait"), permissions=["change"])
    def pause(self, request, letters):
        for letter in letters:
            letter.pause()
        self.message_user(request, _("Paused. Nothing is lost: letters wait."))

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request, letters):
        for letter in letters:
            letter.resume()
        self.message_user(
            request, _("Resumed. What waits begins to leave within a minute.")
        )

    def get_urls(self):
        wrap = self.admin_site.admin_view
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
                wrap(stances, about="letters.stance"),
                name="letters_stances",
            ),
            path(
                "<int:pk>/stances/<int:stance>/removal/",
                wrap(removal, about="letters.stance"),
                name="letters_stances_removal",
            ),
            *super().get_urls(),
        ]

    def preview(self, request, pk):
        """The letter as each recipient gets it."""
        letter = self._letter(request, pk)
        named, label = letter.recipient_list_id, "letters.recipientlist"
        audit.note(request, Act.Kind.READ, label, [named], action="preview")
        return render(
            request,
            "admin/letters/preview.html",
            {
                **self.admin_site.each_context(request),
                "title": _("As each recipient gets it"),
                "letter": letter,
                "opts": self.opts,
                "versions": sample.versions(letter),
                "follow_up": sample.follow_up(letter),
            },
        )

    def send_test(self, request, pk):
        """Mail every version to the staff member who asks."""
        letter = self._letter(request, pk)
        if not request.user.email:
            self.message_user(
                request, _("Your account has no email address."), messages.ERROR
            )
        else:
            number = sample.send_test_later(letter, request.user)
            self.message_user(
                request,
                ngettext(
                    "%(n)d test mail is on its way to %(to)s.",
                    "%(n)d test mails are on their way to %(to)s.",
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


@admin.register(ReportedLetter)
class ReportedLetterAdmin(admin.ModelAdmin):
    list_display = ["suggested_letter", "reported_at", "held_at"]
    list_filter = ["suggested_letter"]
    list_select_related = ["suggested_letter"]
    ordering = ["-pk"]
    show_full_result_count = False
    actions = ["release"]

    @admin.action(description=_("Count what was held"), permissions=["view"])
    def release(self, request, letters):
        self.message_user(request, _("%d letters count now.") % letters.release())

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
