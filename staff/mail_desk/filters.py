"""The filters of the list of all mails; each makes a cheap query."""

from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from outbox.models import Outcome
from outbox.outgoing_mail import STATES
from outbox.purposes import all_purposes
from pages.sorting import alphabetical


class MailKindFilter(admin.SimpleListFilter):
    """Filters by title, since some kinds of mail share one."""

    title = _("kind of email")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        titles = {str(kind.title): name for name, kind in all_purposes().items()}
        return [(titles[title], title) for title in sorted(titles, key=alphabetical)]

    def queryset(self, request, mails):
        kinds = all_purposes()
        if self.value() not in kinds:
            return mails
        title = str(kinds[self.value()].title)
        same = [name for name, kind in kinds.items() if str(kind.title) == title]
        return mails.filter(purpose__in=same)


class MailStateFilter(admin.SimpleListFilter):
    """Filters by the state of a mail, and by what the desk's first page counts."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        names = ["waiting", "again", *Outcome, "accepted", "bounced", "complained"]
        return [
            *((name, capfirst(STATES[name][0])) for name in names),
            ("late", _("Late, and somebody is waiting for it")),
            ("given-up-lately", _("Not delivered in the last 24 hours")),
        ]

    def queryset(self, request, mails):
        match self.value():
            case "late":
                return mails.late()
            case "given-up-lately":
                return mails.given_up_lately()
            case name if name in STATES:
                return mails.in_state(name)
        return mails
