"""The link in a signer's mails to the page of what their action did.

It is signed and not stored, with the signature's standing key in it: when the signature
is erased, its link opens nothing. Mails are forwarded, so the link alone shows no more
than the mail says. What is personal shows in a browser that has confirmed the address.
"""

from outbox.mailed_keys import key_beside, row_with
from petitions.signing.models import Signature

_PAGE = "withdrawal_key", "petitions.own page"


def key_of(signature):
    """The key in the link of this signature."""
    return key_beside(signature, *_PAGE)


def signature_of(petition, key):
    """The signature of this petition that a link is about, or None."""
    signatures = Signature.objects.filter(
        petition=petition.pk,
        withdrawal_key__isnull=False,
        confirmed_at__isnull=False,
    )
    joined = signatures.select_related("confirmation__supporter")
    found = row_with(joined, key, *_PAGE)
    if found:
        found.petition = petition
    return found
