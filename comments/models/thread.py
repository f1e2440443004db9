from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from comments.state import CONVERSATION, READABLE, VISIBLE


class ThreadQuerySet(models.QuerySet):
    def of(self, campaign):
        """The thread of a campaign; an unsaved, empty one if there is no row yet."""
        found = self.filter(campaign=campaign).first() or Thread()
        found.campaign = campaign
        return found

    def locked(self, campaign_id):
        """The thread's row, made if new, and locked until the transaction ends.

        Code that changes what shows takes this lock first, so that `recount` sees what
        was committed before.
        """
        self.bulk_create([Thread(campaign_id=campaign_id)], ignore_conflicts=True)
        return self.select_for_update(no_key=True).get(campaign=campaign_id)


class Thread(models.Model):
    """The comments under one campaign: whether it takes more, and how many show."""

    campaign = models.OneToOneField(
        Campaign,
        on_delete=models.CASCADE,
        related_name="thread",
        verbose_name=_("campaign"),
    )
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_(
            "Nobody can comment after this. If empty, people can comment until the "
            "campaign ends."
        ),
    )
    closed_at = models.DateTimeField(_("closed by hand"), null=True, blank=True)
    # Counted anew with every change, since a page must not count 10,000 rows.
    comment_count = models.PositiveIntegerField(
        _("comments shown"), default=0, editable=False
    )
    conversation_count = models.PositiveIntegerField(default=0, editable=False)
    pinned_count = models.PositiveIntegerField(default=0, editable=False)
    # How many of the conversations begin in each language; "" is the campaign's first.
    languages = models.JSONField(default=dict, db_default={}, editable=False)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")

    def __str__(self):
        return str(self.campaign)

    @property
    def is_open(self):
        """Whether people can comment: not closed by date, by hand, by the campaign."""
        past = self.closes_at is not None and self.closes_at <= timezone.now()
        return self.campaign.is_open and self.closed_at is None and not past

    def close(self):
        """Take no more comments. Safe to call twice."""
        Thread.objects.filter(pk=self.pk, closed_at=None).update(closed_at=Now())

    def reopen(self):
        Thread.objects.filter(pk=self.pk).update(closed_at=None)

    def recount(self, *roots):
        """Count what shows, in the thread and in these conversations.

        Call it under the lock of `locked()`, in the transaction of the change.
        """
        comments = Campaign(pk=self.campaign_id).comments
        replies = (
            comments.filter(VISIBLE, root=OuterRef("pk"))
            .order_by()
            .values("root")
            .annotate(number=Count("pk"))
        )
        comments.filter(pk__in=roots).update(
            reply_count=Coalesce(Subquery(replies.values("number")), 0)
        )
        counts = comments.aggregate(
            comment_count=Count("pk", filter=READABLE),
            conversation_count=Count("pk", filter=CONVERSATION & Q(pinned_at=None)),
            pinned_count=Count("pk", filter=CONVERSATION & ~Q(pinned_at=None)),
        )
        conversations = comments.filter(CONVERSATION, pinned_at=None).order_by()
        by_language = conversations.values_list("written_in").annotate(Count("pk"))
        Thread.objects.filter(pk=self.pk).update(languages=dict(by_language), **counts)

    def conversations_in(self, languages):
        """How many conversations begin in these languages, apart from pinned ones."""
        return sum(self.languages.get(language, 0) for language in languages)
