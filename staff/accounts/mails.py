"""The mails by which staff choose a new password, and try whether mail leaves."""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outbox.mail import write
from outbox.models import OutgoingMail
from outbox.purposes import ASKED_FOR, Nothing, Purpose, register
from pages.addresses import absolute
from safeguards.mail_allowance import MailAllowance
from staff.accounts.models import User


@register
class PasswordReset(Purpose):
    """The link to choose a new password, about the key of an account.

    A mail about nothing stands for a form in which somebody has typed an address. An
    address is never mailed to as it was typed: each account that has it gets a mail of
    its own, at the address as it is stored.
    """

    name = "password_reset"
    title = _("New password")
    policy = ASKED_FOR
    allowance = MailAllowance("password reset")
    goes_to_known = True

    def compose(self, mail):
        if mail.about is None:
            _queue_for_accounts(mail.email)
            raise Nothing
        user = _account(mail).first()
        if user is None:
            raise Nothing
        context = {"username": user.username, "reset_url": _reset_url(user)}
        return write(mail.email, "password_reset", context, user.reads)

    def may_leave(self, mail):
        return _account(mail).exists()

    def about_row(self, mail):
        return User.objects.filter(pk=mail.about).first()


@register
class TestMail(Purpose):
    """A test, about the key of the account that asks for it."""

    name = "test_mail"
    title = _("Test email")
    policy = ASKED_FOR

    def compose(self, mail):
        user = User.objects.filter(pk=mail.about).first()
        if user is None or user.email != mail.email:
            raise Nothing
        context = {"username": user.get_username()}
        return write(mail.email, "test_mail", context, user.reads)


def _queue_for_accounts(email):
    found = User.objects.who_reset_their_password().filter(email__iexact=email)
    OutgoingMail.objects.queue_many(
        "password_reset", found.order_by("pk").values_list("pk", "email")
    )


def _account(mail):
    """The account, if it is still staff and still has this address."""
    return User.objects.who_reset_their_password().filter(
        pk=mail.about, email=mail.email
    )


def _reset_url(user):
    # The import stands here because this module looks up the user model when it is
    # imported.
    from allauth.account.utils import user_pk_to_url_str

    key = {
        "uidb36": user_pk_to_url_str(user),
        "key": default_token_generator.make_token(user),
    }
    return absolute(reverse("account_reset_password_from_key", kwargs=key))
