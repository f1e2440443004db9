from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaign_site.long_lists import LongPaginator
from petitions.admin.deciding import Deciding
from petitions.models import Signature

MOST_NETWORKS = 10


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("held", _("held")),
            ("pending", _("waiting for confirmation")),
            ("counted", _("counted")),
            ("withdrawn", _("withdrawn")),
            ("rejected", _("rejected")),
        ]

    def queryset(self, request, signatures):
        match self.value():
            case "held":
                return signatures.held()
            case "pending":
                return signatures.pending()
            case "counted":
                return signatures.counted()
            case "withdrawn":
                return signatures.filter(~Q(withdrawn_at=None))
            case "rejected":
                return signatures.filter(~Q(rejected_at=None))
        return signatures


class NetworkFilter(admin.SimpleListFilter):
    """The networks that most of what is held came from, by their hashes."""

    title = _("network")
    parameter_name = "network"

    def lookups(self, request, model_admin):
        held = Signature.objects.held().exclude(network_hash=None)
        counted = held.values_list("network_hash").annotate(number=Count("pk"))
        most = counted.order_by("-number", "network_hash")[:MOST_NETWORKS]
        found = {key: f"{short(key)} ({number})" for key, number in most}
        # Also when nothing of it is held any more: or the list would show everything.
        if chosen := self.value():
            found.setdefault(chosen, short(chosen))
        return list(found.items())

    def queryset(self, request, signatures):
        return signatures.filter(network_hash=self.value()) if self.value() else None


def short(network_hash):
    """Enough of a hash to tell networks apart."""
    return network_hash[:8]


@admin.register(Signature)
class SignatureAdmin(Deciding):
    """To look at, and to decide on what is held; nobody writes signatures here."""

    list_display = [
        "name",
        "place",
        "state_word",
        "held_for",
        "network",
        "signed_at",
        "petition",
    ]
    list_filter = [StateFilter, "held_for", NetworkFilter, "petition"]
    list_select_related = ["petition"]
    search_fields = ["name", "=confirmation__supporter__email"]
    search_help_text = _("A part of the name, or a whole email address.")
    date_hierarchy = None
    ordering = ["-pk"]
    show_full_result_count = False
    paginator = LongPaginator
    fields = [
        "name",
        "place",
        "email",
        "petition",
        "shown_as",
        "anonymised_at",
        "state_word",
        "signed_at",
        "held_at",
        "held_for",
        "network",
        "released_at",
        "rejected_at",
        "decided_by",
        "confirmed_at",
        "withdrawn_at",
        "agreed_to",
    ]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("place"))
    def place(self, signature):
        return signature.place

    @admin.display(description=_("state"))
    def state_word(self, signature):
        return signature.state

    @admin.display(description=_("network"))
    def network(self, signature):
        """Leads to all that is held from there; what it is cannot be read from it."""
        if not signature.network_hash:
            return "–"
        query = urlencode({"state": "held", "network": signature.network_hash})
        return format_html(
            '<a href="{}?{}">{}</a>',
            reverse("admin:petitions_signature_changelist"),
            query,
            short(signature.network_hash),
        )

    @admin.display(description=_("email address"))
    def email(self, signature):
        return signature.confirmation.email if signature.confirmation else ""

    @admin.display(description=_("agreed to"))
    def agreed_to(self, signature):
        """What, when, where; and since when it does not stand any more."""
        if signature.confirmation is None:
            return ""
        consents = signature.confirmation.consents.order_by("pk")
        return "\n".join(consent.sentence for consent in consents)
