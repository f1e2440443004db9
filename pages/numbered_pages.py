"""A list in numbered pages, with the addresses of the pages before and after one."""

from django.http import Http404


class NumberedPage:
    """One page of a list, as components/pager.html takes it.

    A list says how many pages it has (`last`), and where each stands: `url_of(number)`.
    """

    last: int

    def __init__(self, number: int) -> None:
        """A number that the list has no page for is a 404; `last` has to be known."""
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
