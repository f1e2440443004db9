"""The site as in production, but its page cache forgets every page at once.

So each GET costs what a miss costs: the render and both compressions.
"""

from campaign_site.settings import *  # noqa: F403
from pages import machine_cache

CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
# The web processes of a machine share their pages beside the cache. These settings are
# read before gunicorn.conf.py names the folder for that: so it is looked for elsewhere.
machine_cache.FOLDER = "NO_FOLDER_OF_PAGES"
