"""What a known browser signs with: name and place of its owner's last signature."""

from functools import cached_property

from django.http import QueryDict

from pages.countries import country_of_clocks
from petitions.signing.forms import FilledInForm
from petitions.signing.models import Signature
from supporters.my_page import browser
from supporters.people import names


class KnownSigner:
    """The owner of a known browser, under one petition."""

    def __init__(self, supporter, petition):
        self.supporter = supporter
        self._petition = petition

    @classmethod
    def of(cls, request, petition):
        """The signer for whom this browser may sign, or None."""
        supporter = browser.supporter_of(request)
        return supporter and cls(supporter, petition)

    @cached_property
    def last(self):
        """The newest signature that they have confirmed, under any petition, or None.

        One whose name a moderator has hidden is none: its name must be looked at again.
        """
        mine = Signature.objects.of_supporter(self.supporter).confirmed_newest()
        return mine.filter(name_hidden_at=None).first()

    @cached_property
    def counted(self):
        """Their signature that counts here, or None."""
        mine = self._petition.signatures.of_supporter(self.supporter)
        return mine.counted().first()

    @property
    def form(self):
        """The form of somebody who has not signed yet, with what is known already."""
        campaign = self._petition.campaign
        name, _place = self.supporter.details(campaign) or ("", "")
        return FilledInForm(
            initial={"name": name, "email": self.supporter.email},
            likely_country=country_of_clocks(campaign.timezone),
        )

    @property
    def called(self):
        """Enough of the name that they know themselves; others may use the device."""
        return names.short(self.last.name)

    @property
    def shown_line(self):
        """What the page will show of name and place; "" if nothing."""
        return self.last.public_name.line if self.last.shows_name else ""

    def fill_in(self, posted):
        """What the button has sent, with name and place that it did not ask for."""
        filled = posted.copy()
        if self.last:
            # Its owner has seen the name as it will show, on the page with the button.
            for name, value in {**self.last.as_typed, "looked_at": "1"}.items():
                filled.setdefault(name, value)
        return filled

    def fill_in_unseen(self, posted):
        """The same for whoever has only a link: they choose nothing, no name shows."""
        filled = QueryDict(mutable=True)
        for name in ("name", "city", "country"):
            filled[name] = self.last.as_typed[name]
        if "hears_outcome" in posted:
            filled["hears_outcome"] = posted["hears_outcome"]
        return filled
