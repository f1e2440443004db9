"""JSON-LD, just where a program is documented to read it.

Google Search reads `WebSite` for the site's name in its results, and `Organization` for
the logo, both on the home page (developers.google.com/search/docs/appearance/site-names
and …/structured-data/logo). It reads `NewsArticle` for title, day and picture of news
(…/structured-data/article). Campaigns and petitions have no such reader, and so none.
"""

from django.templatetags.static import static
from django.utils.html import json_script
from django.utils.safestring import mark_safe

from branding.site import the_site
from pages.addresses import absolute


def of_home():
    """What the home page says of the site and of who runs it."""
    site = the_site()
    organisation = {**_us(site), "@id": f"{site.url}/#us"}
    icon = site.icon or static("img/apple-touch-icon.png")
    organisation["logo"] = absolute(icon)
    about = {"@type": "WebSite", "name": site.name, "url": f"{site.url}/"}
    return _script({"@graph": [about, organisation]})


def of_update(update):
    """What the page of a published update says of it, in the language of the page."""
    site = the_site()
    news = {
        "@type": "NewsArticle",
        "headline": update.title,
        "datePublished": update.published_at.isoformat(),
        "author": _us(site),
    }
    if update.picture:
        news["image"] = [update.shared_picture_url]
    return _script(news)


def _us(site):
    return {"@type": "Organization", "name": site.name, "url": f"{site.url}/"}


def _script(data):
    """A block of data, which no browser runs; Django escapes what could end it."""
    html = json_script({"@context": "https://schema.org", **data})
    return mark_safe(html.replace("application/json", "application/ld+json", 1))
