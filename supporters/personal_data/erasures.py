import re
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.keyed_hashes import keyed_hash
from database.moments import day_of
from database.personal_data import PersonalData

_HASH = re.compile(r"\berased ([0-9a-f]{64}) at (\S+)")


class ErasureQuerySet(models.QuerySet):
    def note(self, email, visit=None):
        """Note that this address was erased now, in this visit; returns the row."""
        return self.create(
            address_hash=hash_of(email),
            erased_at=timezone.now(),
            visit_hash=visit and hash_of_visit(visit.key),
        )

    def was_done_in(self, key):
        """Whether everything was erased in the visit with this key."""
        return self.filter(visit_hash=hash_of_visit(key)).exists()


class Erasure(models.Model):
    """The fact that an address was erased, with a keyed hash in its place.

    After a restore from a backup the same addresses are erased again.
    """

    address_hash = models.CharField(max_length=64, db_index=True)
    erased_at = models.DateTimeField(_("erased"), db_index=True)
    # This tells a second press of the button that all is done, and not that something
    # went wrong.
    visit_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)

    objects = ErasureQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("address_hash", "visit_hash"),
        # No backup for which they could be needed is older.
        kept=(
            Kept(
                name="erasures",
                words=_(
                    "scrambled forms of erased addresses, until no older backup is left"
                ),
                period="KEEP_ERASURES_DAYS",
                since="erased_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self):
        return day_of(self.erased_at)

    @property
    def line(self):
        """A line for the log and for the list that is kept beside the backups."""
        return f"erased {self.address_hash} at {self.erased_at.isoformat()}"


def read_lines(lines):
    """(hash, moment) of each line written as `line`, whatever a log put before it."""
    for line in lines:
        if match := _HASH.search(line):
            yield match[1], timezone.datetime.fromisoformat(match[2])


def hash_of_visit(key):
    """The hash of a key that was random, worked for hours, and opens nothing now."""
    return sha256(key.encode()).hexdigest()


def hash_of(email, key=""):
    return keyed_hash("erasure", email, key=key).hex()


def hashes_of(email):
    """Its hashes under the present key and former ones: a list may be older."""
    return [
        hash_of(email, key)
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
