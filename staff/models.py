"""The models of every subject, where Django and the rooms above look for them."""

from staff.accounts.models import LastSuperuser, User
from staff.accounts.sign_ins import SignIn
from staff.alerts.models import Alert
from staff.audit.models import AuditEntry, audit_begins
from staff.invitations.models import Invitation

__all__ = [
    "Alert",
    "AuditEntry",
    "Invitation",
    "LastSuperuser",
    "SignIn",
    "User",
    "audit_begins",
]
