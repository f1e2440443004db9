from django.conf import settings


def site(request):
    """Name and addresses for every template.

    Settings only: a public page is cached for everybody and must learn nothing from
    the request that its address does not say.
    """
    return {
        "site": {
            "name": settings.SITE_NAME,
            "url": settings.SITE_URL,
            "contact_email": settings.CONTACT_EMAIL,
            "controller": settings.CONTROLLER,
            "from_email": settings.SERVER_EMAIL,
        }
    }
