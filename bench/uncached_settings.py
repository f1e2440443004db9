"""The site as in production, but its page cache forgets every page at once.

So each GET costs what a miss costs: the render and both compressions.
"""

from campaign_site.settings import *  # noqa: F403

CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
