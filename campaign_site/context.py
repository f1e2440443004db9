from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Site:
    name: str
    url: str
    contact_email: str
    controller: str
    from_email: str


def site(request):
    """Name and addresses for every template.

    Settings only: a public page is cached for everybody and must learn nothing from
    the request that its address does not say.
    """
    return {
        "site": Site(
            name=settings.SITE_NAME,
            url=settings.SITE_URL,
            contact_email=settings.CONTACT_EMAIL,
            controller=settings.CONTROLLER,
            from_email=settings.SERVER_EMAIL,
        )
    }
