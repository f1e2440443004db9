"""What the writer of a comment agrees to, and what follows from withdrawing that."""

from django.utils.translation import gettext_lazy as _

from supporters.consent.taking_back import TakingBack

CONSENTS = {
    "comment": TakingBack(
        _("comment"),
        _("Delete your comment?"),
        _(
            "We delete its text, your name and your address. We leave “removed by "
            "its writer” in its place. You cannot undo this."
        ),
        _("Yes, delete my comment"),
        _("No, keep my comment"),
        done="comment",
    ),
    "comment news": TakingBack(
        _("email when a comment is shown"),
        _("Stop these emails?"),
        _("We will not email you when this comment is shown."),
        _("Yes, stop them"),
        done="stopped",
    ),
    "comment replies": TakingBack(
        _("emails about replies"),
        _("Stop these emails?"),
        _("We will no longer email you when somebody replies to this comment."),
        _("Yes, stop them"),
        done="stopped",
    ),
}
