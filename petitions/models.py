from petitions.counting.chain import Link
from petitions.counting.models import (
    CountryDayCount,
    DayCount,
    ReferralDayCount,
    TallyEntry,
)
from petitions.elsewhere import ElsewhereTotal
from petitions.fraud.models import Invalidation
from petitions.handover.models import Bundle
from petitions.names.public_name import NameDecision
from petitions.names.shown_as import ShownAs
from petitions.petition import Petition, PetitionClosed, PetitionQuerySet, Standing
from petitions.referrals.models import ReferralLink
from petitions.signing.mail_hours import MailHour
from petitions.signing.models import Signature

__all__ = [
    "Bundle",
    "CountryDayCount",
    "DayCount",
    "ElsewhereTotal",
    "Invalidation",
    "Link",
    "MailHour",
    "NameDecision",
    "Petition",
    "PetitionClosed",
    "PetitionQuerySet",
    "ReferralDayCount",
    "ReferralLink",
    "ShownAs",
    "Signature",
    "Standing",
    "TallyEntry",
]
