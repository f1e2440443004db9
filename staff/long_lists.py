"""Lists in the admin whose tables grow to millions of rows."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

# A hundred pages: who looks for more uses a filter. Counting a million rows would take
# longer than the page itself.
MOST = 10_000


class LongPaginator(Paginator):
    """Counts up to MOST rows; `is_cut` says that there are more."""

    @cached_property
    def count(self):
        return min(self._counted, MOST)

    @property
    def is_cut(self):
        return self._counted > MOST

    @cached_property
    def _counted(self):
        return self.object_list.order_by()[: MOST + 1].count()
