"""The mail by which a superuser of a new site tests whether mail leaves."""

from django.utils.translation import gettext_lazy as _

from branding.site import is_an_examples
from campaign_editor.models import FirstSteps
from outbox.deliverability.arrival import TESTS
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
        # One goes to ourselves, so that its headers are read when it comes.
        is_ours = any(TESTS.names_in(mail.email))
        if user is None or (user.email != mail.email and not is_ours):
            raise Nothing
        context = {"username": user.get_username()}
        return write(mail.email, "test_mail", context, user.reads)

    def settled(self, mail):
        is_ours = any(TESTS.names_in(mail.email))
        if mail.outcome == Outcome.SENT and not (is_ours or is_an_examples(mail.email)):
            FirstSteps.note("mail_sent_at")
