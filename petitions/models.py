from petitions.counting.chain import Link
from petitions.counting.models import DayCount, TallyEntry
from petitions.fraud.models import Invalidation, InvalidationQuerySet
from petitions.handover.models import Bundle, BundleQuerySet
from petitions.names.models import NameReport, NameReportQuerySet
from petitions.paper.lines import Match, NotBeingEntered, PaperLine
from petitions.paper.models import CannotCount, PaperBatch, PaperBatchQuerySet
from petitions.paper.scans import PaperScan
from petitions.petition import Petition, PetitionClosed, PetitionQuerySet, Standing
from petitions.referrals.models import Source
from petitions.signing.models import (
    SHOWN_NAME,
    NameDecision,
    Signature,
    SignatureQuerySet,
    SignedAlready,
    make_withdrawal_key,
)
from petitions.signing.shown_as import ShownAs

__all__ = [
    "SHOWN_NAME",
    "Bundle",
    "BundleQuerySet",
    "CannotCount",
    "DayCount",
    "Invalidation",
    "InvalidationQuerySet",
    "Link",
    "Match",
    "NameDecision",
    "NameReport",
    "NameReportQuerySet",
    "NotBeingEntered",
    "PaperBatch",
    "PaperBatchQuerySet",
    "PaperLine",
    "PaperScan",
    "Petition",
    "PetitionClosed",
    "PetitionQuerySet",
    "ShownAs",
    "Signature",
    "SignatureQuerySet",
    "SignedAlready",
    "Source",
    "Standing",
    "TallyEntry",
    "make_withdrawal_key",
]
