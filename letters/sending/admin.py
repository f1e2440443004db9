from django.contrib import admin, messages
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.local_time import OnCampaignClocks
from campaigns.one_campaign import campaign_filter
from database.moments import day_and_hour
from letters.sending.deliveries import Delivery
from letters.sending.status import Status
from letters.writing.models import Letter
from staff.read_only_admin import NeverAddedAdmin
from supporters.acts.deciding import DecidingAdmin
from supporters.acts.held_lines import LineFilter
from supporters.people.search import SearchedByAddress


class LettersDeskAdmin(NeverAddedAdmin):
    """An admin of rows about letters; its actions say how many rows they changed."""

    ordering = ["-pk"]

    def report(self, request, number, sentence):
        if number:
            self.message_user(request, sentence % number, messages.SUCCESS)
        else:
            self.message_user(
                request, _("There is nothing to do for these."), messages.WARNING
            )


class LetterStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("held", _("held")),
            ("unconfirmed", _("waiting for confirmation")),
            ("confirmed", _("confirmed")),
        ]

    def queryset(self, request, letters):
        match self.value():
            case "held":
                return letters.held()
            case "unconfirmed":
                return letters.unconfirmed()
            case "confirmed":
                return letters.confirmed()
        return letters


@admin.register(Letter)
class LetterAdmin(OnCampaignClocks, SearchedByAddress, DecidingAdmin, NeverAddedAdmin):
    filled_by = _(
        "Nothing is here yet. A letter appears here as soon as somebody sends one."
    )
    clocks = "suggested_letter__campaign__timezone"
    list_display = [
        "name",
        "place",
        "about",
        "kind",
        "state_word",
        "held_for",
        "created_at",
    ]
    change_list_template = "admin/letters/list.html"
    list_filter = [LetterStateFilter, LineFilter, "suggested_letter"]
    list_select_related = ["suggested_letter__campaign"]
    ordering = ["-pk"]
    search_fields = ["name"]
    search_help_text = _("Enter part of the name, or a full email address.")
    fields = readonly_fields = [
        "name",
        "place",
        "suggested_letter",
        "kind",
        "subject",
        "text",
        "text_removed_at",
        "state_word",
        "created_at",
        "confirmed_at",
        "held_at",
        "held_for",
        "released_at",
        "rejected_at",
        "decided_by",
    ]

    @admin.display(description=_("campaign"), ordering="suggested_letter")
    def about(self, letter):
        return Truncator(letter.suggested_letter.campaign).chars(40)

    @admin.display(description=_("kind"))
    def kind(self, letter):
        return letter.kind


class DeliveryStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"
    states = {
        **{status: (status.label, Q(status=status)) for status in Status},
        "answered": (_("answered"), Q(was_answered=True)),
        "paused": (_("paused"), Q(pk__in=Delivery.objects.paused().values("pk"))),
    }

    def lookups(self, request, model_admin):
        found = [(key, label) for key, (label, _rule) in self.states.items()]
        return [*found, ("failed", _("failed or uncertain in the last 7 days"))]

    def queryset(self, request, deliveries):
        if self.value() == "failed":
            return deliveries.failed_lately()
        _label, rule = self.states.get(self.value(), ("", Q()))
        return deliveries.filter(rule)


@admin.register(Delivery)
class DeliveryAdmin(OnCampaignClocks, LettersDeskAdmin):
    """The desk: every letter to every recipient, what waits, and why."""

    filled_by = _(
        "Nothing is here yet. Once somebody confirms a letter, it appears here for "
        "each official."
    )
    also_shows = ("letters.letter",)
    clocks = "letter__suggested_letter__campaign__timezone"
    list_display = [
        "label",
        "state_word",
        "letter",
        "kind",
        "next_try",
    ]
    list_filter = [
        DeliveryStateFilter,
        campaign_filter("letter__suggested_letter__campaign"),
        "letter__suggested_letter",
    ]
    list_select_related = [
        "letter__suggested_letter__campaign",
        "recipient__list",
        "mail",
    ]
    search_fields = ["=recipient__email", "letter__pk__exact", "mail__pk__exact"]
    search_help_text = _(
        "Enter a recipient’s full email address, or a letter’s number."
    )
    actions = ["retry", "stop"]
    fields = readonly_fields = [
        "letter",
        "kind",
        "label",
        "email",
        "state",
        "mail",
        "queued_at",
        "next_try",
        "settled_at",
        "outcome",
        "accepted_at",
        "bounced_at",
        "was_answered",
        "answer",
        "answered_at",
    ]

    @admin.display(description=_("kind"))
    def kind(self, delivery):
        return delivery.letter.kind

    @admin.display(description=_("state"))
    def state(self, delivery):
        return delivery.state

    @admin.display(description=_("state"))
    def state_word(self, delivery):
        if delivery.was_answered:
            return _("answered")
        return Status(delivery.status).label

    @admin.display(description=_("email address"))
    def email(self, delivery):
        return delivery.email

    @admin.display(description=_("next try"))
    def next_try(self, delivery):
        due_at = None if delivery.settled_at else delivery.next_try_at
        return due_at and day_and_hour(due_at, delivery.letter.campaign.zone)

    @admin.action(
        description=_("Send again (also letters that may have arrived)"),
        permissions=["change"],
    )
    def retry(self, request, deliveries):
        number = sum(delivery.retry() for delivery in deliveries)
        self.report(
            request,
            number,
            ngettext(
                "%d delivery queued again.", "%d deliveries queued again.", number
            ),
        )

    @admin.action(description=_("Stop"), permissions=["change"])
    def stop(self, request, deliveries):
        number = sum(delivery.stop() for delivery in deliveries)
        self.report(
            request,
            number,
            ngettext(
                "%d delivery stopped. This office does not get the letter.",
                "%d deliveries stopped. These offices do not get the letter.",
                number,
            ),
        )
