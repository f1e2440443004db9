from petitions.counting.chain import Link
from petitions.counting.models import DayCount, TallyEntry
from petitions.fraud.models import Invalidation, InvalidationQuerySet
from petitions.handover.models import Bundle, BundleQuerySet
from petitions.names.models import NameReport, NameReportQuerySet
from petitions.names.public_name import NameDecision
from petitions.names.shown_as import ShownAs
from petitions.paper.lines import Match, NotBeingEntered, PaperLine
from petitions.paper.models import CannotCount, PaperBatch, PaperBatchQuerySet
from petitions.paper.scans import PaperScan
from petitions.petition import Petition, PetitionClosed, PetitionQuerySet, Standing
from petitions.referrals.models import ReferralLink
from petitions.signing.models import Signature

__all__ = [
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
    "ReferralLink",
    "ShownAs",
    "Signature",
    "Standing",
    "TallyEntry",
]
