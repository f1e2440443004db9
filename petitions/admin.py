from django.contrib import admin, messages
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from petitions.models import Petition, Signature


@admin.register(Petition)
class PetitionAdmin(admin.ModelAdmin):
    list_display = ["campaign", "ask", "signatures_counted"]
    list_select_related = ["campaign"]
    autocomplete_fields = ["campaign"]
    search_fields = ["ask", "campaign__title"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_count()

    @admin.display(description=_("signatures"), ordering="count")
    def signatures_counted(self, petition):
        return petition.count


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


@admin.register(Signature)
class SignatureAdmin(admin.ModelAdmin):
    """To look at, and to decide on what is held; nobody writes signatures here."""

    list_display = ["name", "place", "petition", "state_word", "held_for", "signed_at"]
    list_filter = [StateFilter, "held_for", "petition"]
    list_select_related = ["petition"]
    search_fields = ["name", "=confirmation__supporter__email"]
    search_help_text = _("A part of the name, or a whole email address.")
    date_hierarchy = None
    ordering = ["-pk"]
    show_full_result_count = False
    actions = ["release", "reject"]
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

    @admin.action(
        description=_("Release: ask for confirmation"), permissions=["change"]
    )
    def release(self, request, signatures):
        released = sum(s.release(by=request.user) for s in signatures)
        self._report(
            request,
            released,
            ngettext(
                "%d signature released. Its owner is asked to confirm.",
                "%d signatures released. Their owners are asked to confirm.",
                released,
            ),
        )

    @admin.action(description=_("Reject"), permissions=["change"])
    def reject(self, request, signatures):
        rejected = sum(s.reject(by=request.user) for s in signatures)
        self._report(
            request,
            rejected,
            ngettext("%d signature rejected.", "%d signatures rejected.", rejected),
        )

    def _report(self, request, number, sentence):
        if number:
            self.message_user(request, sentence % number, messages.SUCCESS)
        else:
            self.message_user(
                request, _("None of these was waiting for you."), messages.WARNING
            )
