"""The admin of every subject, where Django looks for it."""

from staff.accounts import admin as accounts
from staff.alerts import admin as alerts
from staff.audit import admin as audit
from staff.invitations import admin as invitations

__all__ = ["accounts", "alerts", "audit", "invitations"]
