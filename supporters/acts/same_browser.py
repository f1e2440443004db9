"""The cookie by which the browser that sent a form confirms by opening the mailed link.

The link proves the mailbox, and the cookie that it was opened where the form was sent.
A mail scanner has the link alone, so it confirms nothing (decision 10). Every post of a
form in which somebody fills in an act sets the cookie, whatever becomes of the act. It
holds the keys of the newest questions, which the addresses of their pages hold, too.
"""

from datetime import timedelta

from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.cookies import SignedCookie

LASTS = timedelta(days=1)
# Somebody signs, comments and follows, and looks for the mails afterwards.
MOST = 4
COOKIE = SignedCookie(
    "posted",
    who=_("You, after you have sent a form that we ask you to confirm by email"),
    words=_(
        "It lets the link in our email confirm right away, if you open it in this "
        "browser. For a letter, we still ask you to press a button."
    ),
    lasts=_("For one day, or until you have confirmed"),
    # The link is opened from another site, that of the webmail.
    samesite="Lax",
)


def to_inbox(request, act):
    """Lead to the page of the act's inbox, and let this browser confirm the act."""
    response = HttpResponseRedirect(act.inbox_url)
    if act.confirms_by_itself:
        _keep(response, [*_keys_in(request), act.confirmation.pk][-MOST:])
    return response


def has_sent(request, act):
    """Whether this browser sent the form of the act, or one that says the same, today.

    Posts that say the same are one mail, which asks about the first of them.
    """
    asked, keys = act.confirmation, _keys_in(request)
    if not (keys and act.confirms_by_itself):
        return False
    if asked.created_at + LASTS <= timezone.now():
        return False
    return asked.pk in keys or asked.is_asked_instead_of(keys)


def forget(request, response, act):
    """Take the act out of the cookie: its question is answered."""
    keys = _keys_in(request)
    others = [key for key in keys if key != act.confirmation.pk]
    if others != keys:
        _keep(response, others)


def _keep(response, keys):
    if keys:
        COOKIE.remember(response, keys, LASTS)
    else:
        COOKIE.forget(response)


def _keys_in(request):
    return COOKIE.value_in(request, LASTS) or []
