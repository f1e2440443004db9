"""The newest rendering of each page, which the web processes of a machine share.

Each process keeps pages of its own (`pages.in_process_cache`), and reads here only when
it would render one. So all show the same until the same moment, and no count goes back
for whoever is answered by one process after another. It is off where Redis does that.
"""

import logging
import os
import time
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache

logger = logging.getLogger(__name__)
# A folder in memory that nobody else may read or write (gunicorn.conf.py).
FOLDER = "PAGES_DIR"
# So many pages of 100 kilobytes, in three encodings, fit into a container's memory.
MOST = 200


def _cache() -> BaseCache:
    folder = os.environ.get(FOLDER)
    params = {"OPTIONS": {"MAX_ENTRIES": MOST}}
    return FileBasedCache(folder, params) if folder else DummyCache("", {})


def get(key: str) -> Any:  # noqa: ANN401
    """What was kept last, or None."""
    try:
        return _cache().get(key)
    except Exception as error:  # of a file that is broken, or cannot be read
        logger.warning("The pages of this machine cannot be read: %s", error)
        return None


def keep(key: str, entry: Any, began: float) -> Any:  # noqa: ANN401
    """Keep an entry, and return it; or one that another process has kept meanwhile.

    None if the page was deleted after its rendering began: it may show what was there
    before.
    """
    if (get(f"{key}:deleted") or 0) > began:
        return None
    kept = get(key)
    if kept is not None and kept.is_fresh:
        return kept
    _set(key, entry)
    return entry


def delete(key: str) -> None:
    """Have the next process render it."""
    _set(f"{key}:deleted", time.time())
    _set(key, None)


def _set(key, value):
    try:
        _cache().set(key, value)
    except OSError as error:
        logger.warning("The pages of this machine cannot be kept: %s", error)
