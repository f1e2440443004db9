"""The admin of every subject, where Django looks for it."""

from supporters.follow import admin as follow
from supporters.personal_data import admin as personal_data
from supporters.personal_data import erasure_requests_admin

__all__ = ["erasure_requests_admin", "follow", "personal_data"]
