"""The link in a signer's mails to the page of what their action did.

It is signed and not stored, with the signature's standing key in it: when the signature
is erased, its link opens nothing. Mails are forwarded, so the link alone shows no more
than the mail says. What is personal shows in a browser that has confirmed the address.
"""

from django.core import signing

from outbox.mailed_keys import signer
from petitions.signing.models import Signature


def key_of(signature):
    """The key in the link of this signature."""
    return _signer(signature).sign(str(signature.pk))


def signature_of(petition, key):
    """The signature of this petition that a link is about, or None."""
    pk = key.partition(".")[0]
    found = (
        Signature.objects.filter(
            petition=petition.pk,
            pk=pk if pk.isdecimal() and len(pk) < _LONGEST_PK else None,
            withdrawal_key__isnull=False,
            confirmed_at__isnull=False,
        )
        .select_related("confirmation__supporter")
        .first()
    )
    if found is None:
        return None
    try:
        _signer(found).unsign(key)
    except signing.BadSignature:
        return None
    found.petition = petition
    return found


_LONGEST_PK = 19


def _signer(signature):
    return signer(f"petitions.own page {signature.withdrawal_key}")
