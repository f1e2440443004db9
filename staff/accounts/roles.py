"""What the roles that come with the site are called, in the language of each reader.

The database holds one name of a role, by which code finds it. What people read is what
`str()` says of the group: in lists, filters, forms and mails alike.
"""

from django.contrib.auth.models import Group
from django.utils.translation import pgettext_lazy

NAMES = {
    "Campaigners": pgettext_lazy("role", "Campaigners"),
    "Moderators": pgettext_lazy("role", "Moderators"),
}


def called(name):
    """The role of this name, as people read it; one that a group made is as typed."""
    return str(NAMES.get(name, name))


Group.add_to_class("__str__", lambda group: called(group.name))
