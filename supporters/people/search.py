"""Lists of acts that staff search by the full address of their owner."""

from django.contrib import admin

from supporters.people.models import Supporter


class SearchedByAddress(admin.ModelAdmin):
    """Looks an address up by its index, and everything else in `search_fields`.

    Asked for both at once, PostgreSQL would read every act with its owner. Addresses
    are stored in lower case. `owner` leads from a row to its supporter.
    """

    owner = "confirmation__supporter"

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        if "@" not in search_term:
            return self.search_words(request, queryset, search_term)
        address = search_term.strip().lower()
        owner = Supporter.objects.filter(email=address).values_list("pk", flat=True)
        return queryset.filter(**{f"{self.owner}__in": list(owner)}), False

    def search_words(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term)
