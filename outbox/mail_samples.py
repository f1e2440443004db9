from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.samples import link, sample


@sample(
    "reply_explained",
    gettext_lazy("To a person who answered an email of ours. Where their email went."),
)
def reply_explained() -> dict[str, str]:
    return {"mine_url": link("mine/")}


@sample(
    "reply_forwarded",
    gettext_lazy("To the contact address. What a person wrote to us by email."),
)
def reply_forwarded() -> dict[str, str]:
    return {
        "sender": "ada@mail.example",
        "title": _("The title of the campaign"),
        "words": _("Is there a meeting next week?"),
    }
