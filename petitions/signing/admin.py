from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.local_time import OnCampaignClocks
from database.words import with_words
from petitions.fraud.desk import FraudDesk
from petitions.signing.models import Signature
from staff.long_lists import LongPaginator
from staff.reach import within
from supporters.acts.deciding import DecidingAdmin
from supporters.acts.held_lines import LineFilter
from supporters.acts.holding import WHATEVER_WAS_TYPED
from supporters.people.search import SearchedByAddress

MOST_NETWORKS = 10


class SignatureStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("held", _("held")),
            ("pending", _("waiting for confirmation")),
            ("counted", _("counted")),
            ("withdrawn", pgettext_lazy("signature", "withdrawn")),
            ("rejected", _("rejected")),
            ("invalidated", _("taken out of the count")),
        ]

    def queryset(self, request, signatures):
        match self.value():
            case "held" | "pending" | "counted" as state:
                return getattr(signatures, state)()
            case "withdrawn":
                return signatures.filter(~Q(withdrawn_at=None))
            case "rejected":
                return signatures.filter(~Q(rejected_at=None))
            case "invalidated":
                return signatures.filter(~Q(invalidation=None))
        return signatures


class WhyHeldFilter(admin.SimpleListFilter):
    """Not for its words: a doubtful name counts, and stands in “Names to check”."""

    title = _("why it is held")
    parameter_name = "held_for__exact"

    def lookups(self, request, model_admin):
        return WHATEVER_WAS_TYPED.items()

    def queryset(self, request, signatures):
        return signatures.filter(held_for=self.value()) if self.value() else None


class NetworkFilter(admin.SimpleListFilter):
    """Offers the networks of most held signatures, by their hashes."""

    shows_data = True
    title = _("network")
    parameter_name = "network"

    def lookups(self, request, model_admin):
        held = within(request.user, Signature.objects.held())
        held = held.exclude(network_hash=None)
        counted = held.values_list("network_hash").annotate(number=Count("pk"))
        most = counted.order_by("-number", "network_hash")[:MOST_NETWORKS]
        found = {key: f"{short(key)} ({number})" for key, number in most}
        # The chosen network is always offered, or the list would show everything.
        if chosen := self.value():
            found.setdefault(chosen, short(chosen))
        return list(found.items())

    def queryset(self, request, signatures):
        return signatures.filter(network_hash=self.value()) if self.value() else None


def short(network_hash):
    """The beginning of a hash, long enough to tell networks apart."""
    return network_hash[:8]


@admin.register(Signature)
class SignatureAdmin(OnCampaignClocks, FraudDesk, SearchedByAddress, DecidingAdmin):
    """Staff look at signatures and decide on held ones; nobody writes them here."""

    filled_by = _(
        "Nothing is here yet. A signature appears here as soon as somebody signs."
    )
    clocks = "petition__campaign__timezone"
    list_display = [
        "name",
        "place",
        "state_word",
        "held_for",
        "network",
        "created_at",
        "about",
    ]
    list_filter = [
        SignatureStateFilter,
        WhyHeldFilter,
        NetworkFilter,
        LineFilter,
        "petition",
    ]
    list_select_related = ["petition__campaign"]
    search_fields = ["name"]
    search_help_text = _(
        "Enter the beginning of one or more names, or a full email address."
    )
    date_hierarchy = None
    ordering = ["-pk"]
    show_full_result_count = False
    paginator = LongPaginator
    change_list_template = "admin/petitions/list.html"
    change_form_template = "admin/petitions/signature.html"
    fields = [
        "name",
        "place",
        "email",
        "petition",
        "name_on_the_page",
        "anonymised_at",
        "state_word",
        "created_at",
        "held_at",
        "held_for",
        "network",
        "released_at",
        "rejected_at",
        "decided_by",
        "confirmed_at",
        "withdrawn_at",
        "invalidation",
        "agreed_to",
    ]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def search_words(self, request, queryset, search_term):
        return with_words(queryset, "name", search_term), False

    @admin.display(description=_("campaign"), ordering="petition")
    def about(self, signature):
        return Truncator(signature.petition.campaign).chars(40)

    @admin.display(description=_("place"))
    def place(self, signature):
        return signature.place

    @admin.display(description=_("name on the page"))
    def name_on_the_page(self, signature):
        """The line that its owner chose, and whether it shows."""
        name = signature.public_name
        return "\n".join(filter(None, [name.line, str(capfirst(name.state))]))

    @admin.display(description=_("network"))
    def network(self, signature):
        """A link to others from this network: the list's held ones, or all."""
        if not signature.network_hash:
            return self.get_empty_value_display()
        query = {"network": signature.network_hash}
        if signature.is_held:
            page, query["state"] = "changelist", "held"
        else:
            page, query["petition"] = "fraud", signature.petition_id
        return format_html(
            '<a href="{}?{}">{}</a>',
            reverse(f"admin:petitions_signature_{page}"),
            urlencode(query),
            short(signature.network_hash),
        )

    @admin.display(description=_("agreed to"))
    def agreed_to(self, signature):
        """What was agreed to, when and where, and since when that has ended."""
        if signature.confirmation is None:
            return ""
        consents = signature.confirmation.consents.order_by("pk")
        return "\n".join(consent.sentence for consent in consents)
