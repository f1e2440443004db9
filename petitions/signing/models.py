import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.sharing import LONGEST
from database.personal_data import PersonalData
from database.words import words_of
from outbox.mailed_keys import StandingKey
from outbox.models import OutgoingMail
from pages.templatetags.punctuation import comma
from petitions.counting.chain import commitment_to
from petitions.counting.models import TallyEntry
from petitions.counting.signer import SEATS, Signer
from petitions.names.public_name import BY_A_MODERATOR, PublicName
from petitions.names.shown_as import ShownAs
from petitions.petition import Petition, hash_of_signature
from petitions.referrals.models import CODE_LETTERS
from petitions.referrals.referral import Referral
from petitions.signing import retention
from petitions.signing.consents import CONSENTS
from petitions.signing.signatures import SignatureQuerySet
from safeguards.mailbox import Mailbox
from safeguards.public_text import REASONS
from supporters.acts.act import HoldableAct, NotAsTyped, TooLate
from supporters.acts.holding import posts_of
from supporters.models import Confirmation, Consent, Follow
from supporters.my_page.section import Section

# The mail that thanks a signer, once. It comes when they have left the page of thanks,
# and not before the questions of others.
THANKS, THANKS_AFTER = "signature_thanks", timedelta(minutes=10)


class Signature(HoldableAct):
    """One person's name under a petition, from the form to the count."""

    # The index of created_at begins with the petition, so this key needs none.
    petition = models.ForeignKey(
        Petition,
        on_delete=models.PROTECT,
        related_name="signatures",
        db_index=False,
        verbose_name=_("petition"),
    )
    created_at = models.DateTimeField(_("signed"), db_default=Now())
    name = models.CharField(_("name"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = CountryField(_("country"))
    # That of the page on which it was signed. It stays when its owner is erased: the
    # count says in how many languages people signed.
    language = models.CharField(
        max_length=10, default="", db_default="", editable=False
    )
    shown_as = models.CharField(
        _("name on the page"),
        max_length=10,
        choices=ShownAs,
        default=ShownAs.NO,
    )
    # The name as its owner has seen it. It is never made anew from `name`, which may
    # change.
    shown_name = models.CharField(
        _("name as shown"), max_length=120, blank=True, default=""
    )
    # While they are hidden, name and city show nowhere, and the signature counts.
    # Hidden without a decision, they wait for one. With a decision and not hidden, a
    # moderator has shown them.
    name_hidden_at = models.DateTimeField(_("name hidden"), null=True, blank=True)
    name_hidden_for = models.CharField(
        _("name hidden because"),
        max_length=20,
        null=True,
        blank=True,
        choices={**REASONS, BY_A_MODERATOR: _("a moderator hid it")},
    )
    name_decided_at = models.DateTimeField(_("name looked at"), null=True, blank=True)
    name_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("name looked at by"),
        db_index=False,
    )
    # When its owner last changed what shows, after signing.
    name_changed_at = models.DateTimeField(null=True, editable=False)
    # The database computes it, so that the index of names that show needs no parameter.
    shows_name = models.GeneratedField(
        expression=Case(
            When(~Q(shown_as="no") & Q(name_hidden_at__isnull=True), then=Value(True)),
            default=Value(False),
        ),
        output_field=models.BooleanField(_("name may be shown")),
        db_persist=True,
    )

    # A keyed hash, kept for some weeks: it tells which signatures came from one place.
    network_hash = models.CharField(
        max_length=32, null=True, blank=True, editable=False
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    # The invalidation by which it was taken out of the count, if any (decision 14).
    invalidation = models.ForeignKey(
        "petitions.Invalidation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name=_("taken out of the count"),
        db_index=False,
    )

    counted = models.BooleanField(_("counted"), default=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    canonical_email = models.CharField(max_length=254, blank=True, editable=False)
    seat = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    withdrawal_key = StandingKey(null=True)
    # The code in the link by which this signer came (campaigns/sharing.py), and the
    # code of their own link, which is made at confirming and erased with the person.
    referral_code = models.CharField(max_length=LONGEST, null=True, editable=False)
    share_code = models.CharField(max_length=LONGEST, null=True, editable=False)
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, blank=True)
    # What the count's chain says of this signature, and the salt that proves it.
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    commitment = models.BinaryField(max_length=32, null=True, editable=False)

    objects = SignatureQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="confirmation__supporter",
        identifies=("canonical_email", "network_hash"),
        section=Section("signatures", _("Your signatures"), "petitions/_mine.html"),
        consents=CONSENTS,
        fills_in=True,
        names=True,
        texts=("name", "city", "shown_name"),
        kept=retention.KEPT,
    )

    question = "signature_question"
    called = _("A signature")
    counting = posts_of("signature")

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            *HoldableAct.Meta.constraints,
            models.UniqueConstraint(
                "petition",
                "canonical_email",
                "seat",
                condition=Q(counted=True),
                name="one_counted_signature_per_seat",
            ),
            models.UniqueConstraint(
                fields=["withdrawal_key"], name="one_signature_a_withdrawal_key"
            ),
            models.CheckConstraint(
                condition=Q(counted=False)
                | Q(
                    confirmed_at__isnull=False,
                    withdrawn_at__isnull=True,
                    rejected_at__isnull=True,
                )
                & (
                    Q(seat__in=SEATS) & ~Q(canonical_email="")
                    | Q(anonymised_at__isnull=False)
                ),
                name="counted_signature_is_confirmed_and_has_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(counted=False) | Q(invalidation__isnull=True),
                name="counted_signature_is_not_invalidated",
            ),
            models.CheckConstraint(
                condition=Q(name_hidden_at__isnull=True)
                | Q(name_hidden_for__isnull=False),
                name="hidden_name_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    anonymised_at__isnull=True,
                    confirmation__isnull=False,
                    withdrawal_key__isnull=False,
                )
                | Q(
                    anonymised_at__isnull=False,
                    confirmation__isnull=True,
                    withdrawal_key__isnull=True,
                    name="",
                    shown_name="",
                    city="",
                    canonical_email="",
                    salt__isnull=True,
                ),
                name="anonymous_signature_holds_no_person",
            ),
            models.CheckConstraint(
                condition=Q(shown_as="no", shown_name="")
                | ~Q(shown_as="no") & ~Q(shown_name=""),
                name="signature_shows_a_name_or_none",
            ),
        ]
        indexes = [
            models.Index(
                "petition",
                models.F("confirmed_at").desc(),
                models.F("id").desc(),
                condition=Q(counted=True, shows_name=True),
                name="shown_signatures",
            ),
            models.Index(
                "created_at",
                condition=Q(confirmed_at=None),
                name="unconfirmed_signatures",
            ),
            models.Index(
                "petition",
                "referral_code",
                condition=Q(counted=True, referral_code__isnull=False),
                name="signatures_by_referral",
            ),
            models.Index(
                "network_hash",
                condition=Q(
                    held_at__isnull=False,
                    released_at=None,
                    rejected_at=None,
                    confirmed_at=None,
                ),
                name="held_signatures",
            ),
            models.Index("petition", "created_at", name="signatures_by_time"),
            # The words of the name, which staff search for.
            GinIndex(words_of("name"), name="signatures_by_name"),
            # The last days of all petitions together; rows are written in this order.
            BrinIndex("created_at", autosummarize=True, name="signatures_by_age"),
            models.Index(
                "network_hash",
                "created_at",
                condition=Q(network_hash__isnull=False),
                name="signatures_by_network",
            ),
            models.Index(
                "id",
                condition=Q(name_hidden_at__isnull=False),
                name="signatures_with_hidden_name",
            ),
            models.Index(
                "invalidation",
                "id",
                condition=Q(invalidation__isnull=False),
                name="invalidated_signatures",
            ),
        ]

    def __str__(self):
        return self.name or gettext("anonymous")

    @property
    def in_short(self):
        return comma().join([str(self), self.place])

    @property
    def place(self):
        """City and country, or the country alone, in the reader's language."""
        return comma().join(filter(None, [self.city, self.country.name]))

    @property
    def as_typed(self):
        """What its signer typed and chose, by the fields of the form."""
        return {
            "name": self.name,
            "city": self.city,
            "country": self.country.code,
            "shown_as": self.shown_as,
            "shown_name": self.shown_name,
        }

    @property
    def state(self):
        """The state of this signature in a word, for staff."""
        if self.counted:
            return pgettext_lazy("signature", "counted")
        if self.withdrawn_at:
            return pgettext_lazy("signature", "withdrawn")
        if self.invalidation_id:
            return _("taken out of the count")
        return _("had signed before") if self.confirmed_at else super().state

    @property
    def is_over(self):
        return self.petition.is_final

    @property
    def signer(self):
        """The person who gave this signature."""
        return Signer(self)

    @property
    def public_name(self):
        """The name as readers see it."""
        return PublicName(self)

    @cached_property
    def referral(self):
        """By whose link its signer came, and the signer's own link."""
        return Referral(self)

    @property
    def campaign(self):
        return self.petition.campaign

    @campaign.setter
    def campaign(self, campaign):
        self.petition.campaign = campaign

    @property
    def inbox_url(self):
        return self._url("inbox", token=self.confirmation.page_token)

    @property
    def done_url(self):
        """The page of thanks; or the one on a name that is off the petition."""
        if self.withdrawn_at or self.invalidation_id:
            return self._url("withdrawal", key=self.withdrawal_key)
        return self._url("thanks")

    def _post(self, *, consents, **others):
        return self.petition.sign(
            **self.as_typed,
            hears_outcome=self._hears_outcome(consents),
            consents=consents,
            referral_code=self.referral_code,
            **others,
        )

    def _hears_outcome(self, consents):
        """Whether mail on the outcome was asked for, by the hash of what was typed."""
        typed = self.as_typed.values()
        for hears in (True, False):
            said = hash_of_signature(*typed, hears, consents=consents)
            if said == self.confirmation.said:
                return hears
        raise NotAsTyped

    def confirm_at_once(self):
        """Confirm at once; no mail is written, which would look for a hidden name."""
        self.public_name.follow_hidden_names()
        super().confirm_at_once()

    def confirm(self):
        """Count the signature, now that its owner said yes. Safe to call twice.

        One person is counted once: `counted` stays False when the mailbox is counted
        here by the same name, or by two other names. It also stays False for an
        invalidated signature, until that is undone. A person who signed in time may
        confirm while signing is paused, and for some hours after the petition has
        ended. Raises TooLate after that.
        """
        if self.is_over and self.confirmed_at is None:
            raise TooLate
        with transaction.atomic():
            if not self.confirmation.use():
                self.refresh_from_db()
                return
            email, salt = self.confirmation.email, secrets.token_bytes(16)
            confirmed = {
                "confirmed_at": timezone.now(),
                "canonical_email": Mailbox(email).seat,
                "salt": salt,
                "commitment": commitment_to(self.petition_id, email, salt),
                "share_code": get_random_string(LONGEST, CODE_LETTERS),
            }
            for field, value in confirmed.items():
                setattr(self, field, value)
            if self.count_in(**confirmed):
                due_at = confirmed["confirmed_at"] + THANKS_AFTER
                OutgoingMail.objects.queue(THANKS, self.pk, email, due_at=due_at)
            else:
                self.save(update_fields=confirmed)
            Follow.objects.begin_with(self.confirmation)

    def count_in(self, **confirmed):
        """Count what its owner has confirmed, if this person is not counted yet.

        Returns whether it was counted. `confirmed` is stored with it, and only then.
        """
        return self.signer.take_a_seat(**confirmed)

    def withdraw(self):
        """Take the name back: not counted, and not shown. Safe to call twice.

        All counted signatures of this person under the petition end. A person who
        signed twice has two mails, and the link in either does what its page says.
        """
        with transaction.atomic():
            # Rows are locked in the order of confirming, which may go on at this
            # moment.
            mine = Confirmation.objects.filter(pk=self.confirmation_id)
            list(mine.select_for_update(no_key=True).values_list("pk"))
            self._withdraw()
            for other in self.signer.other_counted():
                other._withdraw()
        self.refresh_from_db()

    def _withdraw(self):
        signature = Signature.objects.select_for_update().get(pk=self.pk)
        if signature.withdrawn_at is None:
            was_counted = signature.counted
            signature.withdrawn_at = timezone.now()
            signature.counted = False
            signature.save(update_fields=["withdrawn_at", "counted"])
            Confirmation.objects.unused().filter(pk=signature.confirmation_id).update(
                used_at=Now()
            )
            given = Consent.objects.filter(confirmation=signature.confirmation_id)
            given.note_withdrawal()
            if was_counted:
                TallyEntry.objects.note([signature], -1)

    def _url(self, view, **kwargs):
        kwargs = {"slug": self.campaign.slug, **kwargs}
        return reverse(f"petitions:{view}", kwargs=kwargs)
