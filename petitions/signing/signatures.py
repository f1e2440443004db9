"""Signatures, by their state and by whose they are."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, Count, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from petitions.names.public_name import SHOWN_NAME
from petitions.names.shown_as import ShownAs
from petitions.petition import Petition
from supporters.acts.act import HoldableActQuerySet
from supporters.models import Consent
from supporters.notices.choices import Subject
from supporters.notices.models import Report

NAMES_SHOW_AFTER = timedelta(minutes=5)


def _start_of_day(name):
    """The first moment of a column's day on the clocks of the signature's campaign."""
    petition = Petition.objects.filter(pk=OuterRef("petition"))
    zone = Subquery(petition.values("campaign__timezone"))
    return Func(Value("day"), F(name), zone, function="date_trunc")


class SignatureQuerySet(HoldableActQuerySet):
    def counted(self):
        return self.filter(counted=True)

    def unconfirmed(self):
        return super().unconfirmed().filter(invalidation=None)

    def can_be_invalidated(self):
        """Signatures that are counted, or may still be."""
        return self.filter(
            Q(counted=True) | Q(confirmed_at=None),
            invalidation=None,
            withdrawn_at=None,
            rejected_at=None,
            anonymised_at=None,
        )

    def confirmed_newest(self):
        """Confirmed and not withdrawn, the newest first."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at=None).order_by(
            "-confirmed_at"
        )

    def shown(self):
        """Counted, and their owner agreed that the name is shown; newest first."""
        return self.counted().filter(shows_name=True).order_by("-confirmed_at", "-pk")

    def shown_for_readers(self):
        """Those whose name is some minutes old.

        So moderators, and a verdict that comes late, are there before readers.
        """
        moment = timezone.now() - NAMES_SHOW_AFTER
        is_old = Q(name_changed_at=None) | Q(name_changed_at__lte=moment)
        return self.shown().filter(is_old, confirmed_at__lte=moment)

    def anonymise(self):
        """Keep only that somebody signed, on which day and from which country.

        Returns how many. The count stays, since it is the sum of the tally. What the
        signer agreed to is deleted as well: it says that they signed, and by which
        name.
        """
        mine = Report.objects.of_readers().filter(
            subject=Subject.NAME, subject_id__in=self.values("pk")
        )
        mine.delete()
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
            name_changed_at=None,
            canonical_email="",
            seat=None,
            withdrawal_key=None,
            network_hash=None,
            share_code=None,
            salt=None,
            commitment=None,
            created_at=_start_of_day("created_at"),
            confirmed_at=_start_of_day("confirmed_at"),
        )

    def outdated(self):
        """Signatures to delete: as every act, and those that do not count any more.

        They were withdrawn, could not be counted, or were invalidated for good, some
        days ago.
        """
        limit = timezone.now() - timedelta(days=settings.KEEP_WITHDRAWN_DAYS)
        return super().outdated() | self.filter(
            Q(withdrawn_at__lt=limit)
            | Q(
                confirmed_at__lt=limit,
                counted=False,
                withdrawn_at=None,
                invalidation=None,
            )
            | Q(invalidation__in=self.invalidations().final())
        )

    def to_anonymise(self):
        """Counted signatures of petitions that need the names no longer."""
        return self.counted().filter(
            anonymised_at=None, petition__in=Petition.objects.whose_names_go()
        )

    def with_brought(self):
        """Each with `brought`: how many counted signers came by this signer's link."""
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
        """Erase the person of each; see Signer.erase()."""
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
                gettext("shown as"): row.public_name.can_show and row.public_name.line,
                gettext("state"): str(row.signer.state),
                pgettext("signature", "signed"): row.created_at.isoformat(),
                gettext("confirmed"): row.confirmed_at and row.confirmed_at.isoformat(),
                pgettext("signature", "withdrawn"): row.withdrawn_at
                and row.withdrawn_at.isoformat(),
                gettext("came by"): row.referral.came_by,
                gettext("own link"): row.referral.own_link,
                gettext("people counted through it"): row.brought,
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

    def names_of(self, supporters):
        """Supporter, name and country of the newest signature of each of these."""
        given = self.filter(
            confirmation__supporter__in=supporters,
            confirmed_at__isnull=False,
            withdrawn_at=None,
        ).exclude(name="")
        owner = "confirmation__supporter"
        newest = given.order_by(owner, "-confirmed_at").distinct(owner)
        return newest.values_list(owner, "name", "country")

    def for_pages(self):
        return self.select_related("petition")

    def invalidations(self):
        """Invalidations, found by their key, since the fraud desk imports this room."""
        return self.model._meta.get_field("invalidation").related_model.objects
