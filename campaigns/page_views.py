"""How often the pages of a campaign are read: counted in the process, stored as sums.

The page cache answers before all else, so a view may cost next to nothing there: a
number in memory grows by one. Some seconds later a thread adds all numbers to the
database in one statement. A process that ends adds its last ones (gunicorn.conf.py). No
cookie is set, and nothing about the reader is kept, not even in memory.

Where nginx answers most readers from its own cache, it counts them (deploy/nginx.conf).
It writes the name of the page that was read, and nothing else, into a file for each
minute below READERS. These files are added up here.
"""

import logging
import os
import re
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from campaigns.models.page_views import PageViews

logger = logging.getLogger(__name__)
SECONDS = 10
# The clocks of all zones go alike within so many seconds.
QUARTER = 900
# Words in the User-Agent of programs. Most programs name their web page, which no
# browser does.
PROGRAMS = re.compile(
    r"https?:|(?<!cu)bot|crawl|spider|slurp|preview|fetch|facebookexternal|whatsapp|"
    r"curl|wget|python|java/|okhttp|go-http|http-?client|libwww|axios|ruby|perl|"
    r"headless|lighthouse|monitor|uptime|pingdom|scrapy|archive",
    re.IGNORECASE,
)
# nginx writes into the file of a minute for some moments after it.
MINUTE_IS_OVER_AFTER = 90
# Who has taken a file for so long has ended before reading it.
TAKEN_AFTER = 3600
_LINE = re.compile(r"(\d{1,18})-([a-z]+)\n")
_numbers = Counter()
_lock = threading.Lock()
_timers = []


def named(response, campaign, page):
    """Give a view's answer the name of the page as which each reading of it counts.

    If nginx answers readers itself, it counts by this name (deploy/nginx.conf). If not,
    it takes the page as stale since 1970: it keeps it for when the site is away, and
    asks for it at every reading, so that we count.
    """
    response.read_as = (campaign.pk, page.value)
    if settings.READERS:
        response["X-Read-As"] = f"{campaign.pk}-{page.value}"
    else:
        response["X-Accel-Expires"] = "@1"
    return response


def count(read_as, headers):
    """Count one view, if a person seems to read and nginx has not counted it."""
    if settings.READERS and "HTTP_X_COUNTED" in headers:
        with _lock:
            _store_soon()
        return
    purpose = headers.get("HTTP_SEC_PURPOSE") or headers.get("HTTP_PURPOSE")
    if purpose and "prefetch" in purpose:
        return
    if not _is_a_browser(headers.get("HTTP_USER_AGENT", "")):
        return
    key = (*read_as, int(time.time() // QUARTER))
    with _lock:
        _store_soon()
        _numbers[key] += 1


def store():
    """Add to the database what was counted since the last time.

    What cannot be stored now is kept for the next time.
    """
    noted = {}
    try:
        noted = _noted_by_nginx() if settings.READERS else {}
    except OSError:
        logger.warning("What nginx has counted cannot be taken", exc_info=True)
    with _lock:
        _timers.clear()
        _numbers.update(noted)
        counted = dict(_numbers)
        _numbers.clear()
    if not counted:
        return
    try:
        PageViews.objects.add(
            {
                (campaign, page, datetime.fromtimestamp(QUARTER * at, UTC)): number
                for (campaign, page, at), number in counted.items()
            }
        )
    except Exception:
        logger.warning("Page views wait to be stored", exc_info=True)
        with _lock:
            _store_soon()
            _numbers.update(counted)


# Reading through a User-Agent takes 0.4 ms, more than a cached page takes.
@lru_cache(maxsize=1024)
def _is_a_browser(name):
    """Whether a User-Agent is a browser's. Every browser names itself."""
    return bool(name) and PROGRAMS.search(name) is None


def _noted_by_nginx():
    """What nginx has counted in minutes that are over, as `_numbers` has it.

    Each file is for one process alone, and gone when it was read.
    """
    noted = Counter()
    for file in Path(settings.READERS).glob("*T*"):
        minute, _dot, taker = file.name.partition(".")
        taken = file.with_name(f"{minute}.{os.getpid()}")
        try:
            begin = datetime.fromisoformat(minute).timestamp()
            wait = TAKEN_AFTER if taker else MINUTE_IS_OVER_AFTER
            if time.time() - begin < wait:
                continue
            file.rename(taken)
            with taken.open(encoding="ascii", errors="replace") as lines:
                taken.unlink()
                pages = Counter(lines)
        except (ValueError, FileNotFoundError):  # not of nginx; taken by another one
            continue
        for line, number in pages.items():
            found = _LINE.fullmatch(line)
            if found and found[2] in PageViews.Page.values:
                noted[int(found[1]), found[2], int(begin // QUARTER)] += number
    return noted


def _store_soon():
    if not _timers:
        timer = threading.Timer(SECONDS, _store_in_a_thread)
        timer.daemon = True
        timer.start()
        _timers.append(timer)


def _store_in_a_thread():
    try:
        store()
    finally:
        connection.close()  # this thread ends here
