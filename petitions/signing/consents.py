"""What a signer agrees to, and what follows from withdrawing that."""

from django.utils.translation import gettext_lazy as _

from petitions.names.public_name import SHOWN_NAME
from supporters.consent.taking_back import TakingBack

CONSENTS = {
    "signature": TakingBack(
        _("Take your signature back?"),
        _(
            "Your name comes off the petition and is not counted any more. You can "
            "sign again only while the petition is open, from the beginning."
        ),
        _("Yes, take my signature back"),
        _("No, keep my signature"),
    ),
    SHOWN_NAME: TakingBack(
        _("Hide your name?"),
        _(
            "Your name is hidden on the petition’s page. Your signature still counts. "
            "Under “Your signatures” you can show your name again."
        ),
        _("Yes, hide my name"),
    ),
}
