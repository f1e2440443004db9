"""The tasks of every subject, where the queue looks for them."""

from supporters.acts import tasks as acts
from supporters.follow import sending
from supporters.follow import tasks as follow
from supporters.my_page import tasks as my_page
from supporters.personal_data import tasks as personal_data

__all__ = ["acts", "follow", "my_page", "personal_data", "sending"]
