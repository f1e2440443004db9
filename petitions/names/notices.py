"""Notices of illegal content about names of signers: reports, and what settles them.

As with comments (comments/notices.py), a notice waits at the desk where its content is
decided on, and the decision on the name is the decision on the notice.
"""

from database.sealed import Of, number_sealed_in
from petitions.names import moderation
from petitions.names.inbox import page_of
from petitions.signing.models import Signature
from supporters.notices.choices import Subject

_OF_NAME = "petitions:name-report"


def noticed(notice, place):
    """Put a notice to the name that it is about, if it shows at this place.

    Returns whether it does.
    """
    if place.view != _OF_NAME:
        return False
    shown = Signature.objects.shown().filter(
        pk=number_sealed_in(place.arguments["number"], Of.SIGNATURE),
        petition__campaign=notice.campaign_id,
    )
    if signature := shown.first():
        notice.subject, notice.subject_id = Subject.NAME, signature.pk
        notice.save(update_fields=["subject", "subject_id"])
    return bool(signature)


def desk_of_notice(notice):
    """The desk of the name that waits with this notice, or ""."""
    if notice.subject != Subject.NAME or not notice.can_be_decided:
        return ""
    pk = notice.subject_id
    return page_of(pk) if moderation.waiting().filter(pk=pk).exists() else ""
