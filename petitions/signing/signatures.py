"""Signatures, by how they stand and by whose they are."""

from datetime import UTC, timedelta
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Now, TruncDay
from django.utils import timezone
from django.utils.translation import gettext

from outbox.models import OutgoingMail
from outbox.purposes import Lane
from petitions.names.models import NameReport
from petitions.names.public_name import SHOWN_NAME
from petitions.names.shown_as import ShownAs
from petitions.petition import Petition
from supporters.acts import undecided
from supporters.acts.act import ActQuerySet
from supporters.models import Confirmation, Consent

# Of a statement: PostgreSQL takes 65,535 parameters.
MOST_KEYS = 10_000


class SignatureQuerySet(ActQuerySet):
    def counted(self):
        return self.filter(counted=True)

    def pending(self):
        """Not confirmed yet by their owners, who are mailed or will be."""
        return self.unconfirmed().filter(Q(held_at=None) | ~Q(released_at=None))

    def unconfirmed(self):
        return self.filter(confirmed_at=None, rejected_at=None, invalidation=None)

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

        Returns how many. Their mails are queued with it, behind those that somebody
        waits for.
        """
        with transaction.atomic():
            keys = self._decide(released_at=timezone.now(), decided_by=by)
            self._ask_in_bulk(keys)
        return len(keys)

    def reject(self, by):
        """Turn down all of these that are held; returns how many.

        They are deleted some days later.
        """
        with transaction.atomic():
            return len(self._decide(rejected_at=timezone.now(), decided_by=by))

    def confirmed_newest(self):
        """Confirmed and not taken back, the newest first."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at=None).order_by(
            "-confirmed_at"
        )

    def shown(self):
        """Counted, and their owner agreed that the name is shown; newest first."""
        return self.counted().filter(shows_name=True).order_by("-confirmed_at", "-pk")

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

    def outdated(self):
        """Those to be deleted: never confirmed or never decided on, and those that for
        days have neither counted nor waited."""
        now = timezone.now()
        limit = now - timedelta(days=settings.KEEP_WITHDRAWN_DAYS)
        # Of many that are released at once, the last are mailed much later.
        just_released = now - timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        unconfirmed = (
            self.pending()
            .filter(confirmation__in=Confirmation.objects.outdated())
            .exclude(released_at__gte=just_released)
        )
        never_decided = self.undecided(undecided.too_long_ago())
        return self.filter(
            Q(pk__in=unconfirmed.values("pk"))
            | Q(pk__in=never_decided.values("pk"))
            | Q(withdrawn_at__lt=limit)
            | Q(rejected_at__lt=limit)
            | Q(
                confirmed_at__lt=limit,
                counted=False,
                withdrawn_at=None,
                invalidation=None,
            )
            | Q(invalidation__in=self.invalidations().final())
        )

    def to_anonymise(self):
        """Counted ones of petitions that need the names no longer."""
        return self.counted().filter(
            anonymised_at=None, petition__in=Petition.objects.whose_names_go()
        )

    def with_brought(self):
        """Each with `brought`: how many are counted who came by this signer's link."""
        came = self.model.objects.counted().filter(
            petition=OuterRef("petition"), referral_code=OuterRef("share_code")
        )
        number = (
            came.values("referral_code").annotate(number=Count("pk")).values("number")
        )
        return self.annotate(brought=Coalesce(Subquery(number), 0))

    def for_my_page(self):
        rows = self.select_related("petition__campaign", "confirmation")
        return rows.with_brought().order_by("-pk")

    def erase(self):
        """Without the person: see Signer.erase()."""
        for signature in self.select_related("petition__campaign", "confirmation"):
            signature.signer.erase()

    def export(self):
        rows = self.select_related("petition__campaign").with_brought().order_by("pk")
        rows = rows.prefetch_related("petition__referral_links")
        return [
            {
                gettext("petition"): row.petition.ask,
                gettext("campaign"): row.campaign.full_title,
                gettext("name"): row.name,
                gettext("city"): row.city,
                gettext("country"): row.country.name,
                gettext("shown as"): row.public_name.text,
                gettext("state"): str(row.state),
                gettext("signed"): row.signed_at.isoformat(),
                gettext("confirmed"): row.confirmed_at and row.confirmed_at.isoformat(),
                gettext("withdrawn"): row.withdrawn_at and row.withdrawn_at.isoformat(),
                gettext("came by"): row.referral.came_by,
                gettext("own link"): row.referral.own_link,
                gettext("counted who came by it"): row.brought,
            }
            for row in rows
        ]

    def consent_withdrawn(self, kind):
        """End what a consent was for: hide the name, or withdraw the signature."""
        if kind == SHOWN_NAME:
            for signature in self.select_related("confirmation__supporter"):
                signature.public_name.hide_everywhere()
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
        """Write a decision to those that are held; returns their keys.

        They are locked first: of two moderators at once the second finds none left.
        """
        held = self.held().order_by("pk").select_for_update(of=("self",))
        keys = list(held.values_list("pk", flat=True))
        for some in batched(keys, MOST_KEYS, strict=False):
            self.model.objects.filter(pk__in=some).update(**decision)
        return keys

    def _ask_in_bulk(self, keys):
        for some in batched(keys, MOST_KEYS, strict=False):
            released = self.model.objects.filter(pk__in=some).order_by("pk")
            OutgoingMail.objects.queue_many(
                "signature_question",
                released.values_list("pk", "confirmation__supporter__email"),
                lane=Lane.BULK,
            )

    def invalidations(self):
        """Of the fraud desk, which knows signatures, and so is found by their key."""
        return self.model._meta.get_field("invalidation").related_model.objects

    def _of(self, confirmation):
        signature = self.select_related("petition__campaign").get(
            confirmation=confirmation
        )
        signature.confirmation = confirmation
        return signature
