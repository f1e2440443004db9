"""Every mail that the site writes, with made-up values, for staff to see beforehand.

An app lists its own in a module `mail_samples`:

    @sample("confirm_signature", gettext_lazy("To a signer. Is the signature theirs?"))
    def confirm_signature():
        return {"petition": …}
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from outbox import mail
from outbox.purposes import title_of_text
from pages.addresses import absolute
from pages.sorting import alphabetical

# Makes the values that a template of a mail is written with.
type Context = Callable[[], dict[str, Any]]
type Text = str | Promise
_SAMPLES: dict[str, Context] = {}
_SENT_TO: dict[str, Text] = {}


def sample(template: str, sent_to: Text) -> Callable[[Context], Context]:
    """Register a function that returns the context of emails/<template>.

    `sent_to` tells staff who gets the mail, and why.
    """

    def register(context):
        _SAMPLES[template] = context
        _SENT_TO[template] = sent_to
        return context

    return register


def names() -> dict[str, Text]:
    """The templates of mails, in the order of their titles, with who gets each."""
    autodiscover_modules("mail_samples")
    found = sorted(_SAMPLES, key=lambda name: alphabetical(str(title_of_text(name))))
    return {name: _SENT_TO[name] for name in found}


def write(name: str, language: str) -> EmailMultiAlternatives:
    """The mail as it would be sent. Raises KeyError for an unknown name."""
    context = {**common(), **_SAMPLES[name]()}
    return mail.write("supporter@mail.example", name, context, language)


def common() -> dict[str, Any]:
    """The values that most mails have in common."""
    return {
        "campaign": SimpleNamespace(
            full_title=_("The title of the campaign"), read_in=""
        ),
        "campaign_url": link(""),
        "code": "123456",
        "days": settings.KEEP_UNCONFIRMED_DAYS,
        "confirmation_url": link("confirmation/"),
        "denial_url": absolute("/questions/key/denial/"),
        "denied_days": settings.KEEP_WITHDRAWN_DAYS,
    }


def link(page: str) -> str:
    return absolute(f"/campaign/{page}")
