"""Lists of acts that staff search by address, mail domain or network."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from safeguards.mailbox import Mailbox
from safeguards.network import typed_network
from supporters.acts.act import HoldableAct
from supporters.acts.equal_posts import shown_once
from supporters.people.models import DomainOfEmail, Supporter


class SearchedByAddress(admin.ModelAdmin):
    """Looks an address up by its index, and everything else in `search_fields`.

    An address is found in all spellings of its mailbox, "@mail.example" finds a mail
    domain, and an IP address a network, if the rows have one. Asked for all at once,
    PostgreSQL would read every act with its owner. `owner` leads from a row to its
    supporter.
    """

    owner = "confirmation__supporter"

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.has_networks = hasattr(model, "network_hash")
        also = (
            _("You can also enter a mail domain, like @mail.example, or an IP address.")
            if self.has_networks
            else _("You can also enter a mail domain, like @mail.example.")
        )
        self.search_help_text = format_lazy("{} {}", self.search_help_text, also)

    def get_search_results(self, request, queryset, search_term):
        if issubclass(self.model, HoldableAct):
            queryset = shown_once(queryset)
        if not search_term:
            return queryset, False
        typed = search_term.strip().lower()
        if "@" not in typed:
            return self._of_network(queryset, typed) or self.search_words(
                request, queryset, search_term
            )
        if typed.startswith("@"):
            domains = Mailbox(typed).domains
            owners = Supporter.objects.alias(domain=DomainOfEmail("email"))
            owners = owners.filter(domain__in=domains).values("pk")
        else:
            owners = Supporter.objects.filter(mailbox=Mailbox(typed).key)
            owners = list(owners.values_list("pk", flat=True))
        return queryset.filter(**{f"{self.owner}__in": owners}), False

    def _of_network(self, queryset, typed):
        if not self.has_networks:
            return None
        try:
            return queryset.filter(network_hash=typed_network(typed).hash), False
        except ValidationError:
            return None

    def search_words(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term)
