"""Who has passed a petition on: the links of supporters, in both directions."""

from django.utils.functional import cached_property
from django.utils.translation import gettext

from campaigns.sharing import CHANNELS, LONGEST, with_referral
from pages.addresses import absolute


class Referral:
    """The link by which a signer came, and their own, as `signature.referral`."""

    def __init__(self, signature):
        self._signature = signature

    @property
    def own_link(self):
        """The campaign's address with this signer's code; empty if there is none."""
        code = self._signature.share_code
        if not code:
            return ""
        return with_referral(
            absolute(self._signature.campaign.get_absolute_url()), code
        )

    @property
    def came_by(self):
        """By which link this signer came, in words; empty when that is not known."""
        code = self._signature.referral_code
        if not code:
            return ""
        if len(code) == LONGEST:
            return gettext("the link of another supporter")
        links = self._signature.petition.referral_links.all()
        own = {each.code: each.name for each in links}
        return str({**CHANNELS, **own}.get(code, code))

    @cached_property
    def brought(self):
        """How many counted signers came by this signer's link.

        For a list of signatures, their queryset has `with_brought()`.
        """
        signature = self._signature
        if not signature.share_code:
            return 0
        counted = type(signature).objects.counted()
        came = counted.filter(
            petition=signature.petition_id, referral_code=signature.share_code
        )
        return came.count()
