from django.contrib import admin
from django.db.models import Count, Q
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from letters.models import Letter, Recipient, RecipientList, SuggestedLetter


class RecipientFormSet(BaseInlineFormSet):
    def clean(self):
        """Say it when two new rows hold one address; the constraint sees each alone."""
        super().clean()
        seen = set()
        for form in self.forms:
            data = form.cleaned_data if form.is_valid() else {}
            if data.get("DELETE") or data.get("left_office_on") or not data:
                continue
            email = data["email"]
            if email in seen:
                form.add_error("email", _("This list already has this address."))
            seen.add(email)


class RecipientInline(admin.TabularInline):
    model = Recipient
    formset = RecipientFormSet
    extra = 0


@admin.register(RecipientList)
class RecipientListAdmin(admin.ModelAdmin):
    list_display = ["name", "addressed_as", "recipients_in_office"]
    search_fields = ["name"]
    inlines = [RecipientInline]

    def get_queryset(self, request):
        in_office = Count("recipients", filter=Q(recipients__left_office_on=None))
        return super().get_queryset(request).annotate(in_office=in_office)

    @admin.display(description=_("in office"))
    def recipients_in_office(self, recipient_list):
        return recipient_list.in_office


@admin.register(SuggestedLetter)
class SuggestedLetterAdmin(admin.ModelAdmin):
    list_display = ["campaign", "subject", "recipient_list", "reported"]
    list_select_related = ["campaign", "recipient_list"]
    autocomplete_fields = ["campaign", "recipient_list"]
    search_fields = ["subject", "campaign__title"]

    def get_queryset(self, request):
        reported = Count("letters", filter=Q(letters__held_at=None))
        return super().get_queryset(request).annotate(reported=reported)

    @admin.display(description=_("reported as sent"))
    def reported(self, letter):
        return letter.reported


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
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
