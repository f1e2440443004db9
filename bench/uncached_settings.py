"""The site as in production, but its page cache forgets every page at once.

So each GET costs what a miss costs: the render and both compressions.
"""

import os

from campaign_site.settings import *  # noqa: F403
from pages.machine_cache import FOLDER

CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
# The web processes of a machine share their pages beside the cache (gunicorn.conf.py).
os.environ.pop(FOLDER, None)
