import secrets
from datetime import UTC, timedelta
from itertools import batched
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from socket import gaierror

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import IntegrityError, models, transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now, TruncDay
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.models import Campaign
from campaigns.sharing import CHANNELS, LONGEST, with_source
from pages import page_cache
from pages.addresses import absolute, absolute_reverse
from petitions.counting.chain import commitment_to
from petitions.counting.models import TallyEntry
from petitions.names.models import NameReport
from petitions.petition import Petition
from petitions.referrals.models import CODE_LETTERS
from petitions.signing import tasks
from petitions.signing.shown_as import ShownAs
from safeguards.blocks import Block
from safeguards.judging import judge
from safeguards.mail_allowance import MailLimitReached
from safeguards.mailbox import Mailbox
from safeguards.public_text import REASONS
from supporters.acts import undecided
from supporters.acts.holding import HELD_FOR, may_pass
from supporters.models import (
    Confirmation,
    Consent,
    Follow,
    SentMail,
)
from supporters.my_page.section import Section
from supporters.people import names

# Nothing has left, for certain. After any other fault, a mail may have.
NOT_TAKEN = (
    MailLimitReached,
    SMTPResponseException,
    SMTPRecipientsRefused,
    ConnectionRefusedError,
    gaierror,
)

# A shared mailbox holds two people; the second seat is for another name.
SEATS = (1, 2)
# Of a statement: PostgreSQL takes 65,535 parameters.
MOST_KEYS = 10_000


class SignedAlready(Exception):
    """Under this petition the address stands with this very name already."""


SHOWN_NAME = "shown name"
# Why a name is hidden in which nothing was found.
BY_A_MODERATOR = "moderator"
NAME_STATE = (
    "name_hidden_at",
    "name_hidden_for",
    "name_decided_at",
    "name_decided_by",
)


class NameDecision(models.TextChoices):
    """What a moderator decides about a signer's name."""

    SHOW = "show", _("show the name")
    HIDE = "hide", _("hide the name")
    WAIT = "wait", _("decide later")


class SignatureQuerySet(models.QuerySet):
    def counted(self):
        return self.filter(counted=True)

    def pending(self):
        """Waiting for their owner's confirmation; the mail is, or goes, out."""
        return self.unconfirmed().filter(Q(held_at=None) | ~Q(released_at=None))

    def unconfirmed(self):
        return self.filter(confirmed_at=None, rejected_at=None, invalidation=None)

    def to_remind(self):
        """Not confirmed for REMIND_AFTER_HOURS after the mail, and not reminded yet.

        Never who is held or bounced, nor whom an invalidation found; nor an
        address that has confirmed or been reminded under this petition already. Of one
        address' signatures, the newest.
        """
        if not settings.REMIND_AFTER_HOURS:
            return self.none()
        now = timezone.now()
        same = Signature.objects.filter(
            petition=OuterRef("petition"),
            confirmation__supporter=OuterRef("confirmation__supporter"),
        )
        others = same.filter(
            Q(confirmed_at__isnull=False, withdrawn_at=None)
            | Q(reminded_at__isnull=False)
            | Q(pk__gt=OuterRef("pk"))
        )
        came_back = SentMail.objects.filter(
            Q(refused_at__isnull=False)
            | Q(bounced_at__isnull=False)
            | Q(complained_at__isnull=False),
            supporter=OuterRef("confirmation__supporter"),
        )
        return self.pending().filter(
            ~Exists(others),
            ~Exists(came_back),
            reminded_at=None,
            withdrawn_at=None,
            petition__campaign__in=Campaign.objects.open(),
            confirmation__used_at=None,
            confirmation__refused_at=None,
            # After the last of these days, the link of the mail would not work.
            confirmation__sent_at__gt=now - timedelta(settings.KEEP_UNCONFIRMED_DAYS),
            confirmation__sent_at__lte=now
            - timedelta(hours=settings.REMIND_AFTER_HOURS),
        )

    def can_be_invalidated(self):
        """Counted, or on the way there."""
        return self.filter(
            Q(counted=True) | Q(confirmed_at=None),
            invalidation=None,
            withdrawn_at=None,
            rejected_at=None,
            anonymised_at=None,
        )

    def held(self):
        """Waiting for a moderator."""
        return self.unconfirmed().exclude(held_at=None).filter(released_at=None)

    def undecided(self, before):
        """Waiting for a moderator since before this moment."""
        return self.held().filter(held_at__lt=before)

    def release(self, by):
        """Let all of these that are held go on to their owners' confirmation.

        Returns how many. Their mails are queued with it, no more a minute than the mail
        service takes, and behind those that somebody waits for.
        """
        with transaction.atomic():
            keys = self._decide(released_at=timezone.now(), decided_by=by)
            tasks.ask_signers(keys)
        return len(keys)

    def reject(self, by):
        """Turn all of these that are held down; returns how many. They are deleted
        some days later."""
        with transaction.atomic():
            return len(self._decide(rejected_at=timezone.now(), decided_by=by))

    def with_old_network_hash(self):
        limit = timezone.now() - timedelta(days=settings.KEEP_NETWORK_HASH_DAYS)
        return self.filter(signed_at__lt=limit).exclude(network_hash=None)

    def forget_network(self):
        return self.update(network_hash=None)

    def confirmed_newest(self):
        """Confirmed and not taken back, the newest first."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at=None).order_by(
            "-confirmed_at"
        )

    def shown(self):
        """Counted, and their owner agreed that the name is shown; newest first."""
        return self.counted().filter(shows_name=True).order_by("-confirmed_at", "-pk")

    def with_name_waiting(self):
        """Counted, to be shown, and doubtful or reported: for a person to look at."""
        doubtful = Signature.objects.filter(
            name_hidden_at__isnull=False, name_decided_at=None
        )
        # Not one OR, for which PostgreSQL would read every signature.
        keys = doubtful.values("pk").union(NameReport.objects.values("signature"))
        return self._to_be_shown().filter(pk__in=keys)

    def with_name_hidden(self):
        """Those whose name a moderator has hidden."""
        return self._to_be_shown().filter(
            name_hidden_at__isnull=False, name_decided_at__isnull=False
        )

    def _to_be_shown(self):
        return self.counted().exclude(shown_as=ShownAs.NO)

    def outdated(self):
        """What is deleted: never confirmed, never decided on, or for days neither
        counted nor waiting."""
        now = timezone.now()
        limit = now - timedelta(days=settings.KEEP_WITHDRAWN_DAYS)
        # Of many that are released at once, the last are mailed much later.
        just_released = now - timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        unconfirmed = (
            self.pending()
            .filter(confirmation__in=Confirmation.objects.outdated())
            .exclude(released_at__gte=just_released)
        )
        return self.filter(
            Q(pk__in=unconfirmed.values("pk"))
            | Q(pk__in=self.undecided(undecided.too_long_ago()).values("pk"))
            | Q(withdrawn_at__lt=limit)
            | Q(rejected_at__lt=limit)
            | Q(
                confirmed_at__lt=limit,
                counted=False,
                withdrawn_at=None,
                invalidation=None,
            )
            | Q(invalidation__in=_invalidations().final())
        )

    def to_anonymise(self):
        """Counted, and nothing is to be done with their names any more."""
        return self.counted().filter(
            anonymised_at=None, petition__in=Petition.objects.whose_names_go()
        )

    def anonymise(self):
        """Keep that somebody signed, on which day and from which country; returns
        how many. The count stays: it is the sum of the tally.

        What they agreed to goes as well: it says that they signed, and by which name.
        """
        NameReport.objects.filter(signature__in=self).delete()
        Consent.objects.filter(
            kind__in=("signature", SHOWN_NAME),
            confirmation__in=self.counted().values("confirmation"),
        ).delete()
        return self.counted().update(
            anonymised_at=Now(),
            confirmation=None,
            name="",
            city="",
            shown_as=ShownAs.NO,
            shown_name="",
            name_hidden_at=None,
            name_hidden_for=None,
            name_decided_at=None,
            name_decided_by=None,
            canonical_email="",
            seat=None,
            withdrawal_key=None,
            network_hash=None,
            share_code=None,
            salt=None,
            commitment=None,
            signed_at=TruncDay("signed_at", tzinfo=UTC),
            confirmed_at=TruncDay("confirmed_at", tzinfo=UTC),
        )

    def of_supporter(self, supporter):
        return self.filter(confirmation__supporter=supporter)

    def with_brought(self):
        """Each with `brought`: how many are counted who came by this signer's link."""
        came = Signature.objects.counted().filter(
            petition=OuterRef("petition"), source=OuterRef("share_code")
        )
        number = came.values("source").annotate(number=Count("pk")).values("number")
        return self.annotate(brought=Coalesce(Subquery(number), 0))

    def for_my_page(self):
        rows = self.select_related("petition__campaign", "confirmation")
        return rows.with_brought().order_by("-pk")

    def erase(self):
        """Without the person: see Signature.erase()."""
        for signature in self.select_related("petition__campaign", "confirmation"):
            signature.erase()

    def export(self):
        rows = self.select_related("petition__campaign").with_brought().order_by("pk")
        rows = rows.prefetch_related("petition__sources")
        return [
            {
                gettext("petition"): row.petition.ask,
                gettext("campaign"): row.campaign.full_title,
                gettext("name"): row.name,
                gettext("city"): row.city,
                gettext("country"): row.country.name,
                gettext("shown as"): row.shown_text,
                gettext("state"): str(row.state),
                gettext("signed"): row.signed_at.isoformat(),
                gettext("confirmed"): row.confirmed_at and row.confirmed_at.isoformat(),
                gettext("withdrawn"): row.withdrawn_at and row.withdrawn_at.isoformat(),
                gettext("came by"): row.came_by,
                gettext("own link"): row.own_link,
                gettext("counted who came by it"): row.brought,
            }
            for row in rows
        ]

    def consent_withdrawn(self, kind):
        """Hide the name, or take it back: what was agreed to does not stand."""
        if kind == SHOWN_NAME:
            for signature in self.select_related("confirmation__supporter"):
                signature.hide_everywhere()
        elif kind == "signature":
            for signature in self:
                signature.withdraw()

    def details_of(self, supporter, campaign):
        """Name and place of a supporter's newest signature, this campaign's first."""
        newest = self.filter(
            confirmation__supporter=supporter, confirmed_at__isnull=False
        ).order_by(
            Case(When(petition__campaign=campaign, then=0), default=1), "-confirmed_at"
        )
        signature = newest.filter(withdrawn_at=None).first()
        return (signature.name, signature.place) if signature else None

    def for_mail_token(self, token):
        return self._of(Confirmation.objects.for_mail_token(token))

    def for_page_token(self, token):
        return self._of(Confirmation.objects.for_page_token(token))

    def _decide(self, **decision):
        """Write this to those that are held, locked first: of two moderators at once
        the second finds none left. Returns their keys."""
        held = self.held().order_by("pk").select_for_update(of=("self",))
        keys = list(held.values_list("pk", flat=True))
        for some in batched(keys, MOST_KEYS, strict=False):
            Signature.objects.filter(pk__in=some).update(**decision)
        return keys

    def _of(self, confirmation):
        signature = self.select_related("petition__campaign").get(
            confirmation=confirmation
        )
        signature.confirmation = confirmation
        return signature


def make_withdrawal_key():
    return secrets.token_urlsafe(16)


class Signature(models.Model):
    """One person's name under a petition, from the form to the count."""

    # Found by the index of its time, which begins with it.
    petition = models.ForeignKey(
        Petition,
        on_delete=models.PROTECT,
        related_name="signatures",
        db_index=False,
    )
    confirmation = models.ForeignKey(
        Confirmation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = CountryField(_("country"))
    shown_as = models.CharField(
        _("how the name is shown"),
        max_length=10,
        choices=ShownAs,
        default=ShownAs.NO,
    )
    # As its owner has seen it: never made anew from the name, which may change.
    shown_name = models.CharField(
        _("name that is shown"), max_length=120, blank=True, default=""
    )
    # Hidden, name and city show nowhere, and the signature counts. Without a decision
    # they wait for one; with a decision and not hidden, a moderator has shown them.
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
    # In the database, so that the index of the names that show needs no parameter.
    shows_name = models.GeneratedField(
        expression=Case(
            When(~Q(shown_as="no") & Q(name_hidden_at__isnull=True), then=Value(True)),
            default=Value(False),
        ),
        output_field=models.BooleanField(_("name may be shown")),
        db_persist=True,
    )
    signed_at = models.DateTimeField(_("signed"), db_default=Now())

    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    held_for = models.CharField(
        _("held because"), max_length=20, choices=HELD_FOR, blank=True
    )
    # A keyed hash, for some weeks: which signatures came from one place.
    network_hash = models.CharField(
        max_length=32, null=True, blank=True, editable=False
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
        db_index=False,
    )

    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    # Empty, or by which act it was taken out of the count (decision 18).
    invalidation = models.ForeignKey(
        "petitions.Invalidation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name=_("taken out of the count"),
        db_index=False,
    )

    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    counted = models.BooleanField(_("counted"), default=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    canonical_email = models.CharField(max_length=254, blank=True, editable=False)
    seat = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    withdrawal_key = models.CharField(
        max_length=22,
        null=True,
        default=make_withdrawal_key,
        editable=False,
    )
    # The short word in the link by which this signer came (campaigns/sharing.py), and
    # that of this signer's own link: made on confirming, gone with the person.
    source = models.CharField(max_length=LONGEST, null=True, editable=False)
    share_code = models.CharField(max_length=LONGEST, null=True, editable=False)
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, blank=True)
    # What the count's chain says of this signature, and what it takes to open it.
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    commitment = models.BinaryField(max_length=32, null=True, editable=False)

    standing_key = "withdrawal_key"
    objects = SignatureQuerySet.as_manager()
    my_page = Section("signatures", _("Your signatures"), "petitions/_mine.html")

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                "petition",
                "canonical_email",
                "seat",
                condition=Q(counted=True),
                name="one_counted_signature_per_seat",
            ),
            # Not unique=True: see Supporter.
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
                condition=Q(released_at__isnull=True) | Q(rejected_at__isnull=True),
                name="signature_is_released_or_rejected_not_both",
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
                "signed_at",
                condition=Q(confirmed_at=None),
                name="unconfirmed_signatures",
            ),
            models.Index(
                "petition",
                "source",
                condition=Q(counted=True, source__isnull=False),
                name="signatures_by_source",
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
            models.Index("petition", "signed_at", name="signatures_by_time"),
            # Of all petitions together, the last days: rows are written in this order.
            BrinIndex("signed_at", autosummarize=True, name="signatures_by_age"),
            models.Index(
                "network_hash",
                "signed_at",
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
    def place(self):
        """City and country, or the country alone, in the reader's language."""
        return ", ".join(filter(None, [self.city, self.country.name]))

    @property
    def shown_text(self):
        """What is shown of name and place but the country; empty for not at all."""
        return ", ".join(filter(None, self.shown_name_and_city))

    @property
    def shown_line(self):
        """All that is shown of name and place."""
        if self.shown_as == ShownAs.NO:
            return ""
        return f"{self.shown_text}, {self.country.name}"

    @property
    def shown_name_and_city(self):
        """The same in two parts; the city is empty unless it was chosen, too."""
        return self.shown_name, self.city if self.shown_as == ShownAs.FIRST else ""

    @property
    def name_waits(self):
        """Whether the name shows only once a moderator has looked at it."""
        return bool(self.name_hidden_at and not self.name_decided_at)

    @property
    def counts_or_may(self):
        """Whether it is counted, or will be when its owner confirms."""
        is_over = self.confirmed_at or self.withdrawn_at or self.rejected_at
        return self.counted or not (is_over or self.invalidation_id)

    @property
    def name_state(self):
        """The word for where the name stands, for staff."""
        if self.shown_as == ShownAs.NO:
            return _("not shown: its signer’s choice")
        if self.name_waits:
            return _("waits for a moderator")
        if self.name_hidden_at:
            return _("hidden by a moderator")
        return _("shown by a moderator") if self.name_decided_at else _("shown")

    @property
    def name_decision(self):
        """By which decision the name would stand as it does."""
        if not self.name_hidden_at:
            return NameDecision.SHOW
        return NameDecision.HIDE if self.name_decided_at else NameDecision.WAIT

    @property
    def is_held(self):
        return bool(self.held_at and not self.released_at and not self.rejected_at)

    @property
    def undecided_since(self):
        """Since when it waits for a moderator, or None."""
        return self.held_at if self.is_held and not self.confirmed_at else None

    @property
    def state(self):
        """The word for where this signature stands, for staff."""
        if self.counted:
            return _("counted")
        if self.withdrawn_at:
            return _("withdrawn")
        if self.rejected_at:
            return _("rejected")
        if self.invalidation_id:
            return _("taken out of the count")
        if self.confirmed_at:
            return _("had signed before")
        return _("held") if self.is_held else _("waiting for confirmation")

    @property
    def standing_for(self):
        """The counted signature by which this person stands here, or None.

        None when two others of the same mailbox have its seats.
        """
        if self.counted:
            return self
        return next(iter(self._others_of_this_person()), None)

    @property
    def campaign(self):
        return self.petition.campaign

    @property
    def own_link(self):
        """The campaign's address that says who has passed it on; empty without one."""
        if not self.share_code:
            return ""
        return with_source(absolute(self.campaign.get_absolute_url()), self.share_code)

    @property
    def came_by(self):
        """By which link this signer came, in words; empty when nothing says so."""
        if not self.source:
            return ""
        if len(self.source) == LONGEST:
            return gettext("the link of another supporter")
        own = {source.code: source.name for source in self.petition.sources.all()}
        return str({**CHANNELS, **own}.get(self.source, self.source))

    @cached_property
    def brought(self):
        """How many are counted who came by this signer's link."""
        came = Signature.objects.counted().filter(petition=self.petition_id)
        return came.filter(source=self.share_code).count() if self.share_code else 0

    @property
    def inbox_url(self):
        return self._url("inbox", token=self.confirmation.page_token)

    @property
    def done_url(self):
        """Thanks; whose name is off is told that, and what to do."""
        if self.withdrawn_at or self.invalidation_id:
            return self._url("withdrawal", key=self.withdrawal_key)
        return self._url("thanks")

    def ask_later(self):
        """Queue the confirmation mail, in the transaction that is running."""
        tasks.ask_signer.defer(signature_pk=self.pk, was_held=self.is_held)

    def ask_at(self, email, held_for=""):
        """Mail the question again, to this address.

        Held for a reason, another address waits for a person.
        """
        with transaction.atomic():
            if self.confirmation.change_address(email) and held_for:
                self.held_at, self.held_for = timezone.now(), held_for
                self.released_at = None
                self.save(update_fields=["held_at", "held_for", "released_at"])
            self.ask_later()

    def ask(self):
        """Mail the button, the code and the way to withdraw.

        Raises what Confirmation.send() raises. The mail holds no text that a visitor
        typed: not even the name, which could be somebody else's advertisement.
        """
        if self.rejected_at or self.is_held:
            return
        self.follow_hidden_names()
        if self.invalidation_id and not self.confirmation.used_at:
            return  # to whose owner never answered, as to one that is rejected
        if self.withdrawn_at:
            self._mail("signature_withdrawn")
        elif self.invalidation_id:
            self._mail("signature_invalidated")
        elif self.confirmation.used_at:
            self._mail("already_signed")
        else:
            self._mail("confirm_signature")

    def let_pass(self):
        """Let it go on when it was held for being one of many, and its address has
        confirmed before; whether this is what became of it."""
        held = Signature.objects.held().filter(pk=self.pk)
        if not (may_pass(self) and held.update(released_at=timezone.now())):
            return False
        self.refresh_from_db(fields=["released_at"])
        return True

    def remind(self):
        """Ask once more who has not answered; returns whether a mail left.

        Never an address that is blocked by now. Once, whatever happens: that it is done
        is written down before the mail leaves, and taken back only when the relay has
        said that it did not take it. Killed in between, nobody is asked twice. Raises
        what Confirmation.send() raises.
        """
        if Block.objects.that_hold(email=self.confirmation.email):
            return False
        mine = Signature.objects.filter(pk=self.pk)
        # Both conditions: of two workers at once, the second looks at the row again.
        due = mine.filter(reminded_at=None, pk__in=mine.to_remind().values("pk"))
        if not due.update(reminded_at=timezone.now()):
            return False
        try:
            self._mail("remind_signature")
        except NOT_TAKEN:
            mine.update(reminded_at=None)
            raise
        return True

    def confirm(self):
        """Count the signature; its owner said yes. Safe to call twice.

        One person is counted once: when the address already stands under this
        petition with the same name, or with two names, `counted` stays False. So it
        does for what was invalidated, until that is undone.
        Whoever signed in time may confirm after the petition has ended.
        """
        with transaction.atomic():
            if not self.confirmation.use():
                self.refresh_from_db()
                return
            self.confirmed_at = timezone.now()
            self.canonical_email = Mailbox(self.confirmation.email).seat
            self.salt = secrets.token_bytes(16)
            self.commitment = commitment_to(
                self.petition_id, self.confirmation.email, self.salt
            )
            self.share_code = get_random_string(LONGEST, CODE_LETTERS)
            self.save(
                update_fields=[
                    "confirmed_at",
                    "canonical_email",
                    "salt",
                    "commitment",
                    "share_code",
                ]
            )
            self.count_in()
            Follow.objects.begin_with(self.confirmation)

    def count_in(self):
        """Count what its owner has confirmed, if this person is not counted yet."""
        if self._take_a_seat():
            self._tally(+1)

    def withdraw(self):
        """Take the name back: not counted, not shown. Safe to call twice.

        Also where the same person stands by another signature of this mailbox: who
        signed twice has two mails, and either link does what its page says.
        """
        with transaction.atomic():
            # In the order of confirming, which may go on at this moment.
            mine = Confirmation.objects.filter(pk=self.confirmation_id)
            list(mine.select_for_update(no_key=True).values_list("pk"))
            self._withdraw()
            for other in self._others_of_this_person():
                other._withdraw()
        self.refresh_from_db()

    def correct(self, *, name, city, country):
        """Put name and place right. Counted once, and in the new country from now on.

        Raises SignedAlready when somebody else of this mailbox stands there by that
        name. Changes nothing when it was taken back meanwhile.
        """
        with transaction.atomic():
            # Without the key: it is nullable, and no row of an outer join is locked.
            signature = Signature.objects.select_for_update().get(pk=self.pk)
            if signature.withdrawn_at or signature.anonymised_at:
                return
            others = Signature.objects.counted().filter(
                petition=self.petition_id, canonical_email=signature.canonical_email
            )
            for other in others.exclude(pk=self.pk) if signature.counted else ():
                if names.same_person(other.name, name):
                    raise SignedAlready
            if signature.counted and signature.country.code != country:
                signature._tally(-1)
                self.country = signature.country = country
                signature._tally(+1)
            if city != signature.city:
                signature._judge_name(signature.shown_name, city)
            signature.name, signature.city, signature.country = name, city, country
            signature.save(update_fields=["name", "city", "country", *NAME_STATE])
        self.refresh_from_db()

    def report_name(self, *, reason, network_hash):
        """Tell moderators that a reader finds something wrong with the name.

        One report a network; and none of a name that a moderator has looked at.
        """
        if self.name_decided_at is None:
            NameReport.objects.bulk_create(
                [NameReport(signature=self, reason=reason, network_hash=network_hash)],
                ignore_conflicts=True,
            )

    def hide_everywhere(self):
        """Show this person's name nowhere under this petition, as they have asked.

        Who signed twice has two signatures, and does not know which of them shows.
        """
        others = [other.pk for other in self._others_of_this_person()]
        mine = Signature.objects.filter(pk__in=[self.pk, *others])
        with transaction.atomic():
            given = Consent.objects.filter(
                kind=SHOWN_NAME, confirmation__in=mine.values("confirmation")
            )
            given.note_withdrawal()
            mine.update(shown_as=ShownAs.NO, shown_name="")

    def _judge_name(self, name, city):
        """Look at what is to be shown now as at what was shown first.

        Where a moderator has hidden one, each that follows waits for a look, however
        often it is changed.
        """
        waits_anyway = self.name_hidden_at and (
            self.name_decided_at or self.name_hidden_for == BY_A_MODERATOR
        )
        found = BY_A_MODERATOR if waits_anyway else judge(name=name, city=city).reason
        self.name_hidden_at = timezone.now() if found else None
        self.name_hidden_for = found or None
        self.name_decided_at = self.name_decided_by = None

    def follow_hidden_names(self):
        """Let the name wait where a moderator has hidden this very name, or another one
        of this mailbox, under this petition.

        So that a hidden name does not come back by withdrawing and signing anew. Asked
        by the worker before the mail leaves: signing itself looks nothing up.
        """
        hidden = Signature.objects.filter(
            petition=self.petition_id,
            name_hidden_at__isnull=False,
            name_decided_at__isnull=False,
        ).filter(
            Q(confirmation__supporter__mailbox=self.confirmation.supporter.mailbox)
            | Q(shown_name__iexact=self.shown_name) & ~Q(shown_name="")
        )
        if self.name_hidden_at is None and hidden.exclude(pk=self.pk).exists():
            self._let_names_wait(Signature.objects.filter(pk=self.pk))
            self.refresh_from_db(fields=NAME_STATE)

    def _let_names_wait(self, signatures):
        signatures.filter(name_hidden_at=None).update(
            name_hidden_at=timezone.now(), name_hidden_for=BY_A_MODERATOR
        )

    def decide_on_name(self, decision, by):
        """Show the name, hide it, or let it wait for a decision (undo). Safe to call
        twice. What readers have reported of it is settled by that.

        Files for officials that were made before hold a name that is hidden now: they
        are deleted.
        """
        with transaction.atomic():
            signature = Signature.objects.select_for_update().get(pk=self.pk)
            signature.name_decided_at, signature.name_decided_by = timezone.now(), by
            if decision == NameDecision.SHOW:
                signature.name_hidden_at = None
            else:
                signature.name_hidden_at = signature.name_hidden_at or timezone.now()
                signature.name_hidden_for = signature.name_hidden_for or BY_A_MODERATOR
                signature.petition.bundles.forget_files()
                if signature.confirmation_id:
                    signature._let_names_wait(signature._others_of_this_mailbox())
            if decision == NameDecision.WAIT:
                signature.name_decided_at = signature.name_decided_by = None
            signature.save(update_fields=NAME_STATE)
            signature.name_reports.all().delete()
            with translation.override(self.campaign.language):
                page_cache.forget(self._url("newest"))
        self.refresh_from_db()

    def show_as(self, choice, shown_name, consents=(), page=""):
        """Show the name as its owner chose; the consent before does not stand now.

        “Not at all” holds for all that this person has signed here.
        """
        if choice == ShownAs.NO:
            self.hide_everywhere()
            self.refresh_from_db()
            return
        with transaction.atomic():
            signature = Signature.objects.select_for_update().get(pk=self.pk)
            if shown_name != signature.shown_name:
                signature._judge_name(shown_name, signature.city)
            signature.shown_as, signature.shown_name = choice, shown_name
            signature.save(update_fields=["shown_as", "shown_name", *NAME_STATE])
            before = self.confirmation.consents.filter(kind=SHOWN_NAME)
            before.note_withdrawal()
            Consent.objects.record(self.confirmation, consents, page)
        self.refresh_from_db()

    def erase(self):
        """Without the person: anonymous where it counts and the campaign has ended.

        Elsewhere it is taken back, −1 where it counted, and then deleted. What was made
        for officials goes, too: the name may stand in it.
        """
        with transaction.atomic():
            self.petition.bundles.forget_files()
            # The name may stand in how it was found.
            _invalidations().filter(pk=self.invalidation_id).update(found_by="")
            mine = Signature.objects.filter(pk=self.pk)
            if self.campaign.has_ended and mine.anonymise():
                return
            self.withdraw()
            mine.delete()

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
                signature._tally(-1)

    def _others_of_this_mailbox(self):
        """Their other signatures of this petition, whatever became of them."""
        mailbox = self.confirmation.supporter.mailbox
        others = Signature.objects.filter(
            petition=self.petition_id, confirmation__supporter__mailbox=mailbox
        )
        return others.exclude(pk=self.pk).exclude(name_decided_at__isnull=False)

    def _others_of_this_person(self):
        """Their counted signatures of this petition besides this one."""
        if self.confirmation is None:
            return []
        counted = Signature.objects.counted().filter(
            petition=self.petition_id,
            canonical_email=Mailbox(self.confirmation.email).seat,
        )
        others = counted.exclude(pk=self.pk)
        return [o for o in others if names.same_person(o.name, self.name)]

    def _take_a_seat(self):
        """Count on the first free seat; False when this person has one already.

        The constraint decides, not a look beforehand: of two confirmations at once
        the second waits for the first and then finds the seat taken. The look is for
        who stands on the second seat, and would find the first one free.
        """
        if self._person_is_counted():
            return False
        for seat in SEATS:
            try:
                with transaction.atomic():
                    valid = Signature.objects.filter(pk=self.pk, invalidation=None)
                    if not valid.update(counted=True, seat=seat):
                        self.refresh_from_db(fields=["invalidation"])
                        return False
            except IntegrityError:
                if self._person_is_counted():
                    return False
            else:
                self.counted, self.seat = True, seat
                return True
        return False

    def _person_is_counted(self):
        """Whether somebody of this name has a seat of this mailbox."""
        holders = Signature.objects.counted().filter(
            petition=self.petition_id, canonical_email=self.canonical_email
        )
        return any(
            names.same_person(name, self.name)
            for name in holders.values_list("name", flat=True)
        )

    def _tally(self, delta):
        TallyEntry.objects.create(
            petition_id=self.petition_id,
            country=self.country.code,
            delta=delta,
            commitment=self.commitment,
        )

    def _mail(self, template):
        campaign = self.campaign
        language = self.confirmation.language
        links = {
            "confirmation_url": self._mailed(
                "confirmation", token=self.confirmation.mail_token
            ),
            "withdrawal_url": self._mailed("withdrawal", key=self.withdrawal_key),
            "campaign_url": absolute_reverse(
                "campaigns:campaign", language, slug=campaign.slug
            ),
        }
        context = {"petition": self.petition, "campaign": campaign, **links}
        self.confirmation.send(template, context)

    def _url(self, view, **kwargs):
        kwargs = {"slug": self.campaign.slug, **kwargs}
        return reverse(f"petitions:{view}", kwargs=kwargs)

    def _mailed(self, view, **kwargs):
        return absolute_reverse(
            f"petitions:{view}",
            self.confirmation.language,
            slug=self.campaign.slug,
            **kwargs,
        )


def _invalidations():
    """Of the fraud desk, which knows signatures; so they find it by their key to it."""
    return Signature._meta.get_field("invalidation").related_model.objects
