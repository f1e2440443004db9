"""Mails to several of the staff about the same thing."""

from django.conf import settings
from django.utils import translation

from outbox.mail import write
from outbox.purposes import NOTICE, Nothing, Purpose
from staff.accounts.models import User


class ToStaff(Purpose):
    """A mail that `queue_for_staff()` has queued, in the language of its reader.

    Somebody who is not staff any more, or has another address by now, does not get it.
    """

    policy = NOTICE

    def when(self, mail):
        if not self.may_leave(mail):
            raise Nothing

    def words(self, mail):
        """Template and context of the mail. Raises Nothing, Never or Later."""
        raise NotImplementedError

    def compose(self, mail):
        reader = User.objects.filter(pk=mail.user_pk).first()
        language = reader.reads if reader else settings.LANGUAGE_CODE
        with translation.override(language):
            template, context = self.words(mail)
        return write(mail.email, template, context, language)

    def may_leave(self, mail):
        """The site's contact, who gets it when nobody else does, has no account."""
        user = User.objects.filter(pk=mail.user_pk, email=mail.email, is_active=True)
        return not mail.user_pk or user.exists()
