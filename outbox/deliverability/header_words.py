"""The words for what the headers of a mail say of how it came."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outbox.deliverability.headers import HeaderResult
from outbox.deliverability.words import STATES, Found

_CHECKED = _("The server that took the email has checked this, and it fits.")
_NOT_SAID = _("The headers do not say.")
HEADERS: dict[str, tuple[str | Promise, Found, Promise]] = {
    "sender_other": (
        _("Sender"),
        Found.WRONG,
        _("This email is not from us. Paste the headers of the test email."),
    ),
    "spf_pass": ("SPF", Found.GOOD, _CHECKED),
    "spf_fail": (
        "SPF",
        Found.WRONG,
        _("The server that sent the email may not send for our domain."),
    ),
    "spf_silent": ("SPF", Found.UNKNOWN, _NOT_SAID),
    "dkim_pass": ("DKIM", Found.GOOD, _CHECKED),
    "dkim_fail": (
        "DKIM",
        Found.WRONG,
        _(
            "The email has no signature that fits. Ask your mail service whether it "
            "signs for our domain."
        ),
    ),
    "dkim_silent": ("DKIM", Found.UNKNOWN, _NOT_SAID),
    "dmarc_pass": ("DMARC", Found.GOOD, _CHECKED),
    "dmarc_fail": (
        "DMARC",
        Found.WRONG,
        _(
            "Neither SPF nor DKIM fits the domain of our sender, or there is no DMARC "
            "record."
        ),
    ),
    "dmarc_silent": ("DMARC", Found.UNKNOWN, _NOT_SAID),
    "way_encrypted": ("TLS", Found.GOOD, _("The email came encrypted.")),
    "way_open": ("TLS", Found.WRONG, _("The email came without encryption.")),
    "way_nameless": (
        "PTR",
        Found.WRONG,
        _("The server that sent the email has no name that leads back to it."),
    ),
    "spam_few": (_("Spam points"), Found.GOOD, _("The filter took it for no spam.")),
    "spam_many": (
        _("Spam points"),
        Found.WRONG,
        _("The filter takes emails like this one for spam."),
    ),
    "spam_silent": (_("Spam points"), Found.UNKNOWN, _NOT_SAID),
}


def said_of_headers(result: HeaderResult) -> dict[str, str | Promise]:
    """What people read of a result, by name."""
    title, state, words = HEADERS[result.name]
    return {"title": title, "state": state, "in_words": STATES[state], "words": words}
