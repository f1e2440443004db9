"""The models of every subject, where Django and the rooms above look for them."""

from staff.accounts.models import LastSuperuser, User
from staff.accounts.sign_ins import SignIn
from staff.alerts.models import ABOVE_SHARE, Alert
from staff.audit.models import AuditEntry
from staff.invitations.models import Invitation

__all__ = [
    "ABOVE_SHARE",
    "Alert",
    "AuditEntry",
    "Invitation",
    "LastSuperuser",
    "SignIn",
    "User",
]
