import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from database.retention import months_ago
from letters.recipients.stances import Stance
from letters.sending import tasks as sending
from letters.sending.deliveries import Delivery
from letters.writing import placeholders, tasks
from letters.writing.same_words import WordsOf
from letters.writing.suggested import SuggestedLetter
from outbox.bounce_reports import mac
from pages.addresses import absolute_reverse
from supporters.acts import undecided
from supporters.acts.confirming import TooLate, TooMany
from supporters.acts.holding import HELD_FOR, may_pass
from supporters.models import Confirmation, Consent, SentMail, Supporter
from supporters.my_page.section import Section

# To more than these, their number is said.
MOST_NAMES = 20


class LetterClosed(TooLate):
    """The campaign has ended: no more letters go out."""


class TooManyLetters(TooMany):
    """This writer has sent LIMIT_LETTERS_A_DAY of this campaign within 24 hours."""


def named(labels):
    """Officials by their labels, which have commas of their own; of many the number."""
    if len(labels) > MOST_NAMES:
        return gettext("%d officials") % len(labels)
    return "; ".join(labels)


class LetterQuerySet(models.QuerySet):
    def write(
        self,
        suggested,
        *,
        name,
        place,
        email,
        subject,
        text,
        consents,
        language,
        page,
        proven=None,
        held_for="",
        is_thanks=False,
        text_digest="",
    ):
        """Take a letter that we send once its writer has confirmed; returns it.

        `text` is the finished letter; one that goes to each alone still holds the
        place of its salutation. `consents` are (kind, exact words, version). When
        `proven` is the supporter of this very address, the browser has confirmed it
        already and the letter goes at once. `is_thanks`: it is for those who support
        what the campaign asks, and for nobody else. `text_digest`: it is as suggested,
        and goes together with those that have the same. Raises LetterClosed,
        TooManyLetters.
        """
        if not suggested.campaign.is_open:
            raise LetterClosed
        with transaction.atomic():
            confirmation = Confirmation.objects.create(
                supporter=Supporter.objects.with_address(email),
                campaign=suggested.campaign,
                kind="letter",
                language=language,
            )
            letter = self.create(
                suggested_letter=suggested,
                confirmation=confirmation,
                name=name,
                place=place,
                subject=subject,
                text=text,
                is_thanks=is_thanks,
                text_digest=text_digest,
                held_at=Now() if held_for else None,
                held_for=held_for,
            )
            Consent.objects.record(confirmation, consents, page)
            if not held_for and proven == confirmation.supporter:
                letter.confirm()
            else:  # held, too: the same statements, and the worker knows
                letter.ask_later()
        return letter

    def confirmed(self):
        return self.exclude(confirmed_at=None)

    def unconfirmed(self):
        return self.filter(confirmed_at=None, rejected_at=None)

    def held(self):
        """Waiting for a moderator."""
        return self.unconfirmed().exclude(held_at=None).filter(released_at=None)

    def undecided(self, before):
        """Waiting for a moderator since before this moment."""
        return self.held().filter(held_at__lt=before)

    def outdated(self):
        """What is deleted: never confirmed or turned down, days ago, or never decided
        on."""
        limit = timezone.now() - timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        unconfirmed = self.unconfirmed().filter(
            # One that was released has its days from then, not from when it was held.
            Q(held_at=None) | Q(released_at__lt=limit),
            confirmation__in=Confirmation.objects.outdated(),
        )
        return self.filter(
            Q(pk__in=unconfirmed.values("pk"))
            | Q(pk__in=self.undecided(undecided.too_long_ago()).values("pk"))
            | Q(rejected_at__lt=limit)
        )

    def settled(self):
        """On its way to nobody any more."""
        return self.confirmed().filter(
            ~Exists(Delivery.objects.filter(settled_at=None, letter=OuterRef("pk")))
        )

    def with_text_to_remove(self):
        """Settled KEEP_LETTER_TEXT_DAYS ago in all its deliveries, if there are any."""
        limit = timezone.now() - timedelta(days=settings.KEEP_LETTER_TEXT_DAYS)
        younger = Delivery.objects.filter(
            Q(settled_at=None) | Q(settled_at__gte=limit), letter=OuterRef("pk")
        )
        return self.filter(
            ~Exists(younger), text_removed_at=None, confirmed_at__lt=limit
        )

    def remove_text(self):
        """Forget what was written, the subject, too; the deliveries' states stay."""
        return self.update(subject="", text="", text_removed_at=Now())

    def of_supporter(self, supporter):
        return self.filter(confirmation__supporter=supporter)

    def for_my_page(self):
        rows = self.select_related(
            "suggested_letter__campaign", "confirmation", "follow_up", "follow_of"
        )
        unanswered = Delivery.objects.unanswered().with_list()
        return rows.prefetch_related(
            models.Prefetch("deliveries", unanswered, to_attr="unanswered")
        ).order_by("-pk")

    def to_anonymise(self):
        """Their campaign ended KEEP_SIGNERS_MONTHS ago, and their writer is known."""
        ended = Campaign.objects.ended_before(months_ago(settings.KEEP_SIGNERS_MONTHS))
        return self.confirmed().filter(
            anonymised_at=None, suggested_letter__campaign__in=ended
        )

    def erase(self):
        """Without writer and words; returns how many. What became of it stays.

        What has not left is stopped, and what was never confirmed is deleted.
        """
        with transaction.atomic():
            # The lock lets a worker that is handing one over finish writing first.
            own = list(self.values_list("pk", flat=True))
            # Without the letter, nobody knows what its follow-up is about.
            mine = Letter.objects.filter(Q(pk__in=own) | Q(follow_of__in=own))
            number = len(mine.select_for_update().order_by("pk").values_list("pk"))
            mine.filter(confirmed_at=None).delete()
            Delivery.objects.filter(letter__in=mine).forget_writer()
            mine.update(
                anonymised_at=Now(),
                confirmation=None,
                receipt_key=None,
                name="",
                place="",
                subject="",
                text="",
                text_removed_at=Coalesce("text_removed_at", Now()),
            )
        return number

    def export(self):
        rows = self.select_related("suggested_letter__campaign").order_by("pk")
        return [
            {
                gettext("campaign"): row.campaign.full_title,
                gettext("kind"): str(row.kind),
                gettext("name"): row.name,
                gettext("place"): row.place,
                gettext("subject"): row.subject,
                gettext("text"): row.text,
                gettext("text as suggested"): bool(row.text_digest),
                gettext("written"): row.written_at.isoformat(),
                gettext("confirmed"): row.confirmed_at and row.confirmed_at.isoformat(),
                gettext("what became of it"): [
                    {
                        gettext("recipient"): delivery.label,
                        gettext("state"): str(delivery.state),
                        gettext("answer"): delivery.answer,
                    }
                    for delivery in row.deliveries.all()
                ],
            }
            for row in rows.prefetch_related(
                "deliveries__letter__suggested_letter", "deliveries__recipient"
            )
        ]

    def consent_withdrawn(self, kind):
        """What is sent cannot come back; what we hold of it goes."""
        if kind == "letter":
            self.erase()

    def details_of(self, supporter, campaign):
        """Name and place of a supporter's newest letter, for the next one."""
        letter = (
            self.confirmed()
            .filter(confirmation__supporter=supporter)
            .order_by("-confirmed_at")
            .first()
        )
        return (letter.name, letter.place) if letter else None

    def for_mail_token(self, token):
        return self._of(Confirmation.objects.for_mail_token(token))

    def for_page_token(self, token):
        return self._of(Confirmation.objects.for_page_token(token))

    def _of(self, confirmation):
        letter = self.select_related(
            "suggested_letter__campaign", "suggested_letter__recipient_list"
        ).get(confirmation=confirmation, follow_of=None)
        letter.confirmation = confirmation
        return letter


def make_receipt_key():
    return secrets.token_urlsafe(16)


class Letter(models.Model):
    """One writer's letter, from the form to what became of it at each recipient."""

    suggested_letter = models.ForeignKey(
        SuggestedLetter, on_delete=models.PROTECT, related_name="letters"
    )
    confirmation = models.ForeignKey(
        Confirmation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    text = models.TextField(_("text"), blank=True)
    is_thanks = models.BooleanField(_("a thank-you"), default=False, db_default=False)
    # Of the letter without signature and salutation, where its writer sent it as it was
    # suggested; empty where it has words of their own.
    text_digest = models.CharField(
        max_length=32, blank=True, default="", db_default="", editable=False
    )
    # Its follow-up has the same confirmation: one who wrote, one who is answered.
    follow_of = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="follow_up",
        verbose_name=_("follow-up of"),
    )
    text_removed_at = models.DateTimeField(_("text removed"), null=True, blank=True)
    # Tells letters of the same words, whoever signed them (same_words.py).
    words = models.GeneratedField(
        expression=WordsOf("text", "name", "place"),
        output_field=models.CharField(max_length=32),
        db_persist=True,
    )
    written_at = models.DateTimeField(_("written"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    reported_back_at = models.DateTimeField(
        _("failure reported to its writer"), null=True, blank=True
    )

    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    held_for = models.CharField(
        _("held because"), max_length=20, choices=HELD_FOR, blank=True
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    rejected_at = models.DateTimeField(_("rejected"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    receipt_key = models.CharField(
        max_length=22,
        unique=True,
        null=True,
        default=make_receipt_key,
        editable=False,
    )
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, blank=True)

    standing_key = "receipt_key"
    objects = LetterQuerySet.as_manager()
    my_page = Section("letters", _("Your letters"), "letters/_mine.html")

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [
            models.Index(
                "suggested_letter",
                "text_digest",
                condition=~Q(text_digest=""),
                name="unchanged_letters",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    anonymised_at__isnull=True,
                    confirmation__isnull=False,
                    receipt_key__isnull=False,
                )
                | Q(
                    anonymised_at__isnull=False,
                    confirmation__isnull=True,
                    receipt_key__isnull=True,
                    name="",
                    place="",
                    subject="",
                    text="",
                ),
                name="anonymous_letter_holds_no_person",
            )
        ]

    def __str__(self):
        if not self.name:
            return gettext("anonymous")
        return f"{self.name}: {self.subject}" if self.subject else self.name

    @property
    def goes_together(self):
        """Whether it leaves together with others: its writer has not changed it."""
        together = self.suggested_letter.recipient_list.sends_together
        return bool(self.text_digest) and together

    @property
    def signature(self):
        return placeholders.signature(self.name, self.place)

    @property
    def title(self):
        """Its subject, and what it was about once the subject is removed."""
        return self.subject or self.campaign.title

    @property
    def campaign(self):
        return self.suggested_letter.campaign

    @property
    def is_held(self):
        return bool(self.held_at and not self.released_at and not self.rejected_at)

    @property
    def undecided_since(self):
        """Since when it waits for a moderator, or None."""
        return self.held_at if self.is_held and not self.confirmed_at else None

    @property
    def state(self):
        """The word for where this letter stands, for staff."""
        if self.confirmed_at:
            return _("confirmed")
        if self.rejected_at:
            return _("rejected")
        return _("held") if self.is_held else _("waiting for confirmation")

    @property
    def kind(self):
        """The word for what kind of letter it is."""
        if self.follow_of_id:
            return _("follow-up")
        return _("thank-you") if self.is_thanks else _("letter")

    @property
    def goes_one_by_one(self):
        """A follow-up always does: nobody sees who else has not answered."""
        return bool(self.follow_of_id) or self.suggested_letter.goes_one_by_one

    @property
    def message_id(self):
        """One for the whole letter: a reply to all keeps together (RFC 5322, 3.6.4)."""
        name = f"letter.{self.pk}"
        return f"<{name}.{mac(name)}@{settings.MAIL_DOMAIN}>"

    @property
    def inbox_url(self):
        return self._url("inbox", token=self.confirmation.page_token)

    @property
    def done_url(self):
        return self._url("receipt", key=self._key_of_receipt)

    @cached_property
    def addressed_as(self):
        """Whom it goes to, in a few words."""
        suggested = self.suggested_letter
        if not (self.is_thanks or self.follow_of_id):
            return suggested.recipient_list.addressed_as
        names = list(self.deliveries.order_by("pk").values_list("label", flat=True))
        if not names:
            reachable = suggested.recipient_list.recipients.reachable()
            agreeing = Stance.objects.of(suggested).to_thank(reachable)
            names = [recipient.label for recipient in agreeing]
        if self.follow_of_id or len(names) > MOST_NAMES:
            return named(names)
        return get_text_list(names, gettext("and"))

    @property
    def text_for_writer(self):
        """The letter as its writer sees it, also where each gets its own salutation.

        A follow-up as the first of them gets it.
        """
        if self.follow_of_id and self.text:
            return self.text_to(self.deliveries.with_list()[0])
        greeting = str(self.suggested_letter.greeting_for(self.addressed_as))
        return placeholders.put(self.text, placeholders.SALUTATION, greeting)

    def text_to(self, delivery):
        text = placeholders.put(self.text, placeholders.SALUTATION, delivery.greeting)
        if self.follow_of_id:
            text = placeholders.put(text, placeholders.DATE, delivery.day_of_first)
        return text

    @cached_property
    def unanswered(self):
        """Its deliveries to those who got it and have not answered, as we know."""
        return list(self.deliveries.unanswered().with_list())

    def ask_later(self):
        """Queue the confirmation mail, in the transaction that is running."""
        tasks.ask_writer.defer(letter_pk=self.pk, was_held=self.is_held)

    def ask_at(self, email, held_for=""):
        """Mail the question again, to this address.

        Held for a reason, another address waits for a person.
        """
        with transaction.atomic():
            changed = self.confirmation.change_address(email)
            if changed and held_for:
                self.held_at, self.held_for = timezone.now(), held_for
                self.released_at = None
                self.save(update_fields=["held_at", "held_for", "released_at"])
            self.ask_later()

    def ask(self):
        """Mail the button and the code. Raises what Confirmation.send() raises.

        The mail holds no text that a visitor typed, the letter included: it could be
        somebody else's advertisement.
        """
        if self.rejected_at or self.is_held:
            return
        if self.confirmation.used_at:  # asked again: the copy, within the same limits
            self.confirmation.send("letter_receipt", self._mail_context())
            return
        self.confirmation.send(
            "confirm_letter",
            {
                "campaign": self.campaign,
                "recipients": self.addressed_as,
                "confirmation_url": self._mailed(
                    "confirmation", token=self.confirmation.mail_token
                ),
            },
        )

    def let_pass(self):
        """Let it go on when it was held for being one of many, and its address has
        confirmed before; whether this is what became of it."""
        held = Letter.objects.held().filter(pk=self.pk)
        if not (may_pass(self) and held.update(released_at=timezone.now())):
            return False
        self.refresh_from_db(fields=["released_at"])
        return True

    @property
    def typed(self):
        """What its writer gets back when it comes too late."""
        return [(gettext("Your letter"), self.text)]

    def confirm(self):
        """Send it on its way: one delivery a recipient. Safe to call twice.

        Raises LetterClosed when the campaign has ended meanwhile: officials get no
        letters about what is over; and TooManyLetters, which leaves it unconfirmed.
        """
        if not self.campaign.is_open and self.confirmation.used_at is None:
            raise LetterClosed
        with transaction.atomic():
            # Before anything else is locked: of two letters at once, one waits here.
            Supporter.objects.lock_mailbox(self.confirmation.supporter)
            if not self.confirmation.use():
                self.refresh_from_db()
                return
            self.refuse_too_many()
            self.confirmed_at = timezone.now()
            self.save(update_fields=["confirmed_at"])
            deliveries = self._make_deliveries()
            if not deliveries:
                if not self.is_thanks:  # else nobody agrees any more: no failure
                    self._give_back_later()
                return
            leaving = [d for d in deliveries if not d.was_overtaken]
            if not leaving:
                return  # the receipt says why, and "it is on its way" would be wrong
            sending.hand_over.batch_defer(*({"delivery_pk": d.pk} for d in leaving))
            tasks.send_receipt.defer(letter_pk=self.pk)

    def send_receipt(self):
        """Mail the writer a copy, and the link to what became of it."""
        self._mail("letter_receipt")

    def report_back(self):
        """Give the text back when some deliveries failed and none is waiting; once.

        Called after each delivery; sends at most one mail, and none any more when the
        text has been removed.
        """
        open_ones = self.deliveries.filter(settled_at=None).exists()
        failed = self.deliveries.failed()
        if not open_ones and failed.exists():
            self._give_back_later()

    def give_back(self):
        """Mail the writer the text, who did not get it, and how else to send it."""
        self._mail("letter_failed", failed=self.deliveries.failed())

    def release(self, by):
        """Let a held letter go on to its writer's confirmation."""
        with transaction.atomic():
            released = Letter.objects.held().filter(pk=self.pk)
            if released.update(released_at=timezone.now(), decided_by=by):
                self.refresh_from_db(fields=["released_at"])
                self.ask_later()
                return True
        return False

    def reject(self, by):
        """Turn a held letter down; it is deleted some days later."""
        rejected = Letter.objects.held().filter(pk=self.pk)
        return bool(rejected.update(rejected_at=timezone.now(), decided_by=by))

    def _make_deliveries(self):
        """One to each whom it is for; nobody who agrees is asked.

        Who has agreed since it was written gets one that is stopped from the start,
        for its writer to see why.
        """
        reachable = list(self.suggested_letter.recipient_list.recipients.reachable())
        stances = Stance.objects.of(self.suggested_letter)
        if self.is_thanks:
            meant, overtaken = stances.to_thank(reachable), []
        else:
            meant = stances.to_ask(reachable)
            overtaken = [
                r for r in reachable if stances.agreed_since(r, self.written_at)
            ]
        asked, late = ({r.pk for r in found} for found in (meant, overtaken))
        all_of_them = asked | late
        now = timezone.now()
        stopped = {"was_overtaken": True, "stopped_at": now, "settled_at": now}
        return Delivery.objects.bulk_create(
            Delivery(
                letter=self,
                recipient=recipient,
                email=recipient.email,
                domain=recipient.domain,
                label=recipient.label,
                greeting=recipient.greeting,
                **(stopped if recipient.pk in late else {}),
            )
            for recipient in reachable
            if recipient.pk in all_of_them
        )

    def _give_back_later(self):
        not_yet = Letter.objects.filter(
            pk=self.pk, reported_back_at=None, text_removed_at=None
        )
        with transaction.atomic():
            if not_yet.update(reported_back_at=Now()):
                tasks.give_back.defer(letter_pk=self.pk)

    def refuse_too_many(self):
        """Raise TooManyLetters when its writer's letters of this campaign, follow-ups
        included, are enough for 24 hours: officials get no more from one person, with
        whatever spelling of their address."""
        writer = self.confirmation.supporter
        Supporter.objects.lock_mailbox(writer)
        today = (
            Letter.objects.confirmed()
            .filter(
                suggested_letter=self.suggested_letter,
                confirmation__supporter__mailbox=writer.mailbox,
                confirmed_at__gt=timezone.now() - timedelta(days=1),
            )
            .count()
        )
        if today >= settings.LIMIT_LETTERS_A_DAY:
            raise TooManyLetters

    @property
    def _key_of_receipt(self):
        """A follow-up stands on the receipt of the letter that it is about."""
        return self.follow_of.receipt_key if self.follow_of_id else self.receipt_key

    def _mail(self, template, **context):
        context = {**self._mail_context(), **context}
        SentMail.objects.send(
            self.confirmation.supporter,
            template,
            context,
            language=self.confirmation.language,
            campaign=self.campaign,
        )

    def _mail_context(self):
        return {
            "letter": self,
            "campaign": self.campaign,
            "recipients": self.addressed_as,
            "receipt_url": self._mailed("receipt", key=self._key_of_receipt),
            "letter_url": self._mailed("letter"),
            "days": settings.KEEP_LETTER_TEXT_DAYS,
        }

    def _url(self, view, **kwargs):
        return reverse(f"letters:{view}", kwargs={"slug": self.campaign.slug, **kwargs})

    def _mailed(self, view, **kwargs):
        return absolute_reverse(
            f"letters:{view}",
            self.confirmation.language,
            slug=self.campaign.slug,
            **kwargs,
        )
