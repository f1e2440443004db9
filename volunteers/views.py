"""The pages of a volunteer's link."""

from functools import wraps

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from volunteers import workplace
from volunteers.access import for_volunteer, has_opened, remember, with_link


def _place(found):
    return workplace.Workplace(found.campaign, found.language, volunteer=found)


def at_link(view):
    """Make a page of a workplace one of a volunteer whose link is open."""

    @for_volunteer
    @wraps(view)
    def placed(request, found, **which):
        return view(request, _place(found), **which)

    return placed


@require_http_methods(["GET", "HEAD", "POST"])
@with_link
def link(request, found):
    """The page of the link: one button, and nothing of the texts.

    It leads on in a browser in which the button was pressed.
    """
    if request.method == "POST":
        response = redirect(_place(found).address("begin"))
        remember(request, response, found)
        return response
    if has_opened(request, found):
        return workplace.begin(request, _place(found))
    return render(request, "volunteers/link.html", {"found": found})


@require_safe
@for_volunteer
def handed_in(request, found):
    """Thanks, and what comes next."""
    place = _place(found)
    missing = workplace.not_translated(place)
    said = workplace.in_words(missing, place.translation)
    context = {"found": found, "missing": missing, "said": said}
    return render(request, "volunteers/handed_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_link
def closing(request, found):
    """A volunteer cannot help: their link ends. No other link does."""
    if request.method == "POST":
        found.close()
        return render(request, "volunteers/closed.html", {"found": found})
    return render(request, "volunteers/closing.html", {"found": found})
