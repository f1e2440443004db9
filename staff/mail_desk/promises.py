"""What we promise of our mails, and of our pages."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outbox.models import OutgoingMail, PausedDomain
from staff.promises import SITE, SITE_DAYS, Promise


def promises():
    return [
        Promise(
            name="mails",
            title=_("Each email leaves when it is due"),
            says=(
                "We are sending an email to ….",
                "Our email goes to ….",
                "Our email goes to the address that this was done with.",
                "We are sending a new email to ….",
                "We are sending a new email.",
                "the next one usually comes within an hour.",
                "We can email you a link for that.",
                "For anything else, we ask you as before.",
                "We will not email you about this again for at least one day.",
                "We email you about it again only if a moderator hides it.",
                "We email you a summary each Monday.",
                "We email you a link and a code.",
                "We email you and ask you to confirm.",
                "First we email you and ask you to confirm.",
                "If you do not confirm within … hours, we remind you once.",
                "we email you a link.",
                "We email a link to the address we hold for you, ….",
                "We can email you a new one.",
                "We also email the old address.",
                "From now on we write to you in this language.",
                "…we email you only in 2 cases:",
                "If we hide yours, we tell you why.",
                "If we hide your comment, we tell you the reason by email.",
                "We email you if you ask us to, and if we hide your comment.",
                "We email you when your comment is hidden.",
                "Then we ask you again, and you can confirm it.",
                "Email me when my comment is shown",
                "it leaves as soon as our mail service takes it.",
                "trying again soon",
                "We email you that answer once.",
                "We will email you the result.",
                "if you ask us to, or if something you sent is rejected, hidden, "
                "deleted or not delivered.",
                "If there is another reason, we tell the person who posted the "
                "comment.",
                "We send you this once, because you wrote to them.",
                "If a moderator has hidden it, we email you the reason.",
                "We will ask you to confirm it by email, then thank you once.",
                "If you enter another one, we will first ask you to confirm it by "
                "email.",
                "We will send you one thank-you email.",
                "When we count your name, we send you one thank-you email.",
                "If you have not confirmed it here yet, we will ask you to confirm it.",
            ),
            keeper=SITE,
            rows=lambda: OutgoingMail.objects.open().exclude(
                domain__in=PausedDomain.objects.values("domain")
            ),
            since="due_at",
            within=(SITE_DAYS,),
            page=lambda: reverse("admin:outbox_outgoingmail_changelist"),
            permission="outbox.view_outgoingmail",
        ),
        Promise(
            name="pages",
            title=_("Pages show a change within a minute"),
            says=(
                "The page changes within a minute.",
                "The pages change within a minute.",
                "All our pages show this within a minute.",
            ),
            keeper=SITE,
            how=_("No copy of a page that the site keeps for readers is older."),
        ),
    ]
