from types import SimpleNamespace

from django.utils.translation import gettext as _

from outbox.samples import sample
from pages.addresses import absolute


@sample("password_reset")
def password_reset():
    """To staff who have forgotten their password: the link to choose a new one."""
    link = absolute("/admin/account/password/reset/1-abc/")
    return {"username": "bo", "reset_url": link}


@sample("alert")
def alert():
    """To the campaigners: something that a person should look at."""
    words = _("The count of “I ask the council to help.” was 2 too high.")
    return {"alert": SimpleNamespace(words=words), "admin_url": absolute("/admin/")}


@sample("invitation")
def invitation():
    """To somebody who is invited to work here: the link to an account."""
    return {
        "group": "Campaigners",
        "invited_by": "bo",
        "days": 7,
        "accept_url": absolute("/admin/account/invitations/abc/"),
    }
