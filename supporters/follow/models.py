from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from database.kept import Kept
from database.personal_data import PersonalData
from outbox.mailed_keys import StandingKey, key_beside, new_standing_key
from pages.addresses import absolute_reverse
from supporters.acts import refusals
from supporters.acts.act import HoldableAct
from supporters.acts.confirmations import UNCONFIRMED_AT_MOST, Confirmation
from supporters.acts.holding import posts_of
from supporters.acts.stop_reasons import Because
from supporters.consent.models import Consent
from supporters.consent.taking_back import TakingBack
from supporters.follow.frequency import Frequency
from supporters.follow.querysets import ACTIVE, FollowQuerySet, hash_of_follow
from supporters.my_page.section import Section
from supporters.people.models import Supporter

NEXT = "key", "supporters.sign next"


class Follow(HoldableAct):
    """Somebody's wish to hear by email from a campaign, or from all of them.

    The key is random and stored, so that a link of years ago still stops. Somebody who
    follows again keeps the key that their old mails hold.
    """

    # It is never empty: an erased supporter has no follow any more.
    confirmation = models.ForeignKey(
        Confirmation, on_delete=models.PROTECT, related_name="follows"
    )
    created_at = models.DateTimeField(_("asked for"), db_default=Now())
    supporter = models.ForeignKey(
        Supporter, on_delete=models.CASCADE, related_name="follows"
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campaign"),
        help_text=_("If empty, all campaigns in this language."),
    )
    frequency = models.CharField(
        _("how often"), max_length=10, choices=Frequency, default=Frequency.IMMEDIATE
    )
    only_outcome = models.BooleanField(
        _("only once, when it has ended"), default=False, db_default=False
    )
    language = models.CharField(_("language"), max_length=10)
    key = StandingKey(unique=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stopped_for = models.CharField(
        _("stopped because"), max_length=10, choices=Because, blank=True
    )
    stopped_words = models.CharField(
        _("the server’s answer"), max_length=500, blank=True
    )

    objects = FollowQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="supporter",
        section=Section(
            "follows", _("What you follow"), "supporters/follows/_mine.html"
        ),
        order=2,
        consents={
            "follow": TakingBack(
                _("updates by email"),
                _("Stop these emails?"),
                _(
                    "We will not send you the emails that you agreed to below. You "
                    "can start them again on your page."
                ),
                _("Yes, stop them"),
                done="stopped",
            )
        },
        unsubscribes=True,
        texts=("stopped_words",),
        kept=(
            Kept(
                name="follows",
                words=_("follows that nobody confirmed"),
                period=("KEEP_UNCONFIRMED_DAYS", "KEEP_HELD_DAYS"),
                since=("created_at", "confirmation__sent_at"),
                where=Q(confirmed_at=None),
                due="outdated",
                at_most=UNCONFIRMED_AT_MOST,
                turn=2,
            ),
            Kept(
                name="stopped follows",
                words=_("follows that were stopped"),
                period="KEEP_STOPPED_FOLLOWS_DAYS",
                since="stopped_at",
            ),
        ),
    )

    ONCE = _("Once, when it has ended")
    question = "follow_question"
    called = _("Email updates")
    counting = posts_of("follow")

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            *HoldableAct.Meta.constraints,
            models.UniqueConstraint(
                fields=["supporter", "campaign"],
                condition=ACTIVE,
                nulls_distinct=False,
                name="one_active_follow_of_a_campaign",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_for="")
                | Q(stopped_at__isnull=False) & ~Q(stopped_for=""),
                name="stopped_follow_says_why",
            ),
        ]
        indexes = [
            models.Index(
                "campaign",
                "supporter",
                condition=ACTIVE,
                name="active_follows",
            ),
            models.Index(
                "created_at", condition=Q(confirmed_at=None), name="unconfirmed_follows"
            ),
        ]

    def __str__(self):
        return str(self.campaign) if self.campaign_id else str(_("All campaigns"))

    @property
    def in_short(self):
        return self.confirmation.email

    @property
    def is_active(self):
        return bool(self.confirmed_at and not self.stopped_at)

    @property
    def current(self):
        """The follow by which its owner gets these updates now; or this one."""
        active = Follow.objects.of_supporter(self.supporter_id).active()
        return active.filter(campaign=self.campaign_id).first() or self

    @property
    def often(self):
        """How often mail comes by it, in words."""
        if self.only_outcome:
            return self.ONCE
        return self.get_frequency_display()

    @property
    def may_resume(self):
        """Whether it can begin again; not if its owner has followed again since."""
        return bool(self.stopped_at and self.confirmed_at) and (
            self.stopped_for != Because.REPLACED
        )

    @property
    def state(self):
        """The state of the follow in a word, for staff."""
        if self.stopped_at:
            return _("stopped: %s") % self.get_stopped_for_display()
        return pgettext_lazy("follow", "active") if self.confirmed_at else super().state

    @property
    def inbox_url(self):
        return reverse("supporters:inbox", args=[self.confirmation.page_token])

    @property
    def question_url(self):
        return reverse("supporters:confirmation", args=[self.confirmation.link_key])

    @property
    def done_url(self):
        return reverse("supporters:thanks", args=[self.key])

    @property
    def next_key(self):
        """The key of the link that signs the petition which a mail proposes."""
        return key_beside(self, *NEXT)

    @property
    def stop_url(self):
        """A page with a button that ends it, for mails; mail programs post there."""
        return absolute_reverse("supporters:cancellation", self.language, key=self.key)

    @property
    def stop_all_url(self):
        """The same for everything that this address follows."""
        return absolute_reverse(
            "supporters:cancellation-of-all", self.language, key=self.key
        )

    def _post(self, **others):
        said = self.confirmation.said
        # Its owner may have chosen another frequency since.
        [typed] = [each for each in Frequency if hash_of_follow(each) == said]
        return Follow.objects.follow(campaign=self.campaign, frequency=typed, **others)

    def confirm(self):
        """Begin to follow; the owner of the address said yes. Safe to call twice.

        What this address followed before ends, and gives the new follow its key, which
        stands in the mails of before.
        """
        with transaction.atomic():
            if not self.confirmation.use():
                self.refresh_from_db()
                return
            supporter = self.confirmation.supporter
            # Two confirmations of one address wait for each other here.
            Supporter.objects.select_for_update().get(pk=supporter.pk)
            before = (
                Follow.objects.of_supporter(supporter)
                .filter(campaign=self.campaign_id, confirmed_at__isnull=False)
                .order_by("-confirmed_at", "-pk")
                .first()
            )
            if before:
                self.key = before.key
                Follow.objects.filter(pk=before.pk).update(key=new_standing_key())
                replaced = Follow.objects.filter(pk=before.pk, stopped_at=None)
                replaced.unsubscribe(Because.REPLACED)
            self.supporter, self.confirmed_at = supporter, timezone.now()
            self.save(update_fields=["key", "supporter", "confirmed_at"])
            refusals.write_again(supporter.email)

    def stop(self):
        """Send no more mails of it. Safe to call twice."""
        Follow.objects.filter(pk=self.pk).unsubscribe(Because.ASKED)
        self.refresh_from_db()

    def stop_all(self):
        """Send nothing more of anything this address follows. Safe to call twice."""
        Follow.objects.of_supporter(self.supporter).unsubscribe(Because.ASKED)
        self.refresh_from_db()

    def resume(self, page):
        """Follow again, by the consent of before; `page` has the button.

        Safe to repeat.
        """
        with transaction.atomic():
            Supporter.objects.select_for_update().get(pk=self.supporter_id)
            others = Follow.objects.of_supporter(self.supporter).active()
            if not others.filter(campaign=self.campaign_id).exists():
                Follow.objects.filter(pk=self.pk, confirmed_at__isnull=False).update(
                    stopped_at=None, stopped_for="", stopped_words=""
                )
                given = Consent.objects.filter(confirmation=self.confirmation_id)
                given.filter(kind="follow").give_again(page)
                refusals.write_again(self.supporter.email)
        self.refresh_from_db()

    def change_frequency(self, frequency):
        """Mail as often as this from now on; what waits for its day keeps it."""
        Follow.objects.filter(pk=self.pk).update(
            frequency=frequency, only_outcome=False
        )
        self.refresh_from_db()
