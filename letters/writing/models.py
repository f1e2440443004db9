from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import ended
from database.kept import Kept
from database.personal_data import PersonalData
from letters.sending.addressees import Addressees
from letters.sending.deliveries import Delivery, WhyStopped
from letters.suggested import placeholders
from letters.suggested.models import SuggestedLetter
from letters.writing.in_languages import LettersLanguages
from letters.writing.letters import LetterClosed, LetterQuerySet, settled_before
from letters.writing.same_words import WordsOf
from outbox.mailed_keys import StandingKey
from outbox.models import OutgoingMail
from pages.addresses import absolute_reverse
from supporters.acts.act import HoldableAct, NotAsTyped
from supporters.acts.confirmations import UNCONFIRMED_AT_MOST
from supporters.acts.holding import posts_of
from supporters.consent.taking_back import TakingBack
from supporters.models import Supporter
from supporters.my_page.section import Section


class Letter(HoldableAct):
    """One writer's letter, from the form to what became of it at each recipient."""

    suggested_letter = models.ForeignKey(
        SuggestedLetter,
        on_delete=models.PROTECT,
        related_name="letters",
        verbose_name=_("suggested letter"),
    )
    created_at = models.DateTimeField(_("written"), db_default=Now())
    name = models.CharField(_("name"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    text = models.TextField(_("text"), blank=True)
    # The language of subject and text; empty for that of the campaign.
    written_in = models.CharField(
        max_length=10, blank=True, default="", db_default="", editable=False
    )
    # The same in further languages (in_languages.py).
    in_languages = models.JSONField(null=True, default=None, editable=False)
    is_thanks = models.BooleanField(_("a thank-you"), default=False, db_default=False)
    # The digest of the letter without signature and salutation, if its writer sent it
    # as suggested; empty if it has words of their own.
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
    # A hash that is equal for letters of the same words, whoever signed
    # (same_words.py).
    words = models.GeneratedField(
        expression=WordsOf("text", "name", "place"),
        output_field=models.CharField(max_length=32),
        db_persist=True,
    )
    # Confirmed, but each of its officials had these words from its writer already.
    is_repeat = models.BooleanField(default=False, db_default=False)
    reported_back_at = models.DateTimeField(
        _("writer told about the failure"), null=True, blank=True
    )

    receipt_key = StandingKey(unique=True, null=True)
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="confirmation__supporter",
        section=Section("letters", _("Your letters"), "letters/_mine.html"),
        consents={
            "letter": TakingBack(
                _("letter"),
                _("Delete your letter?"),
                _(
                    "We delete your letter here, and stop what has not left yet. "
                    "Officials keep what they already have. You cannot undo this."
                ),
                _("Yes, delete my letter"),
                _("No, keep my letter"),
                done="letter",
            )
        },
        fills_in=True,
        names=True,
        texts=("name", "place", "subject", "text", "in_languages"),
        take_out="take_out_address",
        kept=(
            Kept(
                name="letters",
                words=_("letters that nobody confirmed in time, or that we rejected"),
                period=("KEEP_UNCONFIRMED_DAYS", "KEEP_HELD_DAYS"),
                since=("created_at", "confirmation__sent_at"),
                where=Q(confirmed_at=None),
                due="outdated",
                at_most=UNCONFIRMED_AT_MOST,
            ),
            Kept(
                name="letter texts",
                words=_("subjects and texts of letters that we sent"),
                period="KEEP_LETTER_TEXT_DAYS",
                since=settled_before,
                where=Q(text_removed_at=None),
                do="remove_text",
            ),
            Kept(
                name="writers",
                words=_(
                    "names and addresses of letter writers, after a campaign’s end"
                ),
                period="KEEP_SIGNERS_MONTHS",
                since=ended("suggested_letter__campaign"),
                where=Q(anonymised_at=None, confirmed_at__isnull=False),
                do="erase",
            ),
        ),
    )

    question = "letter_question"
    called = _("A letter")
    # It goes to officials, so its writer reads it again first.
    confirms_by_itself = False
    counting = posts_of("letter")

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [
            models.Index(
                "suggested_letter",
                "text_digest",
                condition=~Q(text_digest=""),
                name="unchanged_letters",
            ),
            models.Index(
                "suggested_letter",
                "words",
                condition=Q(text_digest=""),
                name="changed_letters",
            ),
            # How many were written in which days, for the desk.
            models.Index(
                "suggested_letter",
                "confirmed_at",
                condition=Q(
                    confirmed_at__isnull=False,
                    is_repeat=False,
                    is_thanks=False,
                    follow_of=None,
                ),
                name="letters_by_time",
            ),
        ]
        constraints = [
            *HoldableAct.Meta.constraints,
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
                    in_languages__isnull=True,
                ),
                name="anonymous_letter_holds_no_person",
            ),
        ]

    def __str__(self):
        if not self.name:
            return gettext("anonymous")
        return f"{self.name}: {self.subject}" if self.subject else self.name

    @property
    def goes_together(self):
        """Whether it leaves together with others: its writer has not changed it."""
        return bool(self.text_digest) and self.suggested_letter.sends_together

    @property
    def signature(self):
        return placeholders.signature(self.name, self.place)

    @property
    def title(self):
        """Its subject; or what it was about, once the subject is removed."""
        return self.subject or self.campaign.title

    @property
    def campaign(self):
        return self.suggested_letter.campaign

    @campaign.setter
    def campaign(self, campaign):
        self.suggested_letter.campaign = campaign

    @property
    def kind(self):
        """A word for the kind of letter."""
        if self.follow_of_id:
            return _("follow-up")
        return _("thank-you") if self.is_thanks else _("letter")

    @property
    def what_became_of_it(self):
        """The same as `state`, for its writer, of a row of `for_my_page()`."""
        if not self.confirmed_at:
            return self.state
        if self.is_leaving:
            return _("sent to some of them") if self.has_left else _("not sent yet")
        return pgettext_lazy("letter", "sent") if self.has_left else _("not sent")

    @property
    def inbox_url(self):
        path = [self.campaign.slug, self.confirmation.page_token]
        return reverse("letters:inbox", args=path)

    @property
    def question_url(self):
        path = [self.campaign.slug, self.confirmation.link_key]
        return reverse("letters:confirmation", args=path)

    @property
    def key_of_receipt(self):
        """The key of its receipt; a follow-up stands on that of its letter."""
        return self.follow_of.receipt_key if self.follow_of_id else self.receipt_key

    @property
    def done_url(self):
        path = [self.campaign.slug, self.key_of_receipt]
        return reverse("letters:receipt", args=path)

    @property
    def is_over(self):
        """Whether its campaign has ended: officials get no letters about what is over.

        `confirm()` refuses it then.
        """
        return not self.campaign.is_open

    @property
    def way_on(self):
        """The page on which its owner has the text, and sends it themselves."""
        return absolute_reverse(
            "letters:unsent",
            self.confirmation.language,
            slug=self.confirmation.campaign.slug,
            key=self.receipt_key,
        )

    @cached_property
    def addressees(self):
        return Addressees(self)

    @property
    def text_for_writer(self):
        """The letter as its writer sees it, also if each gets its own salutation."""
        return self.languages.for_writer_in(self.languages.first)[1]

    @cached_property
    def languages(self):
        """What it says in each of its languages, and to whom."""
        return LettersLanguages(self)

    @property
    def excerpt(self):
        """The lines that differ from the suggested text: what its writer has said.

        All of it when none differs.
        """
        words = self.suggested_letter.words_in(self.languages.first)
        suggested = set(words.body.splitlines())
        own = [line for line in self.text.splitlines() if line not in suggested]
        return "\n".join(own) or self.text

    def text_to(self, delivery):
        return self.languages.text_to(delivery, delivery.language, delivery.greeting)

    @cached_property
    def unanswered(self):
        """Its deliveries that arrived and, as far as we know, were not answered."""
        return list(self.deliveries.unanswered().with_list())

    def mail_writer_later(self, purpose):
        """Queue a mail to its writer, of one of the purposes in mails.py."""
        OutgoingMail.objects.queue(purpose, self.pk, self.confirmation.email)

    def _post(self, **others):
        if self.text_removed_at:
            raise NotAsTyped
        return Letter.objects.write(
            self.suggested_letter,
            name=self.name,
            place=self.place,
            subject=self.subject,
            text=self.text,
            is_thanks=self.is_thanks,
            text_digest=self.text_digest,
            written_in=self.written_in,
            in_languages=self.in_languages,
            **others,
        )

    @property
    def typed(self):
        """What its writer gets back when it comes too late, or is rejected."""
        return [
            (gettext("Subject"), self.subject),
            (gettext("Your letter"), self.text_for_writer),
        ]

    def confirm(self):
        """Send it on its way, with one delivery for each recipient. Safe to call twice.

        It does not go again to officials to whom its writer has sent the same words;
        the receipt says so. If these are all, it does not count as another letter: it
        is in no figure, and not among those that its writer may send in a day.

        Raises LetterClosed when the campaign has ended meanwhile, since officials get
        no letters about what is over. Raises TooManyLetters, which leaves it
        unconfirmed.
        """
        if self.is_over and self.confirmation.used_at is None:
            raise LetterClosed
        with transaction.atomic():
            # This is locked before anything else: of two letters at once, one waits
            # here.
            Supporter.objects.lock_mailbox(self.confirmation.supporter)
            if not self.confirmation.use():
                self.refresh_from_db()
                return
            deliveries = self.addressees.new_deliveries()
            goes = any(not delivery.settled_at for delivery in deliveries)
            repeats = any(d.stopped_for == WhyStopped.REPEAT for d in deliveries)
            self.is_repeat = repeats and not goes
            Letter.objects.refuse_too_many(self)
            Delivery.objects.bulk_create(deliveries)
            self.confirmed_at = timezone.now()
            self.save(update_fields=["confirmed_at", "is_repeat"])
            if goes:
                self.mail_writer_later("letter_receipt")
            # If it goes nowhere, the receipt says why. A thank-you has not failed when
            # nobody agrees any more.
            elif not (deliveries or self.is_thanks):
                self._give_back_later()

    def lock(self):
        """Keep others from changing it, or its deliveries, in this transaction."""
        Letter.objects.filter(pk=self.pk).lock()

    def report_back(self):
        """Give the text back once some deliveries failed and none is waiting.

        This is called after each delivery. It sends at most one mail, and none when the
        text has been removed.
        """
        if Letter.objects.filter(pk=self.pk).to_report_back().exists():
            self._give_back_later()

    def _give_back_later(self):
        not_yet = Letter.objects.filter(
            pk=self.pk, reported_back_at=None, text_removed_at=None
        )
        with transaction.atomic():
            if not_yet.update(reported_back_at=Now()):
                self.mail_writer_later("letter_failed")
