"""Lists of recipients, and a page for each of the people on them."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.one_campaign import campaign_filter
from campaigns.zone_select import ZoneSelect
from letters.recipients import csv_import
from letters.recipients.language_select import language_select
from letters.recipients.lists import RecipientList
from letters.recipients.models import Recipient
from letters.sending.deliveries import Delivery
from reporting.sheets import Sheet, sheet_of
from staff.reach import within
from versions.versioned_admin import VersionedAdmin

A_PAGE = 50


class RecipientForm(forms.ModelForm):
    """An official's form.

    They stay on their list, since what was sent belongs to it.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "list" in self.fields:
            self.fields["list"].disabled = True
        if "language" in self.fields:
            self.fields["language"].widget = language_select(self.instance.language)

    def clean(self):
        """Take a new address as working, whatever came back from the old one."""
        data = super().clean()
        if "email" in self.changed_data and "bounced_at" not in self.changed_data:
            data["bounced_at"] = None
        if not data.get("bounced_at"):
            self.instance.bounce_words = ""
        return data


def _key(typed):
    return int(typed) if str(typed).isascii() and str(typed).isdecimal() else None


class RecipientStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"
    states = {
        "office": (_("in office"), Q(left_office_on=None)),
        "left": (_("left office"), ~Q(left_office_on=None)),
        "bounced": (
            _("emails came back"),
            ~Q(bounced_at=None) & Q(left_office_on=None),
        ),
        "complained": (
            _("marked us as spam"),
            ~Q(complained_at=None) & Q(left_office_on=None),
        ),
    }

    def lookups(self, request, model_admin):
        return [(key, label) for key, (label, _condition) in self.states.items()]

    def queryset(self, request, recipients):
        _label, condition = self.states.get(self.value(), ("", Q()))
        return recipients.filter(condition)


@admin.register(Recipient)
class RecipientAdmin(VersionedAdmin):
    list_display = ["label", "email", "list", "state", "rhythm"]
    list_filter = [
        RecipientStateFilter,
        campaign_filter("list__letters__campaign"),
        "rhythm",
        "list",
    ]
    list_select_related = ["list"]
    search_fields = ["name", "office", "ward", "email"]
    search_help_text = _("Enter part of the name, the office, the ward or the address.")
    form = RecipientForm
    autocomplete_fields = ["list"]
    readonly_fields = ["bounce_words"]
    fieldsets = [
        (None, {"fields": ["list", ("name", "office", "ward")]}),
        (
            _("Letters to them"),
            {"fields": ["email", ("salutation", "language"), "rhythm"]},
        ),
        (_("On the list"), {"fields": ["order", "left_office_on", "is_record"]}),
        (
            _("What we know about their emails"),
            {"fields": ["bounced_at", "bounce_words", "complained_at"]},
        ),
    ]
    change_form_template = "admin/letters/recipient.html"

    @admin.display(description=_("recipient"), ordering="name")
    def label(self, recipient):
        return recipient.label

    @admin.display(description=_("state"))
    def state(self, recipient):
        return recipient.state

    def get_fieldsets(self, request, obj=None):
        """The fields; of somebody new, nothing is known of their mail."""
        return self.fieldsets if obj else self.fieldsets[:-1]

    def get_changeform_initial_data(self, request):
        """Somebody new comes last on their list."""
        initial = super().get_changeform_initial_data(request)
        others = Recipient.objects.filter(list=_key(initial.get("list")))
        last = within(request.user, others).order_by("order").last()
        order = min(last.order + 1, csv_import.MOST_ORDER) if last else 0
        return {"order": order, **initial}

    def save_model(self, request, obj, form, change):
        """Save; what waits then goes as they want it now."""
        super().save_model(request, obj, form, change)
        if change and "rhythm" in form.changed_data:
            Delivery.objects.filter(recipient=obj).wait_anew()

    def has_delete_permission(self, request, obj=None):
        """Nobody: officials leave office, and what was sent to them is kept."""
        return False

    def response_post_save_add(self, request, obj):
        return self.response_post_save_change(request, obj)

    def response_post_save_change(self, request, obj):
        """Lead back to the list that they are on."""
        return redirect("admin:letters_recipientlist_change", obj.list_id)


class RecipientListForm(forms.ModelForm):
    class Meta:
        widgets = {"timezone": ZoneSelect}


@admin.register(RecipientList)
class RecipientListAdmin(VersionedAdmin):
    form = RecipientListForm
    list_display = ["name", "addressed_as"]
    search_fields = ["name"]
    when_empty = {"addressed_as": _("Enter how a letter names them all.")}
    fieldsets = [
        (None, {"fields": ["name", "addressed_as", "place", "timezone"]}),
    ]
    change_form_template = "admin/letters/recipient_list.html"

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Show the people on the list below its form, in pages, to who may see them."""
        people = self.admin_site.get_model_admin(Recipient)
        if obj and people.has_view_permission(request):
            query = request.GET.get("q", "").strip()[:100]
            rows = people.get_queryset(request).filter(list=obj)
            found, _repeats = people.get_search_results(request, rows, query)
            context |= {
                "people": Paginator(found, A_PAGE).get_page(request.GET.get("p")),
                "query": query,
                "may_add": people.has_add_permission(request),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_csv)
        name = "letters_recipientlist_import"
        return [path("<int:pk>/import/", view, name=name), *super().get_urls()]

    def import_csv(self, request, pk):
        """Upload a file, see each row with its faults, and take in the good rows.

        The others stay, to be mended there.
        """
        recipient_list = get_object_or_404(RecipientList, pk=pk)
        if not self.has_change_permission(request, recipient_list):
            raise PermissionDenied
        known, most = csv_import.KNOWN, csv_import.MOST_ROWS
        form, sheet = sheet_of(request, known, most_rows=most)
        added = ""
        if sheet and "take_in" in request.POST:
            if number := csv_import.take_in(sheet, recipient_list):
                said = ngettext("%d recipient added.", "%d recipients added.", number)
                added = said % number
                self.log_change(request, recipient_list, added)
                if not (left := sheet.without_good()):
                    self.message_user(request, added, messages.SUCCESS)
                    page = reverse("admin:letters_recipientlist_change", args=[pk])
                    return redirect(f"{page}#people")
                sheet = Sheet(left, known, most_rows=most, places=sheet.places)
                csv_import.look_at(sheet, recipient_list)
        elif sheet:
            csv_import.look_at(sheet, recipient_list)
        return render(
            request,
            "admin/letters/import.html",
            {
                **self.admin_site.frame(request, self.opts),
                "title": _("Import recipients"),
                "recipient_list": recipient_list,
                "form": form,
                "sheet": sheet,
                "added": added,
            },
        )
