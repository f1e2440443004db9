"""Notices of illegal content about names of signers: reports, and what settles them.

As with comments (comments/notices.py), a notice waits at the desk where its content is
decided on, and the decision on the name is the decision on the notice.
"""

from django.urls import reverse

from database.sealed import Of, number_sealed_in
from petitions.names import moderation
from petitions.names.models import NameReport
from petitions.signing.models import Signature

_OF_NAME = "petitions:name-report"


def noticed(notice, place):
    """Report the name that a notice is about, if it shows at this place.

    Returns whether it does.
    """
    if place.view != _OF_NAME:
        return False
    shown = Signature.objects.shown().filter(
        pk=number_sealed_in(place.arguments["number"], Of.SIGNATURE),
        petition__campaign=notice.campaign_id,
    )
    if signature := shown.first():
        reason = NameReport.Reason.OF_NOTICE
        signature.public_name.report(reason=reason, network_hash="", notice=notice)
    return bool(signature)


def desk_of_notice(notice):
    """The desk of the name whose report waits with this notice, or ""."""
    waiting = moderation.waiting().filter(
        name_reports__notice=notice, name_reports__answered_at=None
    )
    pk = waiting.values_list("pk", flat=True).first()
    return reverse("admin:petitions_signature_name", args=[pk]) if pk else ""
