from datetime import timedelta

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from outbox.mailed_keys import OneTimeKey
from outbox.models import OutgoingMail
from staff import reach
from staff.accounts.models import User
from staff.audit.models import AuditEntry

INVITES = "staff.add_invitation"
INVITATION_DAYS = 7
# For so long the list tells what became of an invitation.
KEEP_INVITATIONS_DAYS = 30


def groups_to_give(user):
    """The groups that allow nothing but what this user may do in all campaigns."""
    if user.is_superuser:
        return Group.objects.all()
    held = reach.held_everywhere(user)
    groups = Group.objects.prefetch_related("permissions__content_type")
    given = [
        group.pk
        for group in groups
        if {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        <= held
    ]
    return Group.objects.filter(pk__in=given)


class InvitationOver(Exception):
    """The invitation was accepted or revoked, or has expired."""


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Invitations that can be accepted; whoever sent them still works here."""
        since = timezone.now() - timedelta(days=INVITATION_DAYS)
        return self.filter(
            accepted_at=None,
            revoked_at=None,
            asked_at__gt=since,
            invited_by__is_active=True,
            invited_by__is_staff=True,
        )

    def revoke(self):
        """End these and their links at once; returns how many were not over before."""
        not_taken = self.filter(accepted_at=None, revoked_at=None)
        return not_taken.update(revoked_at=timezone.now(), mail_key=None)

    def for_key(self, key):
        """The open invitation of the key in a mail's link. Raises DoesNotExist."""
        return self.open().get(mail_key=key)


class Invitation(models.Model):
    """A mail that asks somebody to work here, in the roles that it names.

    `groups` are roles for all campaigns; the rooms above keep those in single campaigns
    (`campaign_roles`). The key in the mail is random, works once and for seven days,
    and is stored as a hash, since it opens an account.
    """

    email = models.EmailField(_("email address"))
    is_administrator = models.BooleanField(
        _("administrator"),
        default=False,
        help_text=_("Administrators may do everything. Only they invite another one."),
    )
    groups = models.ManyToManyField(
        Group,
        blank=True,
        related_name="+",
        verbose_name=_("roles for all campaigns"),
    )
    invited_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("invited by"),
    )
    mail_key = OneTimeKey()
    asked_at = models.DateTimeField(
        _("sent"), default=timezone.now, db_default=Now(), editable=False
    )
    mailed_at = models.DateTimeField(_("email handed over"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("email",),
        about_nobody=("mail_key",),
        kept=(
            Kept(
                name="invitations",
                words=_("invitations to work here, with the address they went to"),
                period=KEEP_INVITATIONS_DAYS,
                since="asked_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]

    def __str__(self):
        return self.email

    def clean(self):
        self.email = self.email.lower()
        known = User.objects.filter(email__iexact=self.email, is_active=True)
        if self.email and known.exists():
            raise ValidationError(
                {"email": _("Somebody with this address already works here.")}
            )

    @property
    def expires_at(self):
        return self.asked_at + timedelta(days=INVITATION_DAYS)

    def mail_later(self):
        """Queue the mail. Links that were mailed before stop working now."""
        with transaction.atomic():
            Invitation.objects.filter(pk=self.pk).update(
                mail_key=None, asked_at=timezone.now(), mailed_at=None
            )
            OutgoingMail.objects.queue("invitation", self.pk, self.email)

    def renew_key(self, key):
        """Let this key open it and no other one; False when the invitation is over."""
        return bool(self._open().update(mail_key=key))

    def note_mailed(self, key):
        """Note that its mail has left; False if another key, or none, opens it now."""
        mailed = self._open().filter(mail_key=key)
        return bool(mailed.update(mailed_at=timezone.now()))

    @property
    def roles_in_words(self):
        """Each role that it gives, with its campaign if it is for one alone."""
        first = [gettext("Administrator")] if self.is_administrator else []
        for_all = sorted(str(group) for group in self.groups.all())
        for_one = [
            gettext("%(role)s, for “%(campaign)s”")
            % {"role": role.group, "campaign": role.campaign}
            for role in self.campaign_roles.all()
        ]
        return [*first, *for_all, *for_one]

    def may_be_given_by(self, user):
        """Whether this user may give all of its roles; rights may have gone since."""
        if not reach.still_may(user, INVITES):
            return False
        if self.is_administrator and not user.is_superuser:
            return False
        given = {pk for (pk,) in self.groups.values_list("pk")}
        given |= {pk for (pk,) in self.campaign_roles.values_list("group")}
        return groups_to_give(user).filter(pk__in=given).count() == len(given)

    def _open(self):
        return Invitation.objects.open().filter(pk=self.pk)

    def accept(self, key, *, username, first_name, last_name, password):
        """Make the account, once. Raises InvitationOver."""
        with transaction.atomic():
            found = self._open().filter(mail_key=key)
            row = found.select_for_update(of=["self"]).first()
            known = User.objects.filter(email__iexact=self.email, is_active=True)
            if row is None or known.exists() or not row.may_be_given_by(row.invited_by):
                raise InvitationOver
            user = User.objects.create_user(
                username,
                email=row.email,
                password=password,
                first_name=first_name,
                last_name=last_name,
                is_staff=True,
                is_superuser=row.is_administrator,
                language=row.invited_by.language,
            )
            user.groups.set(row.groups.all())
            row.campaign_roles.update(user=user, invitation=None)
            row.accepted_at, row.mail_key = timezone.now(), None
            row.save(update_fields=["accepted_at", "mail_key"])
            AuditEntry.objects.note(
                user,
                AuditEntry.Kind.ACTION,
                "staff.invitation",
                [row.pk],
                1,
                action="accept",
                page=reverse("admin:staff_invitation_changelist"),
            )
        return user
