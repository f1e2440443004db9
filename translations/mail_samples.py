from types import SimpleNamespace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.samples import sample
from pages.addresses import absolute
from translations.requests import in_days


@sample(
    "translation_asked",
    gettext_lazy("To a volunteer whom a campaigner asks for a translation."),
)
def translation_asked():
    request = SimpleNamespace(
        name="Maria", reads=False, language="es", ends_at=in_days(14)
    )
    return {
        "campaign": SimpleNamespace(full_title=_("The title of the campaign")),
        "request": request,
        "asked_by": "Bo",
        "work_url": absolute("/translations/key/"),
    }


@sample(
    "translation_published",
    gettext_lazy("To a volunteer whose translation is now published."),
)
def translation_published():
    return {
        "campaign": SimpleNamespace(full_title=_("The title of the campaign")),
        "title": _("The title of the campaign"),
        "campaign_url": absolute("/campaign/"),
    }
