"""The guard of my page: its views, in whichever app, are for its owner's browser."""

from outbox.visits import for_owner
from pages.errors import error_page
from supporters.my_page import browser
from supporters.my_page.visits import Visit


def is_of(request, visit):
    """Whether this browser has confirmed the address."""
    return browser.supporter_of(request) == visit.supporter


def expired(request, _visit=None):
    return error_page(request, 410, "supporters/expired.html")


for_visitor = for_owner(Visit.objects.select_related("supporter"), is_of, expired)
