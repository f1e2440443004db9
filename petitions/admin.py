"""The admin of every subject, where Django looks for it."""

from petitions import petition_admin
from petitions.fraud import admin as fraud
from petitions.handover import admin as handover
from petitions.paper import admin as paper
from petitions.referrals import admin as referrals
from petitions.signing import admin as signing

__all__ = ["fraud", "handover", "paper", "petition_admin", "referrals", "signing"]
