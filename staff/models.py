import secrets
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractUser, Group
from django.contrib.auth.models import UserManager as BaseUserManager
from django.contrib.auth.tokens import default_token_generator
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branding.site import the_site
from outbox import mail
from pages.addresses import absolute
from safeguards.mail_allowance import MailAllowance
from safeguards.network import networks_of
from staff import tasks
from staff.browsers import browser_name

# How exactly "last seen" is known; a write for every page would be one too many.
SEEN_EVERY = timedelta(minutes=1)
PASSWORD_RESETS = MailAllowance("password reset")
INVITATIONS = MailAllowance("invitation")


def groups_to_give(user):
    """The groups that allow nothing which this user may not do."""
    if user.is_superuser:
        return Group.objects.all()
    held = user.get_all_permissions()
    groups = Group.objects.prefetch_related("permissions__content_type")
    given = [
        group.pk
        for group in groups
        if {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        <= held
    ]
    return Group.objects.filter(pk__in=given)


class LastSuperuser(ValidationError):
    """Refused: nobody would be left who may do everything here."""

    def __init__(self):
        said = _(
            "This would leave nobody who may do everything here. First make somebody "
            "else a superuser, active and with staff status."
        )
        super().__init__(said, code="last_superuser")


class UserQuerySet(models.QuerySet):
    def superusers(self):
        """Who may do everything here, and can sign in to do it."""
        return self.filter(is_superuser=True, is_staff=True, is_active=True)

    def may_go(self):
        """Raise LastSuperuser when no superuser is left without these.

        Holds until the transaction that is running ends: of two who go at once, the
        second waits for the first.
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
        """Where mail to the campaigners goes; to the contact when there are none."""
        people = self.filter(groups__name="Campaigners", is_active=True)
        addresses = people.exclude(email="").values_list("email", flat=True)
        return list(addresses) or [the_site().contact_email]

    def reset_passwords_later(self, email):
        """Take the wish of whoever typed this address for a new password.

        The same statements whether or not somebody works here with it: the worker
        does what differs, and writes the links, since a job must hold no key.
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
        """Superusers stay, also when a form takes away what makes somebody one."""
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
        """For who has lost phone, passkey and codes: the password alone again.

        Ends every session, too. Returns whether there was anything to remove.
        """
        with transaction.atomic():
            removed, _by_model = self.authenticator_set.all().delete()
            self.sign_ins.revoke()
        return bool(removed)

    def mail_password_reset(self):
        """Mail the link to choose a new password; may raise MailLimitReached."""
        # Its module asks for this model, which is not there before.
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


class SignInQuerySet(models.QuerySet):
    def current(self):
        return self.filter(session__expire_date__gt=timezone.now())

    def see(self, request):
        """Note that a member of staff is at work in this session."""
        now = timezone.now()
        key = request.session.session_key
        found = self.filter(session=key).values_list("seen_at", flat=True).first()
        if found is None:
            # A session that has been revoked this very moment needs no note.
            with suppress(IntegrityError), transaction.atomic():
                self.bulk_create(
                    [
                        SignIn(
                            session_id=key,
                            user=request.user,
                            network=networks_of(request).customer.key,
                            browser=browser_name(request),
                            signed_in_at=now,
                            seen_at=now,
                        )
                    ],
                    ignore_conflicts=True,
                )
        elif found < now - SEEN_EVERY:
            self.filter(session=key).update(
                seen_at=now, network=networks_of(request).customer.key
            )

    def revoke(self):
        """End these sessions, at once; returns how many there were."""
        sessions = Session.objects.filter(pk__in=self.values("session"))
        return sessions.delete()[1].get("sessions.Session", 0)


class SignIn(models.Model):
    """One session of a member of staff: from where, and when it was last used.

    Of the address only the network is kept, what one customer gets. The row goes
    with its session.
    """

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, related_name="sign_in"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    network = models.CharField(_("network"), max_length=50)
    browser = models.CharField(_("browser"), max_length=60)
    signed_in_at = models.DateTimeField(_("signed in"))
    seen_at = models.DateTimeField(_("last seen"))

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-seen_at"]

    def __str__(self):
        return f"{self.browser}, {self.network}"


def audit_begins():
    return timezone.now() - timedelta(days=settings.KEEP_AUDIT_DAYS)


def outdated_log():
    """Entries of the admin's own log. It names the rows, so it must not stay longer."""
    return LogEntry.objects.filter(action_time__lt=audit_begins())


INVITATION_DAYS = 7
# How long the list tells what became of one.
KEEP_INVITATIONS_DAYS = 30


class Over(Exception):
    """The invitation was taken or revoked, or its time has passed."""


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Neither taken nor revoked nor too old, and from who works here still."""
        since = timezone.now() - timedelta(days=INVITATION_DAYS)
        return self.filter(
            accepted_at=None,
            revoked_at=None,
            asked_at__gt=since,
            invited_by__is_active=True,
        )

    def revoke(self):
        """End these, and their links, at once; returns how many were not over."""
        not_taken = self.filter(accepted_at=None, revoked_at=None)
        return not_taken.update(revoked_at=timezone.now(), key_hash=None)

    def outdated(self):
        since = timezone.now() - timedelta(days=KEEP_INVITATIONS_DAYS)
        return self.filter(asked_at__lt=since)

    def for_key(self, key):
        """The open invitation behind the link in a mail, or DoesNotExist."""
        return self.open().select_related("group").get(key_hash=_hash(key))


class Invitation(models.Model):
    """Somebody is asked by email to work here, in one group.

    The key in the mail is random, works once and for seven days, and is stored as a
    hash: what it opens is an account.
    """

    email = models.EmailField(_("email address"))
    group = models.ForeignKey(
        Group,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("group"),
        help_text=_("What they may do here."),
    )
    invited_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("invited by"),
    )
    key_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    asked_at = models.DateTimeField(
        _("sent"), default=timezone.now, db_default=Now(), editable=False
    )
    mailed_at = models.DateTimeField(_("mail handed over"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]

    def __str__(self):
        return self.email

    def clean(self):
        self.email = self.email.lower()
        if User.objects.filter(email__iexact=self.email, is_active=True).exists():
            raise ValidationError(
                {"email": _("Somebody with this address works here already.")}
            )

    @property
    def expires_at(self):
        return self.asked_at + timedelta(days=INVITATION_DAYS)

    def ask_later(self):
        """Queue the mail; a link that went out before works no more from now on."""
        with transaction.atomic():
            Invitation.objects.filter(pk=self.pk).update(
                key_hash=None, asked_at=timezone.now(), mailed_at=None
            )
            tasks.mail_invitation.defer(invitation_pk=self.pk)

    def ask(self):
        """Mail the link, whose key is written down nowhere else; may raise."""
        if not self._mailable().exists():
            return
        key = secrets.token_urlsafe(24)
        page = reverse("account_accept_invitation", kwargs={"key": key})
        context = {
            "group": self.group.name,
            "invited_by": self.invited_by and self.invited_by.get_username(),
            "days": INVITATION_DAYS,
            "accept_url": absolute(page),
        }
        with INVITATIONS.one_for(self.email):
            # Not before: a mail that must wait ends no link that was mailed.
            self._mailable().update(key_hash=_hash(key))
            mail.write(self.email, "invitation", context, settings.LANGUAGE_CODE).send()
        self._mailable().update(mailed_at=timezone.now())

    @property
    def may_be_given(self):
        """Whether who has invited could still do so: rights may have gone since."""
        by = self.invited_by
        return by.is_staff and groups_to_give(by).filter(pk=self.group_id).exists()

    def _mailable(self):
        return Invitation.objects.open().filter(pk=self.pk)

    def accept(self, key, *, username, first_name, last_name, password):
        """Make the account, once. Raises Over."""
        with transaction.atomic():
            found = self._mailable().filter(key_hash=_hash(key))
            row = found.select_for_update(of=["self"]).first()
            known = User.objects.filter(email__iexact=self.email, is_active=True)
            if row is None or known.exists() or not row.may_be_given:
                raise Over
            user = User.objects.create_user(
                username,
                email=row.email,
                password=password,
                first_name=first_name,
                last_name=last_name,
                is_staff=True,
            )
            user.groups.add(row.group)
            row.accepted_at, row.key_hash = timezone.now(), None
            row.save(update_fields=["accepted_at", "key_hash"])
            Act.objects.note(
                user,
                Act.Kind.ACTED,
                "staff.invitation",
                [row.pk],
                1,
                action="accept",
                page=reverse("admin:staff_invitation_changelist"),
            )
        return user


def _hash(key):
    return sha256(key.encode()).hexdigest()


class ActQuerySet(models.QuerySet):
    def note(self, by, kind, about, keys, count, *, page, action=""):
        """Write down that this user did something with rows of a model.

        `count` is None for all that a list had found.
        """
        return self.create(
            # Who has just deleted their own account has left their name alone.
            by_id=Subquery(User.objects.filter(pk=by.pk).values("pk")),
            username=by.get_username(),
            kind=kind,
            action=action,
            model=about,
            keys=[str(key) for key in keys],
            count=count,
            # Without its query, which may hold an address; PostgreSQL stores no NUL.
            page=page.replace("\x00", "\ufffd")[:200],
        )

    def outdated(self):
        return self.filter(at__lt=audit_begins())


class Act(models.Model):
    """Who of the staff did what with which personal data, and on which page.

    Holds the keys of rows and nothing of what they say. The table itself refuses to
    change a row; rows go after KEEP_AUDIT_DAYS.
    """

    class Kind(models.TextChoices):
        LISTED = "listed", _("looked at a list")
        READ = "read", _("looked at a row")
        EXPORTED = "exported", _("exported")
        CHANGED = "changed", _("changed")
        ERASED = "erased", _("erased")
        ACTED = "acted", _("acted on")

    at = models.DateTimeField(_("when"), db_default=Now())
    by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    username = models.CharField(_("who"), max_length=150)
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    action = models.CharField(_("action"), max_length=60, blank=True)
    model = models.CharField(_("model"), max_length=60)
    keys = ArrayField(models.CharField(max_length=36), verbose_name=_("rows"))
    count = models.PositiveIntegerField(
        _("how many"), null=True, help_text=_("Empty: all that the list had found.")
    )
    page = models.CharField(_("page"), max_length=200)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act on personal data")
        verbose_name_plural = _("audit trail")
        ordering = ["-pk"]
        indexes = [models.Index("at", name="acts_by_time")]

    def __str__(self):
        return f"{self.username} {self.get_kind_display()} {self.model}"


class AlertQuerySet(models.QuerySet):
    def outdated(self):
        return self.filter(at__lt=audit_begins())

    def sound(self, kind, about, words, page, *, until_closed=False):
        """Note that a person should look at something, and mail the campaigners.

        `about` tells what it is about from others of this kind; the same is said once
        in 24 hours, and, of what lasts, not again before it is closed. `page` is where
        to look. Returns the alert, or None.
        """
        since = timezone.now() - timedelta(days=1)
        with transaction.atomic():
            said = Q(at__gt=since)
            if until_closed:
                said |= Q(closed_at=None)
            if self.filter(said, kind=kind, about=about).exists():
                return None
            alert = self.create(kind=kind, about=about, words=words, page=page)
            tasks.mail_alert.defer(alert_pk=alert.pk)
        return alert

    def close(self, by=None):
        """Note that these need no look any more: by themselves, or by who says so.

        Returns how many were open.
        """
        return self.filter(closed_at=None).update(closed_at=Now(), closed_by=by)


class Alert(models.Model):
    """Something that people who work here should look at. Holds no personal data."""

    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(_("about"), max_length=200)
    words = models.TextField(_("what happened"))
    page = models.CharField(_("page"), max_length=200)
    at = models.DateTimeField(_("when"), db_default=Now())
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-pk"]
        indexes = [models.Index("kind", "about", "at", name="alerts_by_kind")]

    def __str__(self):
        return self.words

    def mail(self):
        """Tell the campaigners; may raise what sending raises."""
        context = {"alert": self, "admin_url": absolute(self.page)}
        for address in User.objects.campaigner_addresses():
            mail.write(address, "alert", context, settings.LANGUAGE_CODE).send()
