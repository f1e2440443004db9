from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branding.site import the_site
from outbox.models import OutgoingMail
from pages.languages import languages_of_desk

_BACKEND = "django.contrib.auth.backends.ModelBackend"


class LastSuperuser(ValidationError):
    """Nobody would be left who may do everything here."""

    def __init__(self):
        said = _(
            "This would leave no administrator. First make somebody else who may sign "
            "in an administrator."
        )
        super().__init__(said, code="last_superuser")


class UserQuerySet(models.QuerySet):
    def superusers(self):
        """Users who may do everything here, and can sign in."""
        return self.filter(is_superuser=True, is_staff=True, is_active=True)

    def may_go(self):
        """Raise LastSuperuser if no superuser would be left without these users.

        The answer holds until the running transaction ends: if two are deleted at once,
        the second waits for the first.
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
    def campaigners(self):
        """The campaigners who can be mailed.

        If there are none, the site's contact, as an account that is not stored.
        """
        people = self.filter(groups__name="Campaigners", is_active=True)
        contact = self.model(email=the_site().contact_email)
        return list(people.exclude(email="")) or [contact]

    def who_may(self, permission):
        """Active users with this permission, in all campaigns or in one at least."""
        app, _dot, codename = permission.partition(".")
        everywhere = self.with_perm(permission, backend=_BACKEND)
        roles = "campaign_roles__group__permissions"
        in_one = {f"{roles}__content_type__app_label": app}
        in_one[f"{roles}__codename"] = codename
        found = Q(pk__in=everywhere.values("pk"))
        found |= Q(pk__in=self.filter(is_active=True, **in_one).values("pk"))
        return self.filter(found)

    def who_reset_their_password(self):
        """Users who get a link for a new password when they ask for it."""
        return self.filter(is_active=True, is_staff=True)

    def reset_passwords_later(self, email):
        """Queue links for a new password to the accounts with this address.

        This is one statement, the same whether or not there is such an account: what is
        queued is about no account yet. The worker looks for accounts and makes the
        links.
        """
        OutgoingMail.objects.queue("password_reset", None, email)


class User(AbstractUser):
    """One of the staff: a campaigner, a moderator or a superuser.

    Supporters are not users: they have no password and no account.
    """

    username = models.CharField(
        _("username"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Letters, digits and @ . + - _, and no spaces."),
        error_messages={
            "unique": _("Somebody has this username already. Choose another one.")
        },
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_(
            "Untick this when somebody leaves. They can no longer sign in, and the "
            "account stays."
        ),
    )
    is_staff = models.BooleanField(
        _("may sign in"),
        default=False,
        help_text=_("Everybody who works on these pages needs this."),
    )
    is_superuser = models.BooleanField(
        _("administrator"),
        default=False,
        help_text=_("Administrators may do everything, whatever their roles are."),
    )
    date_joined = models.DateTimeField(_("added"), default=timezone.now)
    last_login = models.DateTimeField(_("last signed in"), null=True, blank=True)
    # Empty if they have chosen none.
    language = models.CharField(
        _("language"), max_length=10, blank=True, editable=False
    )
    # Those in which they read what people write; empty for all.
    languages_read = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, editable=False
    )

    objects = UserManager()

    def clean(self):
        """Refuse a form that takes the rights of the last superuser."""
        super().clean()
        if not (self.is_superuser and self.is_staff and self.is_active):
            User.objects.filter(pk=self.pk).may_go()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            User.objects.filter(pk=self.pk).may_go()
            return super().delete(*args, **kwargs)

    @property
    def reads(self):
        """The language of the pages and mails that are for them as staff."""
        ours = languages_of_desk()
        return self.language if self.language in ours else settings.LANGUAGE_CODE

    @property
    def reads_comments_in(self):
        """The languages that they have chosen, of those of the site; none means all."""
        ours = dict(settings.LANGUAGES)
        return [code for code in self.languages_read if code in ours]

    @property
    def works_here(self):
        """Whether they may sign in at all."""
        return self.is_active and self.is_staff

    def may_see(self, label):
        """Whether the admin shows them rows of the model with this label."""
        app, _dot, model = label.partition(".")
        return any(
            self.has_perm(f"{app}.{verb}_{model}") for verb in ("view", "change")
        )

    @property
    def has_second_factor(self):
        """Whether signing in needs a passkey or an authenticator app as well."""
        return self._second_factors().exists()

    @property
    def second_factors(self):
        """The keys of their passkeys and apps."""
        return set(self._second_factors().values_list("pk", flat=True))

    def _second_factors(self):
        of_codes = Authenticator.Type.RECOVERY_CODES
        return self.authenticator_set.exclude(type=of_codes)

    def remove_second_factor(self):
        """Let somebody who lost phone, passkey and codes in by password alone.

        All their sessions end. Returns whether there was anything to remove.
        """
        with transaction.atomic():
            removed, _by_model = self.authenticator_set.all().delete()
            self.sign_ins.revoke()
        return bool(removed)
