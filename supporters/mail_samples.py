from django.conf import settings

from campaign_site.addresses import absolute
from campaign_site.mail_samples import sample


@sample("my_page")
def my_page():
    """To who asked to see what is stored about them."""
    return {
        "minutes": settings.MY_PAGE_LINK_MINUTES,
        "opening_url": absolute("/mine/key/opening/"),
        "my_page_url": absolute("/mine/"),
    }
