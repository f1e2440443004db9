from types import SimpleNamespace

from django.utils.translation import gettext as _

from pages.addresses import absolute
from volunteers.requests import in_days


def values():
    return {
        "": {
            "request": SimpleNamespace(
                name="Maria", reads=False, language="es", ends_at=in_days(14)
            ),
            "asked_by": "Bo",
            "work_url": absolute("/translations/key/"),
            "title": _("The title of the campaign"),
        }
    }
