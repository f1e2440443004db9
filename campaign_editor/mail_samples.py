from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.samples import sample
from pages.addresses import absolute


@sample(
    "test_mail",
    gettext_lazy("To an administrator who sets up the site. Does sending work?"),
)
def test_mail():
    return {"username": "bo"}


@sample("weekly_summary", gettext_lazy("To staff who want it, each Monday."))
def weekly_summary():
    numbers = [{"label": _("Signed"), "now": 1204, "before": 980}]
    title = _("The title of the campaign")
    url = absolute("/admin/")
    waits = {"number": 3, "words": _("comments wait for a moderator"), "url": url}
    return {
        "campaigns": [{"title": title, "url": url, "numbers": numbers}],
        "waiting": [waits],
        "desk_url": url,
        "wish_url": url,
    }
