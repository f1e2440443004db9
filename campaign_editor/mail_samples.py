from django.utils.translation import gettext as _

from pages.addresses import absolute


def values():
    url = absolute("/admin/")
    numbers = [{"label": _("Signed"), "now": 1204, "before": 980}]
    title = _("The title of the campaign")
    waits = {"number": 3, "words": _("comments wait for a moderator"), "url": url}
    return {
        "": {
            "username": "bo",
            "campaigns": [{"title": title, "url": url, "numbers": numbers}],
            "waiting": [waits],
            "desk_url": url,
            "wish_url": url,
        }
    }
