from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from database.kept import Kept
from database.personal_data import PersonalData, PersonalQuerySet
from outbox.domain_allowance import note_confirmed
from outbox.mailed_keys import WithCode
from outbox.models import OutgoingMail
from outbox.visits import MailedVisit, MailedVisitQuerySet
from supporters.people.models import Supporter


class VisitQuerySet(MailedVisitQuerySet, PersonalQuerySet):
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


class Visit(MailedVisit, WithCode):
    """One visit to my page; until it is opened, it takes the code of the mail."""

    owner_field = "supporter_id"

    supporter = models.ForeignKey(
        Supporter, on_delete=models.CASCADE, related_name="visits"
    )
    language = models.CharField(max_length=10)
    # Whoever asked for such a visit has not typed the address, and must not read it.
    leads_to = models.CharField(max_length=300, blank=True, db_default="")

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

    def takes(self, code):
        """Whether this is the code of the newest mail; each call costs one try."""
        is_waiting = Visit.objects.waiting().filter(pk=self.pk).exists()
        return is_waiting and self.may_try() and self.has_code(code)

    def note_opened(self):
        Supporter.objects.filter(pk=self.supporter_id, confirmed_at=None).update(
            confirmed_at=Now()
        )
        note_confirmed(self.email)
