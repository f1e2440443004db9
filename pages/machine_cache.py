"""The newest rendering of each page, which the web processes of a machine share.

Each process keeps pages of its own (`pages.in_process_cache`), and reads here only when
it would render one. So all show the same until the same moment, and no count goes back
for whoever is answered by one process after another. It is off where Redis does that.
"""

import fcntl
import logging
import os
import pickle
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
# A folder in memory that nobody else may read or write (gunicorn.conf.py).
FOLDER = "PAGES_DIR"
# So many pages of 100 kilobytes, in three encodings, fit into a container's memory.
MOST = 200


def get(key: str) -> Any:  # noqa: ANN401
    """What was kept last, or None."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    try:
        return pickle.loads((Path(folder) / _name(key)).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        logger.warning("The pages of this machine cannot be read: %s", error)
        return None


def keep(key: str, entry: Any, began: float) -> Any:  # noqa: ANN401
    """Keep an entry, and return it; or one that another process has kept meanwhile.

    Of two that render at once, the first is believed by both: else each would show its
    own for as long as that is fresh. None if the page was deleted after its rendering
    began: it may show what was there before.
    """
    folder = os.environ.get(FOLDER)
    if not folder:
        return entry
    try:
        with _locked(Path(folder)):
            if _deleted_at(Path(folder), key) > began:
                return None
            kept = get(key)
            if kept is not None and kept.is_fresh:
                return kept
            _write(Path(folder), _name(key), pickle.dumps(entry))
    except OSError as error:
        logger.warning("The pages of this machine cannot be kept: %s", error)
    return entry


def delete(key: str) -> None:
    """Have the next process render it."""
    if folder := os.environ.get(FOLDER):
        with suppress(OSError), _locked(Path(folder)):
            (Path(folder) / _name(key, "deleted")).write_text(str(time.time()))
            (Path(folder) / _name(key)).unlink(missing_ok=True)


def _deleted_at(folder, key):
    try:
        return float((folder / _name(key, "deleted")).read_text())
    except (OSError, ValueError):
        return 0.0


@contextmanager
def _locked(folder):
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _name(key, kind="page"):
    return f"{key.removeprefix('page:')}.{kind}"


def _write(folder, name, content):
    pages = list(folder.glob("*.page"))
    if len(pages) >= MOST and name not in {page.name for page in pages}:
        for page in pages:  # each process still has its own
            page.unlink(missing_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as written:
        try:
            written.write(content)
            written.flush()
            Path(written.name).replace(folder / name)
        except OSError:
            Path(written.name).unlink(missing_ok=True)
            raise
