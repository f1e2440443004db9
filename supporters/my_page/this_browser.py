"""The buttons by which a known browser is forgotten, or remembered for longer."""

from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pages.same_origin import public_form
from supporters.my_page import browser


@public_form
@require_POST
def this_browser(request):
    """Forget this browser, or remember it for 30 days; leads back to a page of ours."""
    to = request.POST.get("to", "")
    response = redirect(to if _is_ours(to) else "campaigns:home")
    supporter = browser.supporter_of(request)
    if "own_device" not in request.POST:
        browser.forget(response)
    elif supporter is not None:
        browser.remember(response, supporter, own_device=True)
    return response


def _is_ours(path):
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, None)
