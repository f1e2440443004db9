"""The mail by which a superuser of a new site tests whether mail leaves."""

from django.utils.translation import gettext_lazy as _

from branding.site import is_an_examples
from campaign_editor.models import FirstSteps
from outbox.mail import write
from outbox.models import Outcome
from outbox.purposes import ASKED_FOR, Nothing, Purpose, register
from staff.models import User


@register
class FirstTestMail(Purpose):
    """A test, about the key of who asks.

    When our relay has taken it, a step is done, unless nobody can have the address.
    """

    name = "test_mail"
    title = _("Test email")
    policy = ASKED_FOR

    def compose(self, mail):
        user = User.objects.filter(pk=mail.about).first()
        if user is None or user.email != mail.email:
            raise Nothing
        context = {"username": user.get_username()}
        return write(mail.email, "test_mail", context, user.reads)

    def settled(self, mail):
        if mail.outcome == Outcome.SENT and not is_an_examples(mail.email):
            FirstSteps.note("mail_sent_at")
