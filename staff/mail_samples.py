from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.samples import sample
from pages.addresses import absolute
from staff.accounts.roles import called


@sample(
    "password_reset",
    gettext_lazy(
        "To staff who have forgotten their password. The link to choose a new one."
    ),
)
def password_reset():
    link = absolute("/admin/account/password/reset/1-abc/")
    return {"username": "bo", "reset_url": link}


@sample("alert", gettext_lazy("To the campaigners. Something needs a person."))
def alert():
    subject = _("A count was wrong")
    words = _("The count of “I ask the council to help.” was 2 too high.")
    return {"subject": subject, "words": words, "admin_url": absolute("/admin/")}


@sample(
    "invitation",
    gettext_lazy("To a new member of staff. The link to make an account."),
)
def invitation():
    for_one = _("%(role)s, for “%(campaign)s”") % {
        "role": called("Moderators"),
        "campaign": _("The title of the campaign"),
    }
    return {
        "roles": [called("Campaigners"), for_one],
        "invited_by": "bo",
        "days": 7,
        "accept_url": absolute("/admin/account/invitations/abc/"),
    }
