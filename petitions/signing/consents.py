"""What a signer agrees to, and what follows from withdrawing that."""

from django.utils.translation import gettext_lazy as _

from petitions.names.public_name import SHOWN_NAME
from supporters.consent.taking_back import TakingBack

CONSENTS = {
    "signature": TakingBack(
        _("signature"),
        _("Remove your name?"),
        _(
            "We take your name off the petition and stop counting it. You can sign "
            "again while the petition is open."
        ),
        _("Yes, remove my name"),
        _("No, keep my name"),
        done="withdrawal",
    ),
    SHOWN_NAME: TakingBack(
        _("name on the page"),
        _("Hide your name?"),
        _(
            "We hide your name on the petition’s page. Your signature still "
            "counts. You can show your name again under “Your signatures”."
        ),
        _("Yes, hide my name"),
        done="signature",
    ),
}
