"""Open alerts in the inbox: all who work for the whole site read them there."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from database.moments import day_and_hour
from staff import reach
from staff.alerts.models import Alert
from staff.inbox import Done, InboxDecision, InboxRow, InboxTab, numbers

CLOSE = InboxDecision("close", _("Close: it has been dealt with"), "a", is_yes=True)


class AlertsTab(InboxTab):
    name = "alerts"
    label = Alert._meta.verbose_name_plural
    empty = _(
        "Nothing is here yet. We alert you here and by email when something needs a "
        "person."
    )
    decides = "staff.change_alert"
    decisions = (CLOSE,)

    def may_open(self, user):
        return reach.works_for_the_site(user)

    def rows(self, user, campaign=None):
        """Those that are open; none of them belongs to a campaign."""
        rows = Alert.objects.filter(closed_at=None)
        return rows.none() if campaign else rows

    def seen(self, rows):
        """Nothing: an alert holds no personal data."""
        return []

    def said(self, user, rows):
        return [
            InboxRow(
                key=str(alert.pk),
                title=alert.told["words"],
                facts=[("", day_and_hour(alert.at))],
                decisions=self.decisions,
                links=[(_("Look at it"), alert.address)],
            )
            for alert in rows
        ]

    def decide(self, request, decision, keys, typed):
        keys = numbers(keys)
        closed = Alert.objects.filter(pk__in=keys).close(by=request.user)
        said = ngettext("%d alert is closed.", "%d alerts are closed.", closed)
        undo = " ".join(map(str, keys))
        return Done.of(Alert, keys, closed, said % closed, undo)

    def undo(self, request, token):
        keys = numbers(token.split())
        mine = Alert.objects.filter(pk__in=keys, closed_by=request.user)
        opened = mine.update(closed_at=None, closed_by=None)
        return Done.of(Alert, keys, opened, capfirst(_("undone")))
