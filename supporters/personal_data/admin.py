from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from campaigns.local_time import OnCampaignClocks
from database import retention
from pages.sorting import alphabetical
from staff.read_only_admin import ReadOnlyAdmin
from staff.state_filter import state_filter
from supporters.acts.act import Act
from supporters.consent.models import Consent, kinds_of_consent
from supporters.people.search import SearchedByAddress
from supporters.personal_data.retention_runs import RetentionRun


class ConsentKindFilter(admin.SimpleListFilter):
    """Offers the kinds that acts declare; looking which are there reads every row."""

    title = _("given for")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = kinds_of_consent().items()
        words = [(kind, capfirst(own.given_for)) for kind, own in kinds]
        return sorted(words, key=lambda choice: alphabetical(str(choice[1])))

    def queryset(self, request, consents):
        return consents.filter(kind=self.value()) if self.value() else consents


@admin.register(Consent)
class ConsentAdmin(OnCampaignClocks, SearchedByAddress, ReadOnlyAdmin):
    """What was agreed to, in which words, when and where, and if it still holds."""

    filled_by = _("Nothing is here yet. What people agree to in a form appears here.")
    clocks = "confirmation__campaign__timezone"
    list_display = [
        "words",
        "given_for",
        "campaign",
        "given_at",
        "where",
        "withdrawn_at",
    ]
    list_filter = [
        ConsentKindFilter,
        state_filter("withdrawn_at", before=_("Given"), after=_("Withdrawn")),
    ]
    list_select_related = ["confirmation__campaign"]
    search_fields = ["confirmation__supporter__email"]
    show_full_result_count = False
    search_help_text = _("Enter a full email address.")
    ordering = ["-pk"]
    fields = [
        "email",
        "campaign",
        "given_for",
        "words",
        "version",
        "language",
        "language_of_ask",
        "where",
        "given_at",
        "withdrawn_at",
        "is_replaced",
    ]
    readonly_fields = fields

    def get_queryset(self, request):
        """The consents, without those of kinds of acts that this user may not see."""
        consents, kinds = super().get_queryset(request), list(Act.kinds())
        seen = [each for each in kinds if request.user.may_see(each._meta.label_lower)]
        if len(seen) == len(kinds):
            return consents
        names = [each._meta.model_name for each in seen]
        return consents.filter(confirmation__kind__in=names)

    def search_words(self, request, queryset, search_term):
        """Only a full address is looked up."""
        return queryset.none(), False

    @admin.display(description=_("campaign"))
    def campaign(self, consent):
        return consent.confirmation.campaign

    @admin.display(description=_("given for"), ordering="kind")
    def given_for(self, consent):
        return consent.given_for

    @admin.display(description=_("language of the petition"))
    def language_of_ask(self, consent):
        return consent.language_of_ask or consent.language

    @admin.display(description=_("page"))
    def where(self, consent):
        words = _("see the page")
        return format_html('<a href="{}">{}</a>', consent.page, words)

    @admin.display(description=_("email address"))
    def email(self, consent):
        return consent.confirmation.email


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnlyAdmin):
    """What the last retention runs deleted."""

    filled_by = _(
        "Nothing is here yet. Each night we delete what we may no longer keep, and "
        "say so here."
    )
    is_audited = False  # numbers only
    list_display = ["started_at", "ended_at", "deleted", "left"]
    fields = ["started_at", "ended_at", "in_words", "left"]
    readonly_fields = fields

    @admin.display(description=_("deleted"))
    def deleted(self, run):
        return intcomma(sum(run.report.values()))

    @admin.display(description=_("deleted"))
    def in_words(self, run):
        words = {rule.name: rule.words for rule in retention.rules()}
        return "\n".join(
            f"{number}: {words.get(name, name)}" for name, number in run.report.items()
        )

    @admin.display(description=_("not finished"))
    def left(self, run):
        return run.unfinished_words or "–"
