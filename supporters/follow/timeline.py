"""The emails to followers, for a campaign's page on the desk."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import ngettext

from reporting.timeline import TimelineEntry
from supporters.follow.mailings import Mailing

MOST_MAILINGS = 20


def timeline(user, campaign):
    if not user.has_perm("supporters.view_mailing"):
        return
    rows = Mailing.objects.filter(update__campaign=campaign, queued_at__isnull=False)
    names = ("queued_at", "pk", "followers", "update__title")
    newest = rows.order_by("-pk").values_list(*names)[:MOST_MAILINGS]
    for at, pk, number, title in newest:
        words = ngettext(
            "Email to %(number)s follower: %(title)s",
            "Email to %(number)s followers: %(title)s",
            number,
        )
        page = reverse("admin:supporters_mailing_change", args=[pk])
        said = words % {"number": intcomma(number), "title": title}
        yield TimelineEntry(at, said, page, marked=True)
