from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as BaseUserManager
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branding.site import the_site
from outbox import mail
from pages.addresses import absolute
from safeguards.mail_allowance import MailAllowance
from staff.accounts import tasks

PASSWORD_RESETS = MailAllowance("password reset")


class LastSuperuser(ValidationError):
    """Raised when nobody would be left who may do everything here."""

    def __init__(self):
        said = _(
            "This would leave nobody who may do everything here. First make somebody "
            "else a superuser, active and with staff status."
        )
        super().__init__(said, code="last_superuser")


class UserQuerySet(models.QuerySet):
    def superusers(self):
        """Users who may do everything here and can sign in."""
        return self.filter(is_superuser=True, is_staff=True, is_active=True)

    def may_go(self):
        """Raise LastSuperuser if no superuser would be left without these users.

        The answer holds until the running transaction ends: of two who are deleted at
        once, the second waits for the first.
        """
        with transaction.atomic():
            present = User.objects.superusers().order_by("pk").select_for_update()
            staying = {user.pk for user in present}
            if staying and staying <= set(self.values_list("pk", flat=True)):
                raise LastSuperuser

    def delete(self):
        with transaction.atomic():
            self.may_go()
            return super().delete()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def campaigner_addresses(self):
        """The campaigners' addresses; the site's contact when there are none."""
        people = self.filter(groups__name="Campaigners", is_active=True)
        addresses = people.exclude(email="").values_list("email", flat=True)
        return list(addresses) or [the_site().contact_email]

    def reset_passwords_later(self, email):
        """Queue links for a new password to the accounts with this address.

        The statements are the same whether or not there is such an account. The worker
        does what differs, and makes the links, since a job must hold no key.
        """
        found = self.filter(email__iexact=email, is_active=True, is_staff=True)
        pks = list(found.order_by("pk").values_list("pk", flat=True))
        tasks.mail_password_resets.defer(user_pks=pks)


class User(AbstractUser):
    """Somebody who works here: campaigner, moderator, administrator.

    Supporters are not users: they have no password and no account.
    """

    objects = UserManager()

    def clean(self):
        """Keep a form from taking its rights from the last superuser."""
        super().clean()
        if not (self.is_superuser and self.is_staff and self.is_active):
            User.objects.filter(pk=self.pk).may_go()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            User.objects.filter(pk=self.pk).may_go()
            return super().delete(*args, **kwargs)

    @property
    def has_second_factor(self):
        """Whether a passkey or an authenticator app stands behind the password."""
        return self.authenticator_set.exclude(
            type=Authenticator.Type.RECOVERY_CODES
        ).exists()

    def remove_second_factor(self):
        """Let somebody in by password alone who has lost phone, passkey and codes.

        All their sessions end. Returns whether there was anything to remove.
        """
        with transaction.atomic():
            removed, _by_model = self.authenticator_set.all().delete()
            self.sign_ins.revoke()
        return bool(removed)

    def mail_password_reset(self):
        """Mail the link to choose a new password; may raise MailLimitReached."""
        # This module looks the model up when it is imported.
        from allauth.account.utils import user_pk_to_url_str

        key = {
            "uidb36": user_pk_to_url_str(self),
            "key": default_token_generator.make_token(self),
        }
        url = absolute(reverse("account_reset_password_from_key", kwargs=key))
        context = {"username": self.username, "reset_url": url}
        language = settings.LANGUAGE_CODE
        with PASSWORD_RESETS.one_for(self.email):
            mail.write(self.email, "password_reset", context, language).send()
