from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaign_site.reports import bounce_address
from supporters.models import confirmation as confirmations
from supporters.models.unreferenced import nothing_refers_to


class SupporterQuerySet(models.QuerySet):
    def with_address(self, email):
        """The supporter with this address, made when new; one statement either way.

        The same statement for a known and an unknown address, so that neither the
        answer nor its time tells which it is.
        """
        [supporter] = self.bulk_create(
            [Supporter(email=email)],
            update_conflicts=True,
            unique_fields=["email"],
            update_fields=["email"],
        )
        return supporter

    def without_acts(self):
        """Addresses that nothing else in the database holds a key to."""
        return self.filter(**nothing_refers_to(Supporter))


class Supporter(models.Model):
    """An email address, exact and in lower case, and what its owner may do.

    Name and place stand on each act: people sign as Maria Silva and write as M. Silva.
    """

    email = models.CharField(_("email address"), max_length=254, unique=True)
    created_at = models.DateTimeField(_("first seen"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    cookie_version = models.PositiveIntegerField(default=1, editable=False)

    objects = SupporterQuerySet.as_manager()

    class Meta:
        verbose_name = _("supporter")
        verbose_name_plural = _("supporters")

    def __str__(self):
        return self.email

    @property
    def bounce_address(self):
        """The envelope sender of a mail that follows nothing else: names its owner."""
        return bounce_address(f"s{self.pk}")

    @property
    def state(self):
        """What a delivery report has changed, for who looks at its arrival."""
        return _("gets no more mail that can be stopped")

    def stop_mail(self, because, words=""):
        """End every mail that comes without being asked for each time.

        For an address that does not exist any more, and for an owner who calls our
        mail spam. Walks the models that offer stop_mail(), so that the apps above
        need not be known here.
        """
        with transaction.atomic():
            for relation in Supporter._meta.related_objects:
                rows = relation.related_model.objects.all()
                if hasattr(rows, "stop_mail"):
                    own = rows.filter(**{relation.field.name: self})
                    own.stop_mail(because, words)

    def details(self, campaign):
        """Name and place as this person wrote them last in a confirmed act, or None.

        So that nothing is asked twice (WCAG 2.2, 3.3.7). Walks the acts that offer
        `details_of(supporter, campaign)`, so that the apps above need not be known.
        """
        for relation in confirmations.Confirmation._meta.related_objects:
            offer = getattr(relation.related_model.objects.all(), "details_of", None)
            if offer and (details := offer(self, campaign)):
                return details
        return None
