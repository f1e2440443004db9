"""The admin of every subject, where Django looks for it."""

import petitions.fraud.admin
import petitions.handover.admin
import petitions.petition_admin
import petitions.referrals.admin
import petitions.signing.admin
