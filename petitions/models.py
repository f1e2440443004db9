from petitions.counting.chain import Link
from petitions.counting.models import (
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
from petitions.signing.models import Signature
