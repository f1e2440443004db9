"""An import from its files, as the worker does it."""

import logging
from contextlib import ExitStack, contextmanager

from wordpress import models
from wordpress.bringing import Bringing
from wordpress.pictures import Uploads
from wordpress.planning import plan
from wordpress.wxr import NoExport

logger = logging.getLogger(__name__)


def read(pk):
    """Say what would come of a file that was uploaded. Safe to repeat."""
    step = models.WordPressImport.Step
    found = models.WordPressImport.objects.filter(pk=pk, step=step.READING).first()
    if found is not None:
        with _told_faults(found), _opened(found) as files:
            plan(found, files[0])


def bring(pk):
    """Bring what was chosen. Safe to repeat: what came does not come again."""
    step = models.WordPressImport.Step
    found = models.WordPressImport.objects.filter(pk=pk, step=step.BRINGING).first()
    if found is not None:
        with _told_faults(found), _opened(found) as files:
            Bringing(found, *files).bring()


@contextmanager
def _opened(found):
    """The export and the ZIP of its pictures, open; the second may be None."""
    with ExitStack() as files:
        file = models.FILES.open(found.name)
        if file is None:
            raise NoExport("gone")
        files.enter_context(file)
        kept = models.PICTURES.open(found.name) if found.has_pictures else None
        if kept is not None:
            files.enter_context(kept)
        yield file, files.enter_context(Uploads(kept))


@contextmanager
def _told_faults(found):
    """Say on the page of the import why it came to nothing."""
    try:
        yield
    except NoExport as reason:
        found.note(step=found.Step.FAILED, fault=reason.fault)
    except Exception:
        logger.exception("An import from WordPress failed")
        found.note(step=found.Step.FAILED, fault="crash")
