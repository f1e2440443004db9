"""Lists in numbered pages, and the addresses of the next and the previous page."""

from django.http import Http404


class NumberedPage:
    """One page of a list, as components/pager.html takes it.

    A subclass says how many pages its list has (`last`), and the address of each:
    `url_of(number)`.
    """

    last: int

    def __init__(self, number: int) -> None:
        """Raises Http404 for a number without a page; `last` must be known by then."""
        if not 1 <= number <= self.last:
            raise Http404
        self.number = number

    def url_of(self, number: int) -> str:
        raise NotImplementedError

    @property
    def url(self) -> str:
        return self.url_of(self.number)

    @property
    def previous_url(self) -> str:
        return self.url_of(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url_of(self.number + 1) if self.number < self.last else ""


def number_of_pages(rows: int, size: int) -> int:
    """How many pages so many rows fill; an empty list has one."""
    return max(1, -(-rows // size))
