"""Scans of sheets: checked by their content, and never under a public address.

A picture is decoded and encoded anew, like those of updates, so that nothing of the
file that came stays. A PDF is stored unchanged, and only handed out as a download.
"""

import io
import re
import secrets

from django.core.files.base import ContentFile
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.pictures import picture_files
from database.personal_data import PersonalData
from petitions.private_files import Folder

# This is less than the proxy lets through (deploy/nginx.conf).
MOST_BYTES = 10 * 1024 * 1024
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
LONGEST_SIDE = 3000  # pixels: a sheet of A4 at 250 dpi
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg"}


class NotAScan(ValueError):
    """The file cannot be used; the words tell its sender why."""


class PaperScanQuerySet(models.QuerySet):
    def forget(self):
        """Delete them, and their files once the transaction commits."""
        FILES.forget_later(self.values_list("name", flat=True))
        self.delete()


class PaperScan(models.Model):
    """A picture or a PDF of the sheets of a batch, by the name of its file."""

    batch = models.ForeignKey(
        "paper.PaperBatch", on_delete=models.CASCADE, related_name="scans"
    )
    name = models.CharField(max_length=40, unique=True, editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)

    objects = PaperScanQuerySet.as_manager()
    # People's names are in the picture. The column holds a name that we gave the file.
    personal_data = PersonalData(about_nobody=("name",))

    class Meta:
        db_table = "petitions_paperscan"
        verbose_name = _("scan")
        verbose_name_plural = _("scans")

    def __str__(self):
        return self.kind.upper()

    @property
    def kind(self):
        """The key in TYPES."""
        return self.name.rpartition(".")[2]


FILES = Folder("paper", re.compile(r"[0-9a-f]{32}\.(pdf|jpg)"), PaperScan.objects.all)


def take_in(file):
    """Check and store a scan (an open file); returns its name and its size."""
    if file.size > MOST_BYTES:
        raise NotAScan(_("Choose a file of at most 10 MB."))
    file.seek(0)
    content = file.read()
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-1024:]:
            raise NotAScan(_("This PDF is not whole. Save it again."))
        kind = "pdf"
    elif content.startswith(PICTURES):
        kind, content = "jpg", _as_jpeg(content)
    else:
        raise NotAScan(_("This is neither a PDF nor a picture (JPEG or PNG)."))
    name = f"{secrets.token_hex(16)}.{kind}"
    FILES.save(name, ContentFile(content))
    return name, len(content)


def _as_jpeg(content):
    try:
        picture = picture_files.read(io.BytesIO(content))
    except picture_files.NotAPicture as reason:
        raise NotAScan(str(reason)) from None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80, optimize=True)
    return kept.getvalue()
