import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from database.kept import Kept
from database.personal_data import PersonalData, PersonalQuerySet
from outbox.mailed_keys import OneTimeKey, WithCode
from outbox.models import OutgoingMail
from supporters.people.models import Supporter


class VisitQuerySet(PersonalQuerySet):
    def request(self, email, language, leads_to=""):
        """Note that somebody asks for the page of this address, and mail its owner.

        The statements are the same whether or not anything is stored for the address.
        `leads_to` is a path of ours where the visit begins instead of at my page.
        """
        with transaction.atomic():
            supporter = Supporter.objects.with_address(email)
            visit = self.create(
                supporter=supporter, language=language, leads_to=leads_to
            )
            visit.mail_link_later()
        return visit

    def begin(self, supporter, language):
        """A visit that needs no mail: this browser has confirmed the address."""
        return self.create(supporter=supporter, language=language, opened_at=Now())

    def waiting(self):
        """Not opened yet, and the mail, if there was one, is still good."""
        limit = timezone.now() - timedelta(minutes=settings.VISIT_LINK_MINUTES)
        return self.filter(opened_at=None).exclude(sent_at__lt=limit)

    def going_on(self):
        limit = timezone.now() - timedelta(hours=settings.VISIT_HOURS)
        return self.filter(opened_at__gte=limit)

    def for_mail_key(self, key):
        """The waiting visit of the link in a mail. Raises DoesNotExist."""
        return self.waiting().select_related("supporter").get(mail_key=key)

    def erase(self):
        return self.delete()

    def export(self):
        return [
            {
                pgettext("for my page", "asked"): row.created_at.isoformat(),
                _("opened"): row.opened_at and row.opened_at.isoformat(),
            }
            for row in self.order_by("pk")
        ]


def make_key():
    return secrets.token_urlsafe(16)


class Visit(WithCode):
    """One visit to my page: asked for by anybody, opened by the owner of the address.

    The key in the page's address opens nothing by itself: until the visit is opened, it
    takes the code of the mail; afterwards only the browser that opened it may come
    back. The key in the mail is random, works once and for a short time, and is stored
    as a hash, since it opens everything.
    """

    supporter = models.ForeignKey(
        Supporter, on_delete=models.CASCADE, related_name="visits"
    )
    key = models.CharField(max_length=22, unique=True, default=make_key)
    mail_key = OneTimeKey()
    language = models.CharField(max_length=10)
    # Whoever asked for such a visit has not typed the address, and must not read it.
    leads_to = models.CharField(max_length=300, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    objects = VisitQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="supporter",
        called=gettext_lazy("Visits to your page"),
        order=2,
        about_nobody=("leads_to", "mail_key"),
        kept=(
            Kept(
                name="visits",
                words=gettext_lazy("visits to your page, by the link in an email"),
                period=1,
                since="created_at",
            ),
        ),
    )

    class Meta:
        verbose_name = gettext_lazy("visit to my page")
        verbose_name_plural = gettext_lazy("visits to my page")

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def email(self):
        return self.supporter.email

    @property
    def page_url(self):
        return reverse("supporters:page", args=[self.key])

    def mail_link_later(self):
        """Queue the mail, in the transaction that is running."""
        OutgoingMail.objects.queue("my_page", self.pk, self.email)

    def issue_key(self, number, key):
        """Let this key, and the code of the mail with this number, open it.

        False when it waits no more. A new code has all its tries.
        """
        waiting = Visit.objects.waiting().filter(pk=self.pk)
        if not waiting.update(mail_key=key):
            return False
        self.issue_code(number)
        return True

    @property
    def is_superseded(self):
        """Whether a newer mail about my page waits for the same address."""
        newer = Visit.objects.waiting().filter(pk__gt=self.pk)
        return newer.filter(supporter=self.supporter_id).exists()

    def takes(self, code):
        """Whether this is the code of the newest mail; each call costs one try."""
        is_waiting = Visit.objects.waiting().filter(pk=self.pk).exists()
        return is_waiting and self.may_try() and self.has_code(code)

    def open(self):
        """Let its owner in, once; False when it was opened before, or is too old."""
        with transaction.atomic():
            opened = Visit.objects.waiting().filter(pk=self.pk)
            if not opened.update(opened_at=Now(), mail_key=None):
                return False
            Supporter.objects.filter(pk=self.supporter_id, confirmed_at=None).update(
                confirmed_at=Now()
            )
        return True
