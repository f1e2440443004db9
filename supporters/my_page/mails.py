"""The mail with the way to my page."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from outbox.mailed_keys import new_one_time_key
from outbox.models import Outcome
from outbox.purposes import ASKED_FOR, Nothing, register
from pages.addresses import absolute_reverse
from safeguards.mail_allowance import MailAllowance
from supporters.acts.mails import ToSupporter
from supporters.my_page.visits import Visit


@register
class WayToMyPage(ToSupporter):
    """The link and the code, to my page or to something that its owner wrote.

    The words are those of what was asked for. A newer mail ends link and code of the
    one before. The key opens everything, so it is made when the mail is written, and
    stored as a hash.
    """

    name = "my_page"
    title = _("The link to your page")
    titles = {"my_page": title, "what_you_wrote": _("The link you asked for")}
    policy = ASKED_FOR
    allowance = MailAllowance("my page")
    tells_of = ()

    def rows(self):
        return Visit.objects.select_related("supporter")

    def owner_of(self, visit):
        return visit.supporter

    def language_of(self, visit):
        return visit.language

    def campaign_of(self, visit):
        return None

    def write(self, visit, mail):
        key = new_one_time_key()
        if not visit.issue_key(mail.pk, key):
            raise Nothing
        language = visit.supporter.language_of_mails(visit.language)
        return "what_you_wrote" if visit.leads_to else "my_page", {
            "code": visit.code,
            "minutes": settings.VISIT_LINK_MINUTES,
            "opening_url": absolute_reverse("supporters:opening", language, key=key),
            "my_page_url": absolute_reverse("supporters:mine", language),
        }

    def may_wait(self, mail):
        """Whether it is the newest: a visit is its own question, mailed only once."""
        visit = self.rows().filter(pk=mail.about).first()
        return visit is not None and not visit.is_superseded

    def settled(self, mail):
        super().settled(mail)
        if mail.outcome == Outcome.SENT:
            mailed = Visit.objects.filter(pk=mail.about, issue=mail.pk)
            mailed.update(sent_at=mail.settled_at)
