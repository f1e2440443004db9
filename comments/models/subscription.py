from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData, PersonalQuerySet
from outbox.mailed_keys import StandingKey
from pages.addresses import absolute_reverse
from supporters.follow.frequency import Frequency
from supporters.models import Because, Confirmation, Consent, Supporter
from supporters.my_page.section import Section

_STOPPED = ["stopped_at", "stopped_for", "stopped_words"]


class CommentSubscriptionQuerySet(PersonalQuerySet):
    def of(self, person):
        """The subscription of a supporter or one of the staff; made when new."""
        field = "supporter" if isinstance(person, Supporter) else "user"
        if found := self.filter(**{field: person}).first():
            return found
        self.bulk_create(
            [CommentSubscription(**{field: person})], ignore_conflicts=True
        )
        return self.get(**{field: person})

    def for_my_page(self):
        """Without those that could only be about comments that their owner denies."""
        own = Confirmation.objects.filter(
            supporter=OuterRef("supporter"), comments__isnull=False, denied_at=None
        )
        return self.filter(~Q(stopped_at=None) | Exists(own)).order_by("pk")

    def without_acts(self):
        """Subscriptions of supporters who have nothing that a mail could be about."""
        return self.filter(supporter__isnull=False, supporter__confirmations=None)

    def erase(self):
        return self.delete()

    def export(self):
        return [
            {
                gettext("emails about comments"): pgettext("emails", "stopped")
                if row.stopped_at
                else pgettext("emails", "not stopped"),
                pgettext("emails", "stopped on"): row.stopped_at
                and row.stopped_at.isoformat(),
            }
            for row in self
        ]

    def causing_mails(self):
        return self.filter(stopped_at=None)

    def unsubscribe(self, because, words=""):
        """Stop these mails, for a reason that is shown; returns how many it stopped.

        The consent to them ends as well, unless the reason is that mail came back.
        """
        active = self.causing_mails()
        with transaction.atomic():
            if Because(because).takes_consent_back:
                _consents(active.values("supporter")).note_withdrawal()
            return active.update(
                stopped_at=Now(), stopped_for=because, stopped_words=words[:500]
            )


class CommentSubscription(models.Model):
    """Which mails somebody gets about comments, and the one key that stops them all.

    The key is random and stored, so that even a link of years ago stops them.
    """

    supporter = models.OneToOneField(
        Supporter,
        on_delete=models.CASCADE,
        null=True,
        related_name="comment_subscription",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="comment_subscription",
    )
    key = StandingKey(unique=True)
    # How often replies are told. A decision on one's own comment is told at once.
    frequency = models.CharField(
        _("how often"), max_length=10, choices=Frequency, default=Frequency.IMMEDIATE
    )
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stopped_for = models.CharField(
        _("stopped because"), max_length=10, choices=Because, blank=True
    )
    stopped_words = models.CharField(
        _("the server’s answer"), max_length=500, blank=True
    )
    # When this moderator was last told that something waits too long.
    alerted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommentSubscriptionQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="supporter",
        section=Section(
            "comment-subscription",
            _("Emails about your comments"),
            "comments/_mine_subscription.html",
        ),
        unsubscribes=True,
        texts=("stopped_words",),
        kept=(
            Kept(
                name="comment subscriptions",
                words=_(
                    "choices about emails, if we store nothing else about the person"
                ),
                due="without_acts",
                turn=4,
            ),
        ),
    )

    class Meta:
        verbose_name = _("comment subscription")
        verbose_name_plural = _("comment subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(supporter=None) ^ Q(user=None),
                name="comment_subscription_is_of_one_person",
            )
        ]

    def __str__(self):
        return self.key

    @property
    def is_active(self):
        return self.stopped_at is None

    def stop_url(self, language):
        return absolute_reverse("comments:subscription", language, key=self.key)

    def stop(self):
        """Send no more mails. Safe to call twice."""
        CommentSubscription.objects.filter(pk=self.pk).unsubscribe(Because.ASKED)
        self.refresh_from_db(fields=_STOPPED)

    def resume(self, page):
        """Send these mails again, by the consent of before. Safe to call twice.

        `page` is where somebody pressed the button.
        """
        if self.is_active:
            return
        stopped = CommentSubscription.objects.filter(pk=self.pk).exclude(
            stopped_at=None
        )
        with transaction.atomic():
            if stopped.update(stopped_at=None, stopped_for="", stopped_words=""):
                _consents([self.supporter_id]).give_again(page)
        self.refresh_from_db(fields=_STOPPED)

    def change_frequency(self, frequency):
        """Tell of replies as often as this from now on."""
        CommentSubscription.objects.filter(pk=self.pk).update(frequency=frequency)
        self.refresh_from_db(fields=["frequency"])

    def due_after(self, moment):
        """When to tell a reply that could be told at this moment."""
        return Frequency(self.frequency).next_due(moment)


def _consents(supporters):
    """Consents to mails about comments that some comment still asks for."""
    wanted = Q(kind="comment news", confirmation__comments__wants_news=True) | Q(
        kind="comment replies", confirmation__comments__wants_replies=True
    )
    return Consent.objects.filter(wanted, confirmation__supporter__in=supporters)
