from django.utils.translation import gettext as _

from pages.addresses import absolute
from staff.accounts.roles import called


def values():
    for_one = _("%(role)s, for “%(campaign)s”") % {
        "role": called("Moderators"),
        "campaign": _("The title of the campaign"),
    }
    return {
        "": {
            "username": "bo",
            "reset_url": absolute("/admin/account/password/reset/1-abc/"),
            "subject": _("A count was wrong"),
            "words": _("The count of “I ask the council to help.” was 2 too high."),
            "admin_url": absolute("/admin/"),
            "roles": [called("Campaigners"), for_one],
            "invited_by": "bo",
            "days": 7,
            "accept_url": absolute("/admin/account/invitations/abc/"),
        }
    }
