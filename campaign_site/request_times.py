"""How long answers take, by view and kind of status, added up over all web processes.

Each process writes its numbers into a file of its own, which any of them can read
(PROMETHEUS_MULTIPROC_DIR, gunicorn.conf.py). It costs a page from the cache some
microseconds (decision 67), and nothing where nobody watches. A view is named as in
urls.py, so that no address, and no key in one, is kept.
"""

import time
from functools import cache

from django.conf import settings

# In seconds. A page from the cache takes less than the first.
STEPS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
NO_VIEW = "none"


def begin():
    return time.perf_counter()


def note(view, status, began):
    """Note that an answer is ready that was begun then; `view` is its name, if any."""
    if settings.METRICS_TOKEN:
        seconds = time.perf_counter() - began
        _of(view or NO_VIEW, f"{status // 100}xx").observe(seconds)


@cache
def _of(view, status):
    return histogram().labels(view, status)


@cache
def histogram():
    from prometheus_client import Histogram

    return Histogram(
        "campaign_request_seconds",
        "Seconds until an answer was ready, by view and kind of status.",
        ["view", "status"],
        buckets=STEPS,
        registry=None,
    )
