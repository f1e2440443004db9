import re
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache

from django.conf import settings

from branding import models

# Names that lead nowhere, for examples and tests (RFC 2606).
_EXAMPLE = re.compile(
    r"(.+[@.])(example(\.(com|net|org))?|test|invalid|localhost)", re.I
)
# Those of the site in bin/dev, and of deploy/environment.example.
EXAMPLE_STREETS = ("1 Example Street", "1 Our Street")


def is_an_examples(address):
    """Whether nobody can have this email address: it leads nowhere."""
    return bool(_EXAMPLE.fullmatch(address))


@dataclass(frozen=True)
class Site:
    name: str
    url: str
    contact_email: str
    controller: str  # on one line; the lines as they were written are below
    controller_lines: str
    sender_name: str
    from_email: str
    description: str
    stylesheet: str
    logo: str
    logo_width: int
    logo_height: int
    logo_says_name: bool
    icon: str
    has_about: bool
    has_imprint: bool

    @property
    def is_example(self):
        """Whether nobody is behind its contact or its address yet: an example’s."""
        return any(
            street in self.controller for street in EXAMPLE_STREETS
        ) or is_an_examples(self.contact_email)

    @property
    def colours(self):
        """Colours of mails, pictures and paper, by name."""
        return models.current().colours


def the_site():
    """Name, addresses and look of the site, from the desk or else from the settings."""
    own = models.current()
    name = own.name or settings.SITE_NAME
    lines = own.controller or settings.CONTROLLER
    return Site(
        name=name,
        url=settings.SITE_URL,
        contact_email=own.contact_email or settings.CONTACT_EMAIL,
        controller=", ".join(filter(None, map(str.strip, lines.splitlines()))),
        controller_lines=lines,
        sender_name=own.sender_name
        or own.name
        or _name_in(settings.DEFAULT_FROM_EMAIL)
        or name,
        from_email=settings.SERVER_EMAIL,
        description=own.said("description"),
        stylesheet=own.stylesheet_url,
        logo=own.logo_url,
        logo_width=own.logo_width,
        logo_height=own.logo_height,
        logo_says_name=own.logo_says_name,
        icon=own.icon_url,
        has_about=own.shown("about") is not None,
        has_imprint=own.shown("imprint") is not None,
    )


@cache
def _name_in(address):
    return parseaddr(address)[0]


def site(request):
    """What every template may say of the site.

    It holds nothing of the request: a public page is cached for everybody and must
    contain nothing that its address does not say.
    """
    return {"site": the_site()}
