"""The mails to people who sent a notice: that we have it, and what we decided."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.models.text import localize
from outbox.mail import write
from outbox.models import Outcome
from outbox.purposes import NOTICE, Nothing, Purpose, register
from safeguards.mail_allowance import MailAllowance
from supporters.notices.models import DECIDED, RECEIVED, Report

# An address that is refused for good gets no second mail about the same.
TOLD = (Outcome.SENT, Outcome.REFUSED)


class ToNotifier(Purpose):
    """One mail about all notices of an address of which it has not been told.

    Anybody can enter anybody's address. So a mail holds nothing that was typed, an
    address gets only so many, and what comes meanwhile is in the next one. Notices are
    told apart by the title of the campaign and the kind of law, chosen from a list.
    """

    policy = NOTICE
    tells_of = ("supporters.report",)

    def compose(self, mail):
        notices = list(Report.objects.to_tell(self.name, mail.email))
        if not notices:
            raise Nothing
        mail.notices = {each.pk: each.decision for each in notices}
        language = notices[-1].language
        localize((each.campaign for each in notices), language)
        context = {"notices": notices, "held_days": settings.KEEP_HELD_DAYS}
        return write(mail.email, self.name, context, language)

    def may_leave(self, mail):
        """Whether the address is still theirs, and the decisions are the same."""
        found = Report.objects.filter(pk__in=mail.notices, email=mail.email)
        rows = found.order_by("pk").select_for_update(no_key=True)
        return dict(rows.values_list("pk", "decision")) == mail.notices

    def settled(self, mail):
        """Note what was told; returns whether there is more to tell by now."""
        if mail.outcome not in TOLD or not hasattr(mail, "notices"):
            return False
        self.note(Report.objects.filter(pk__in=mail.notices), mail)
        return Report.objects.to_tell(self.name, mail.email).exists()

    def note(self, notices, mail):
        raise NotImplementedError


@register
class NoticeReceived(ToNotifier):
    """The receipt that Article 16 (4) asks for."""

    name = RECEIVED
    title = _("We have your report")
    allowance = MailAllowance("notice received")

    def note(self, notices, mail):
        notices.update(receipt_at=mail.settled_at)


@register
class NoticeDecided(ToNotifier):
    """The decision, and what the notifier can do about it: Article 16 (5)."""

    name = DECIDED
    title = _("We have decided on your report")
    allowance = MailAllowance("notice decided")

    def note(self, notices, mail):
        for pk, decision in mail.notices.items():
            notices.filter(pk=pk).update(told=decision)
