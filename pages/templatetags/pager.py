"""Links to the other pages of a list that Django's Paginator cuts."""

from typing import Any

from django import template
from django.core.paginator import Page

from pages.numbered_pages import NumberedPage

register = template.Library()


class _Linked(NumberedPage):
    """The address of each page is `to` with its number; the first may have another."""

    def __init__(self, page: Page[Any], to: str, first: str) -> None:
        self.last = page.paginator.num_pages
        self._to, self._first = to, first
        super().__init__(page.number)

    def url_of(self, number: int) -> str:
        if number == 1 and self._first:
            return self._first
        return self._to.replace("NUMBER", str(number))


@register.inclusion_tag("components/pager.html")
def pager(
    page: Page[Any], label: str, *, to: str, first: str = "", at: str = ""
) -> dict[str, Any]:
    """The other pages: `to` is the address of each, with NUMBER in place of its number.

    `first` is that of the first page, where it has another; `at` is an anchor.
    """
    return {"page": _Linked(page, to, first), "label": label, "at": at}
