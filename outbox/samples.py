"""Every mail that the site writes, with made-up values, for staff to see beforehand.

A room whose mails need more values than all have in common has a module `mail_samples`.
Its `values()` returns them by the template; those of "" are for all of the room.
"""

from functools import cache
from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from outbox import mail
from outbox.purposes import all_purposes, title_of
from pages.addresses import absolute
from pages.sorting import alphabetical


def names() -> dict[str, str | Promise]:
    """The templates of mails with their titles, in the order of these."""
    found = {text: title for text, (_room, title) in _texts().items()}
    return dict(sorted(found.items(), key=lambda pair: alphabetical(str(pair[1]))))


def write(name: str, language: str) -> EmailMultiAlternatives:
    """The mail as it would be sent. Raises KeyError for an unknown name."""
    room, _title = _texts()[name]
    values = _values_of(room)
    context = {**_common(), **values.get("", {}), **values.get(name, {})}
    return mail.write("supporter@mail.example", name, context, language)


def link(page: str) -> str:
    return absolute(f"/campaign/{page}")


def campaign() -> SimpleNamespace:
    title = _("The title of the campaign")
    return SimpleNamespace(title=title, full_title=title, read_in="", language="")


@cache
def _texts():
    """Each template of a mail: the room and the title of its purpose.

    What a campaign or a supporter writes has no template.
    """
    return {
        text: (type(purpose).__module__.partition(".")[0], title_of(name, text))
        for name, purpose in all_purposes().items()
        for text in (name, *purpose.titles)
        if _has_template(text)
    }


def _values_of(room):
    if not module_has_submodule(import_module(room), "mail_samples"):
        return {}
    return import_module(f"{room}.mail_samples").values()


def _has_template(text):
    try:
        return bool(get_template(f"emails/{text}.txt"))
    except TemplateDoesNotExist:
        return False


def _common():
    return {
        "campaign": campaign(),
        "campaign_url": link(""),
        "code": "123456",
        "days": settings.KEEP_UNCONFIRMED_DAYS,
        "confirmation_url": link("confirmation/"),
        "denial_url": absolute("/questions/key/denial/"),
        "denied_days": settings.KEEP_WITHDRAWN_DAYS,
        "mine_url": absolute("/mine/"),
    }
