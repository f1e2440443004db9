from typing import Any

from django.utils.translation import gettext as _


def values() -> dict[str, dict[str, Any]]:
    return {
        "": {
            "sender": "ada@mail.example",
            "title": _("The title of the campaign"),
            "words": _("Is there a meeting next week?"),
        }
    }
