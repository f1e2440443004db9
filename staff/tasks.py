"""The tasks of every subject, where the queue looks for them."""

from staff.accounts import tasks as accounts
from staff.alerts import tasks as alerts
from staff.invitations import tasks as invitations

__all__ = ["accounts", "alerts", "invitations"]
