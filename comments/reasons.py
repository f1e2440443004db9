"""Why a comment is hidden, in words for everybody."""

from django.utils.translation import gettext_lazy as _

# Reasons for hiding: the writer reads them, and the public page counts them.
HIDING_REASONS = {
    "threat": _("It threatens or insults somebody."),
    "hate": _("It attacks people because of who they are."),
    "private": _("It shows somebody’s private details."),
    "unproven": _("It accuses somebody without evidence."),
    "off-topic": _("It is about something else."),
    "advert": _("It advertises something."),
    "other": _("Another reason."),
    "spam": _("It looks like spam."),
    "law": _("It is against the law."),
}
# Why a comment is off the page that nobody has decided on: its owner has denied it.
DENIED = "denied"
WHY_HIDDEN = {
    **HIDING_REASONS,
    DENIED: _("The owner of the email address says that it is not theirs."),
}
# Reasons of hiding that need words of the moderator.
NEED_WORDS = {
    "law": _("Say which law, and why it is against it."),
    "other": _("Say what the reason is."),
}
