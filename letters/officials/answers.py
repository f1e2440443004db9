"""One answer of an official to everybody who wrote to them about a campaign."""

import re
from itertools import batched

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override, pgettext
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData, PersonalQuerySet
from letters.officials import tasks
from letters.recipients.models import Recipient
from letters.recipients.stances import Stance
from letters.sending.deliveries import Delivery
from letters.suggested.models import SuggestedLetter
from outbox.models import Outcome, OutgoingMail
from pages.addresses import absolute_reverse
from safeguards.mailbox import Mailbox
from staff.models import Alert
from supporters.models import Supporter

BATCH = 1000
# So many wait that came by email and may be anybody's. One that the address on the list
# has surely sent, and one from the official's page, always waits beside them.
MOST_WAITING = 10
# What is left of an email whose end was not published.
CUT = "…"
# Addresses as mail programs write them into what they quote.
_ADDRESSES = re.compile(
    r"(?<![^\s@<>()\[\]:;,\"'|])[^\s@<>()\[\]:;,\"'|]+@[\w-]+(?:\.[\w-]+)+"
)
LEFT = (Outcome.SENT, Outcome.IN_DOUBT)


class CannotPublish(Exception):
    """Says in a sentence for staff why an answer cannot be published like that."""


class OfficialAnswerQuerySet(models.QuerySet):
    def standing(self):
        """Answers that are published, or wait for a campaigner."""
        return self.filter(turned_down_at=None)

    def waiting(self):
        return self.filter(turned_down_at=None, published_at=None)

    def published(self):
        return self.exclude(published_at=None)

    def shown(self):
        """Published answers to letters that show who has answered."""
        return self.published().filter(letter__shows_answers=True)

    def has_room(self, recipient, by_mail):
        """Whether another answer may wait beside these, of one letter and official."""
        if self.published().exists():
            return False
        if by_mail is None:
            return not self.filter(sent_from="").exists()
        is_proven = by_mail.sender_is_proven and by_mail.sent_from == recipient.email
        return is_proven or self.exclude(sent_from="").count() < MOST_WAITING

    def write(self, suggested, recipient, text, *, by_mail=None):
        """Take an answer for a campaigner to look at; None if no other may wait.

        The same answer again is the one that is there. `by_mail` says how it came,
        where it was not written on the official's page.
        """
        with transaction.atomic():
            # If the button is pressed twice, the second press waits here for the first.
            Recipient.objects.select_for_update().get(pk=recipient.pk)
            there = self.standing().filter(letter=suggested, recipient=recipient)
            if same := there.filter(text=text).first():
                return same
            if not there.has_room(recipient, by_mail):
                return None
            how = vars(by_mail) if by_mail else {}
            answer = self.create(
                letter=suggested, recipient=recipient, text=text, **how
            )
            Alert.objects.sound(
                "answer to all",
                str(answer.pk),
                _("Answer to all writers: please read"),
                lambda: (
                    gettext(
                        "%(who)s wrote an answer to everybody who wrote to them. "
                        "Please read it. If you publish it, everybody who wrote gets "
                        "it by email, and the campaign’s page shows it. You can also "
                        "turn it down, with a reason."
                    )
                    % {"who": recipient.label}
                ),
                reverse("admin:letters_officialanswer_change", args=[answer.pk]),
            )
        return answer


class OfficialAnswer(models.Model):
    """An answer as the official wrote it; a campaigner publishes it or turns it down.

    Its words are never changed, but the end of an email can be left out, such as the
    letter that it quotes. What came by email has a sender, who need not be the
    official; staff read what our mail server found of that (by_mail.py), and several
    may wait. Once published, it is a stance like any other, on the campaign's page, and
    is mailed to each who wrote.
    """

    letter = models.ForeignKey(
        SuggestedLetter,
        on_delete=models.CASCADE,
        related_name="answers",
        verbose_name=_("suggested letter"),
    )
    recipient = models.ForeignKey(
        Recipient,
        on_delete=models.CASCADE,
        related_name="answers",
        verbose_name=_("recipient"),
    )
    MOST_TEXT = 5000

    text = models.TextField(_("answer"), max_length=MOST_TEXT)
    written_at = models.DateTimeField(_("written"), db_default=Now())
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    turned_down_at = models.DateTimeField(_("turned down"), null=True, blank=True)
    reason = models.TextField(_("why it was turned down"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    queued_at = models.DateTimeField(null=True, editable=False)
    # If it came by email; and what our mail server found of the sender, if anything.
    sent_from = models.CharField(max_length=320, blank=True, editable=False)
    sender_is_proven = models.BooleanField(null=True, editable=False)
    attachments = models.JSONField(default=list, editable=False)
    # The whole email, if `text` is its beginning.
    original = models.TextField(blank=True, default="", db_default="", editable=False)

    objects = OfficialAnswerQuerySet.as_manager()
    personal_data = PersonalData(
        texts=("text", "original", "reason", "sent_from", "attachments"),
        kept=(
            # It is kept as long as letters keep their texts.
            Kept(
                name="answers to all",
                words=_("answers of officials that were turned down"),
                period="KEEP_LETTER_TEXT_DAYS",
                since="turned_down_at",
            ),
            Kept(
                name="emails of answers",
                words=_("the end of officials’ emails that was not published"),
                period="KEEP_LETTER_TEXT_DAYS",
                since="published_at",
                where=~Q(original__in=["", CUT]),
                empties={"original": CUT},
            ),
        ),
    )

    class Meta:
        verbose_name = _("answer to all writers")
        verbose_name_plural = _("answers to all writers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "letter",
                "recipient",
                condition=Q(published_at__isnull=False),
                name="one_published_answer",
            ),
        ]

    def __str__(self):
        return f"{self.recipient}: {self.letter}"

    def get_absolute_url(self):
        return reverse(
            "letters:answer-to-all", kwargs={"slug": self.campaign.slug, "pk": self.pk}
        )

    @property
    def state(self):
        """The state of the answer in a word."""
        if self.published_at:
            return pgettext("answer", "published")
        if self.turned_down_at:
            return pgettext("answer", "turned down")
        return _("waiting to be read")

    @property
    def campaign(self):
        return self.letter.campaign

    @property
    def url(self):
        """The address of its page, for mails and as the source of the stance."""
        return absolute_reverse(
            "letters:answer-to-all",
            self.campaign.language,
            slug=self.campaign.slug,
            pk=self.pk,
        )

    def to_publish(self, words):
        """These words, which staff want to publish; raises CannotPublish.

        They are all of the answer, or of an email its first lines, and nobody who wrote
        reads their address there.
        """
        words = words.rstrip()
        whole = self.original or self.text
        rest = whole.removeprefix(words)
        # Mail programs leave blanks at the end of lines.
        is_cut = words and rest != whole and not rest.partition("\n")[0].strip()
        if words != self.text and not (is_cut and self.sent_from):
            raise CannotPublish(
                _(
                    "Take only whole lines away from the end. All other words stay as "
                    "the official wrote them."
                )
            )
        if self._has_address_of_writer(words):
            raise CannotPublish(
                _(
                    "It has the email address of somebody who wrote. Take the end with "
                    "it away, or turn the answer down."
                )
            )
        beside = OfficialAnswer.objects.published().exclude(pk=self.pk)
        if beside.filter(letter=self.letter_id, recipient=self.recipient_id).exists():
            raise CannotPublish(
                _(
                    "Another answer of this official is already published. Turn this "
                    "one down."
                )
            )
        return words

    def _has_address_of_writer(self, words):
        keys = {
            Mailbox(found.strip(".").lower()).key for found in _ADDRESSES.findall(words)
        }
        writers = self.deliveries().filter(
            letter__confirmation__supporter__mailbox__in=keys
        )
        return bool(keys) and writers.exists()

    def publish(self, *, by, kind, words=None):
        """Show it as a stance of this kind, and mail it to all who wrote; once.

        Of an email, `words` may be its first lines. Raises CannotPublish.
        """
        with transaction.atomic():
            Recipient.objects.select_for_update().get(pk=self.recipient_id)
            words = self.to_publish(self.text if words is None else words)
            cut = {}
            if words != self.text:
                cut = {"text": words, "original": self.original or self.text}
            if not self._decide(by, published_at=Now(), **cut):
                return False
            with override(self.campaign.language):
                source = gettext("Their answer to everybody who wrote")
            Stance.objects.create(
                letter=self.letter,
                recipient=self.recipient,
                kind=kind,
                day=timezone.localdate(),
                source=source,
                url=self.url,
                entered_by=by,
            )
            tasks.queue_answer.defer(answer_pk=self.pk)
        return True

    def turn_down(self, *, by, reason):
        """Send it to nobody; its official reads why, and may write another one."""
        with transaction.atomic():
            return self._decide(by, turned_down_at=Now(), reason=reason)

    def _decide(self, by, **what):
        waiting = OfficialAnswer.objects.waiting().filter(pk=self.pk)
        if not waiting.update(decided_by=by, **what):
            return False
        self.refresh_from_db()
        OutgoingMail.objects.queue(
            "official_answer_decided", self.pk, self.recipient.email
        )
        Alert.objects.filter(kind="answer to all", about=str(self.pk)).close(by)
        return True

    def deliveries(self):
        """Deliveries that it answers: of confirmed letters that were not stopped."""
        mine = Delivery.objects.filter(
            recipient=self.recipient, letter__suggested_letter=self.letter
        )
        return mine.exclude(outcome=Outcome.STOPPED)

    def queue(self):
        """Make a row for each writer, and mark their letters as answered.

        Safe to call twice. However many they are, they are read and written in batches.
        """
        with transaction.atomic():
            mine = OfficialAnswer.objects.published().filter(pk=self.pk, queued_at=None)
            if not mine.update(queued_at=Now()):
                return
            unanswered = self.deliveries().exclude(was_answered=True)
            unanswered.update(
                was_answered=True, answered_at=Now(), answered_to_all=True
            )
            for batch in batched(self._writers().iterator(BATCH), BATCH):
                copies = AnswerCopy.objects.bulk_create(
                    AnswerCopy(answer=self, supporter_id=supporter, language=language)
                    for supporter, _email, language in batch
                )
                emails = [email for _supporter, email, _language in batch]
                OutgoingMail.objects.queue_many(
                    "official_answer",
                    [(c.pk, email) for c, email in zip(copies, emails, strict=True)],
                )

    def _writers(self):
        """Each writer once: key, address, and the language of their newest letter."""
        writers = self.deliveries().filter(letter__confirmation__isnull=False)
        return (
            writers.order_by("letter__confirmation__supporter", "-letter")
            .distinct("letter__confirmation__supporter")
            .values_list(
                "letter__confirmation__supporter",
                "letter__confirmation__supporter__email",
                "letter__confirmation__language",
            )
        )

    def numbers(self):
        """How many mails left, wait, and did not reach anybody; in one query."""
        return self.copies.aggregate(
            waiting=models.Count("pk", filter=Q(outcome="")),
            sent=models.Count("pk", filter=Q(outcome__in=LEFT)),
            refused=models.Count("pk", filter=~Q(outcome="") & ~Q(outcome__in=LEFT)),
        )


class AnswerCopyQuerySet(PersonalQuerySet):
    def erase(self):
        return self.delete()

    def export(self):
        rows = self.select_related("answer__recipient").order_by("pk")
        return [
            {
                gettext("answer of"): row.answer.recipient.label,
                gettext("sent"): row.settled_at and row.settled_at.isoformat(),
            }
            for row in rows
        ]


class AnswerCopy(models.Model):
    """An official's answer on its way to somebody who wrote to them."""

    answer = models.ForeignKey(
        OfficialAnswer, on_delete=models.CASCADE, related_name="copies"
    )
    supporter = models.ForeignKey(
        Supporter, on_delete=models.CASCADE, related_name="answers"
    )
    language = models.CharField(max_length=10)
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)

    objects = AnswerCopyQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="supporter",
        kept=(
            # The notes of mails say that the mail went out.
            Kept(
                name="copies of answers",
                words=_("notes of who got an official’s answer"),
                period="KEEP_MAIL_NOTES_DAYS",
                since="settled_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("copy of an answer")
        verbose_name_plural = _("copies of answers")
        constraints = [
            models.UniqueConstraint(
                "answer", "supporter", name="one_copy_of_an_answer_for_each"
            )
        ]

    def __str__(self):
        return f"{self.answer_id}/{self.pk}"
