from contextlib import suppress
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from safeguards.network import networks_of
from staff.accounts.browsers import browser_name
from staff.accounts.models import User

# "Last seen" is known as exactly as this, since a write for every page is too much.
SEEN_EVERY = timedelta(minutes=1)


# Django's own model says who has signed in, and until when.
Session.add_to_class(
    "personal_data",
    PersonalData(
        about_nobody=("session_key", "session_data"),
        kept=(
            Kept(
                name="sessions",
                words=_("sessions of staff that have ended"),
                period=0,
                since="expire_date",
            ),
        ),
    ),
)


class SignInQuerySet(models.QuerySet):
    def current(self):
        return self.filter(session__expire_date__gt=timezone.now())

    def see(self, request):
        """Note that a member of staff is at work in this session."""
        now = timezone.now()
        key = request.session.session_key
        found = self.filter(session=key).values_list("seen_at", flat=True).first()
        if found is None:
            # A session that is being revoked at this moment needs no note.
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
        """End these sessions at once; returns how many there were."""
        sessions = Session.objects.filter(pk__in=self.values("session"))
        return sessions.delete()[1].get("sessions.Session", 0)


class SignIn(models.Model):
    """One session of a member of staff: from where, and when it was last used.

    Of the address only the network of one customer is kept. The row is deleted with its
    session.
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
