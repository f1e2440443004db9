from petitions.models.bundle import Bundle, BundleQuerySet
from petitions.models.chain import Link
from petitions.models.invalidation import Invalidation, InvalidationQuerySet
from petitions.models.name_report import NameReport, NameReportQuerySet
from petitions.models.paper import (
    CannotCount,
    Match,
    NotBeingEntered,
    PaperBatch,
    PaperBatchQuerySet,
    PaperLine,
    PaperScan,
)
from petitions.models.petition import (
    Petition,
    PetitionClosed,
    PetitionQuerySet,
    Standing,
)
from petitions.models.shown_as import ShownAs
from petitions.models.signature import (
    SHOWN_NAME,
    NameDecision,
    Signature,
    SignatureQuerySet,
    SignedAlready,
    make_withdrawal_key,
)
from petitions.models.source import Source
from petitions.models.tally import DayCount, TallyEntry

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
