from types import SimpleNamespace

from django.utils.translation import gettext as _

from outbox.samples import link, sample


def _petition():
    return {
        "petition": SimpleNamespace(ask=_("The sentence that people sign.")),
        "withdrawal_url": link("withdrawal/"),
    }


@sample("confirm_signature")
def confirm_signature():
    """To whoever signed: was it you?"""
    return _petition()


@sample("remind_signature")
def remind_signature():
    """To whoever signed and has not confirmed a day later: once, and never again."""
    return _petition()


@sample("signature_invalidated")
def signature_invalidated():
    """To whoever asks for the mail again after staff took the signature out."""
    return _petition()


@sample("already_signed")
def already_signed():
    """To whoever signs and asks for the mail again after having confirmed."""
    return _petition()


@sample("signature_withdrawn")
def signature_withdrawn():
    """To whoever asks for the mail again after having taken the name back."""
    return _petition()
