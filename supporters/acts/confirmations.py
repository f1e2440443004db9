from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import Campaign
from database.kept import Kept
from database.keyed_hashes import keyed_hash
from database.personal_data import PersonalData, PersonalQuerySet, nothing_refers_to
from database.rows import rows_of
from outbox.domain_allowance import note_confirmed
from outbox.mailed_keys import (
    Gone,
    WithCode,
    WithLink,
    number_and_moment,
    read_number_and_moment,
    signed,
    signer,
)
from outbox.models import Outcome, OutgoingMail
from safeguards.mailbox import Mailbox
from supporters.my_page.section import Section
from supporters.people.models import Supporter

ONE_QUESTION_MINUTES = 10
# After "This was not me", nobody is asked about the like at this address for so long.
SILENCE = timedelta(days=1)
# How long an unconfirmed act is kept if everything that can delay its end comes one
# after the other: a moderator, a reminder, and an undone decision.
UNCONFIRMED_AT_MOST = (
    "KEEP_UNCONFIRMED_DAYS",
    "KEEP_HELD_DAYS",
    "REMIND_AFTER_HOURS",
    "KEEP_WITHDRAWN_DAYS",
    "UNDO_DAYS",
)
_PAGE = "supporters.confirmation page"
# The yes to a question, and its owner's first yes, are of one moment. The same
# statement tells whether a follow came with the act, as it does with few.
_USE = """
    WITH used AS (
        UPDATE supporters_confirmation SET used_at = statement_timestamp()
        WHERE id = %s AND used_at IS NULL AND replaced_at IS NULL
            AND denied_at IS NULL
        RETURNING id, supporter_id, used_at
    ), owner AS (
        UPDATE supporters_supporter AS supporter
        SET confirmed_at = statement_timestamp()
        FROM used WHERE supporter.id = used.supporter_id AND confirmed_at IS NULL
    )
    SELECT used_at, EXISTS (
        SELECT FROM supporters_follow
        WHERE confirmation_id = used.id AND confirmed_at IS NULL
    ) FROM used
"""


def is_too_old(asked_at):
    """Whether what was asked then is deleted by now, unless it was confirmed."""
    return asked_at + timedelta(days=settings.KEEP_UNCONFIRMED_DAYS) <= timezone.now()


def hash_of_words(*said):
    """A hash of what an act says, by which its question tells it from others.

    It is keyed. Otherwise somebody could find two texts with the same hash, and have a
    moderator release the second by releasing the first.
    """
    return keyed_hash("said", "\n".join(map(str, said)))[:8]


class ConfirmationQuerySet(PersonalQuerySet):
    def unused(self):
        return self.filter(used_at=None)

    def replaced(self):
        """Unused ones whose act was posted again with another address, to be deleted.

        Those that are denied stay, since the silence about them hangs on their rows.
        """
        return self.unused().filter(denied_at=None).exclude(replaced_at=None)

    def for_my_page(self):
        """Those that their owner has called not theirs, which can be undone."""
        denied = self.unused().exclude(denied_at=None)
        return denied.select_related("campaign").order_by("-pk")

    def outdated(self):
        """Unused ones with no mail on its way, or in a mailbox where it still works."""
        limit = timezone.now() - timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        return self.unused().filter(
            Q(sent_at__lt=limit) | Q(sent_at=None, created_at__lt=limit)
        )

    def erase(self):
        """Delete them: no part of a question is needed without its owner."""
        return self.delete()

    def export(self):
        rows = self.select_related("campaign").order_by("pk")
        return [
            {
                _("about"): row.campaign.full_title
                if row.campaign
                else _("All campaigns"),
                _("kind"): str(row.act_model._meta.verbose_name),
                pgettext("to confirm", "asked"): row.created_at.isoformat(),
                _("email sent"): row.sent_at and row.sent_at.isoformat(),
                _("confirmed"): row.used_at and row.used_at.isoformat(),
                _("“this was not me”"): row.denied_at and row.denied_at.isoformat(),
            }
            for row in rows
        ]

    def without_acts(self):
        """Questions to which no signature, letter or follow holds a key any more."""
        return self.filter(**nothing_refers_to(Confirmation, "supporters.Consent"))

    def with_follows_alone(self):
        """Questions to which no act holds a key, except a follow that came with one."""
        but = ("supporters.Consent", "supporters.Follow")
        return self.filter(**nothing_refers_to(Confirmation, *but))


# This stands in the place of a mail's number; no mail has such a code.
INSISTED = -1


class Confirmation(WithLink, WithCode):
    """The question "was this you?", put to one address about one or more acts.

    Two keys open two different things. The page token is in the address of the "check
    your inbox" page. It may show the address, send the mail again, post the act again
    with another address, and take a code. The mail token and the 6-digit code exist
    only in the mail.
    """

    supporter = models.ForeignKey(
        Supporter, on_delete=models.CASCADE, related_name="confirmations"
    )
    # Empty for an act about all campaigns.
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        # Only deleting a campaign for ever looks by this key, but each signature would
        # pay for an index.
        db_index=False,
    )
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(gettext_lazy("email sent"), null=True, blank=True)
    used_at = models.DateTimeField(gettext_lazy("confirmed"), null=True, blank=True)
    # When the act was posted again with another address (Act.post_again()).
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When its owner said "This was not me". Nobody can confirm it until that is undone.
    denied_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A hash of what is asked about: one mail asks about posts that say the same. It is
    # empty if each is asked about by itself.
    said = models.BinaryField(max_length=8, null=True, editable=False)

    # Whether a follow waits for this yes; use() finds out.
    brings_follow = False

    objects = ConfirmationQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="supporter",
        called=gettext_lazy("What you were asked to confirm"),
        section=Section(
            "denied",
            gettext_lazy("What you told us was not you"),
            "supporters/_denied.html",
        ),
        order=3,
        kept=(
            Kept(
                name="confirmations",
                words=gettext_lazy(
                    "what people agreed to, after what they sent is deleted"
                ),
                since=("created_at", "sent_at"),
                # A comment stays without its owner's yes, and so does its question.
                where=Q(used_at=None) & ~Q(kind="comment"),
                due="without_acts",
                at_most=UNCONFIRMED_AT_MOST,
                turn=3,
            ),
        ),
    )

    class Meta:
        verbose_name = gettext_lazy("confirmation")
        verbose_name_plural = gettext_lazy("confirmations")
        indexes = [
            models.Index(
                "created_at", condition=Q(used_at=None), name="unused_confirmations"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def email(self):
        return self.supporter.email

    @property
    def act_model(self):
        """The kind of act that it asks about."""
        holders = (each.related_model for each in Confirmation._meta.related_objects)
        return next(each for each in holders if each._meta.model_name == self.kind)

    @property
    def page_token(self):
        return signer(_PAGE).sign(number_and_moment(self))

    @classmethod
    def in_page_token(cls, token):
        """The primary key in a page token, and when its row was made.

        Raises DoesNotExist.
        """
        return read_number_and_moment(signed(cls, token, _PAGE))

    @property
    def expires_at(self):
        return (self.sent_at or self.created_at) + timedelta(
            days=settings.KEEP_UNCONFIRMED_DAYS
        )

    @property
    def is_superseded(self):
        """Whether a newer question about the same act waits for the same address.

        A question that says the same and has no mail of its own waits for this one's
        mail.
        """
        newer = Confirmation.objects.unused().filter(
            denied_at=None,
            supporter=self.supporter_id,
            campaign=self.campaign_id,
            kind=self.kind,
            pk__gt=self.pk,
        )
        if self.said:
            newer = newer.exclude(said=self.said, issue=0)
        return newer.exists()

    @property
    def has_expired(self):
        return timezone.now() >= self.expires_at

    @property
    def was_issued(self):
        """Whether a mail of its own was written, whose link may be in a mailbox."""
        return self.issue > 0

    @property
    def was_refused(self):
        """Whether the newest mail was refused for good: the address may have a slip."""
        newest = OutgoingMail.objects.filter(pk=self.issue)
        return newest.filter(outcome=Outcome.REFUSED).exists()

    def note_replaced(self):
        """Note that its act is posted again with another address, in this transaction.

        The page of its inbox is closed from now on, and nobody can confirm it. Raises
        Gone when another request was faster, or its owner was erased meanwhile.
        """
        mine = Confirmation.objects.filter(pk=self.pk, replaced_at=None)
        if not mine.update(replaced_at=Now()):
            raise Gone

    def takes(self, code):
        """The question of the newest mail with this code, or None.

        It is this one, or one that was mailed in its place. Each call costs one try.
        """
        asked = [self, *self._asked_instead()]
        if not self.may_try():
            return None
        return next((one for one in asked if one.has_code(code)), None)

    def is_asked_already(self, mail):
        """Whether the same question has just been mailed to this mailbox.

        Posts that say the same within ONE_QUESTION_MINUTES are one mail, whose code is
        good on all of their pages. False for a question that was mailed before, and for
        one that is asked for again later: then its mail is sent.
        """
        if not self.said:
            return False
        with transaction.atomic():
            Supporter.objects.lock_mailbox(self.supporter)
            self.refresh_from_db(fields=["issue"])
            since = timezone.now() - timedelta(minutes=ONE_QUESTION_MINUTES)
            # An owner who has said yes meanwhile is told so, by another mail.
            open_ones = [each for each in self._asked_instead() if not each.used_at]
            asked = [each.sent_at or each.created_at for each in open_ones]
            if self.issue == 0 and any(at > since for at in asked):
                return True
            # The others see it from now on, though the mail leaves in a moment.
            if self.issue == 0:
                self.issue_code(mail.pk)
        return False

    def is_asked_instead_of(self, keys):
        """Whether its mail asks about one of the questions with these keys as well."""
        return bool(self._twins(pk__in=keys, issue=0))

    def insist(self):
        """Let its own mail be sent, whatever was mailed about posts that say the same.

        Somebody who found no mail has asked for it.
        """
        mine = Confirmation.objects.filter(pk=self.pk, issue=0)
        mine.update(issue=INSISTED)

    def _asked_instead(self):
        """The questions that were mailed in the place of this one.

        They went to a mailbox of the same seat: on a domain of its own, office+a@ and
        office+b@ can be two people, and the code of one must not confirm for the other.
        """
        return self._twins(issue__gt=0)

    def twins_not_asked(self):
        """The questions for which only this one was mailed, when it is replaced.

        What is posted in its place is asked about by itself, even if it says the same.
        """
        if not self.issue:
            return []
        return self._twins(issue=0, used_at=None, created_at__lt=self.replaced_at)

    def _twins(self, **which):
        """The questions of other posts that say the same, at about the same time."""
        if not self.said:
            return []
        near = timedelta(minutes=ONE_QUESTION_MINUTES)
        return self._alike(
            said=self.said,
            language=self.language,
            replaced_at=None,
            created_at__range=(self.created_at - near, self.created_at + near),
            **which,
        )

    def _alike(self, **which):
        """Other questions of its kind and campaign, to a mailbox of the same seat."""
        others = Confirmation.objects.filter(
            supporter__mailbox=self.supporter.mailbox,
            campaign=self.campaign_id,
            kind=self.kind,
            **which,
        )
        others = others.exclude(pk=self.pk).order_by("pk").select_related("supporter")
        seat = Mailbox(self.email).seat
        return [other for other in others if Mailbox(other.email).seat == seat]

    @property
    def denial_url(self):
        """The page of the link "This was not me"."""
        return reverse("supporters:denial", args=[self.denial_key])

    @property
    def is_silenced(self):
        """Whether its owner has called it not theirs, or the like within a day."""
        since = timezone.now() - SILENCE
        return bool(self.denied_at or self._alike(used_at=None, denied_at__gt=since))

    def deny(self):
        """Note that its owner says "This was not me"; returns the keys of the denied.

        Posts that say the same, which the same mail asked about, are denied with it.
        What its owner has confirmed is not. Call it in the transaction of the acts.
        """
        return self._set_denial(Now(), denied_at=None, replaced_at=None)

    def undo_denial(self):
        """Undo it; returns the keys of what can be confirmed again."""
        return self._set_denial(None, denied_at__isnull=False)

    def not_asked_since_denial(self):
        """The newest question of each post that nobody was asked about since then."""
        silent = self._alike(
            used_at=None,
            denied_at=None,
            replaced_at=None,
            sent_at=None,
            created_at__gt=self.denied_at,
        )
        return list({(each.supporter_id, each.said): each for each in silent}.values())

    def _set_denial(self, moment, **only):
        keys = [self.pk, *(twin.pk for twin in self._twins(used_at=None))]
        rows = Confirmation.objects.unused().filter(pk__in=keys, **only)
        # Locked in one order: two mails about the same posts may be denied at once.
        locked = rows.order_by("pk").select_for_update(no_key=True)
        keys = list(locked.values_list("pk", flat=True))
        Confirmation.objects.filter(pk__in=keys).update(denied_at=moment)
        return keys

    def use(self):
        """Note that the owner of the address said yes; False when they had before.

        Raises Gone when its owner has denied it, or another act has taken its place.
        Call it first in the transaction of the act: of two requests at once, one waits
        here for the other and then gets False.
        """
        if used := rows_of(_USE, [self.pk]):
            [[self.used_at, self.brings_follow]] = used
            note_confirmed(self.email)
            return True
        if not Confirmation.objects.filter(pk=self.pk, used_at__isnull=False).exists():
            raise Gone
        return False
