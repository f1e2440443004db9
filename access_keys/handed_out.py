"""Which signatures programs of the group may know, in the order of their changes.

A job compares this with the signatures, so that nothing that ends one can forget to say
it here, and signing costs nothing more. A row holds no word about anybody: a random
code, and while it may be known the key of the signature.
"""

import uuid
from contextlib import contextmanager

from django.db import connection, models, transaction
from django.db.models import Exists, Func, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _

from access_keys.keys import AccessKey
from database.kept import Kept
from database.personal_data import PersonalData
from petitions.handover.archive import shown_names
from petitions.models import Signature
from petitions.names.public_name import SHOWN_NAME
from petitions.petition import Petition
from supporters.models import Consent

# After so many days nobody is told any more what to drop; a cursor lasts as long.
DROPPED_DAYS = 90
# The consents that an answer names. Their kinds are those that a signature itself needs
# (petitions/signing/consents.py).
KINDS = {"signature": "signature", SHOWN_NAME: "shown_name"}
BATCH = 2000
# What an answer says of a signature (access_keys/signatures.py).
_SAID = ("shown_as", "shown_name", "city", "country", "language", "confirmed_at")
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7219, %s)"


class HandedOutQuerySet(models.QuerySet):
    def live(self):
        return self.filter(dropped_at=None)

    def note_all(self):
        """Note what has changed in each petition that a key is for.

        Where no key is left, nobody asks any more, and nothing is kept for it.
        """
        keys = AccessKey.objects.not_over()
        of_campaign = Q(campaign=None) | Q(campaign=OuterRef("campaign"))
        asked = Petition.objects.filter(Exists(keys.filter(of_campaign)))
        self.exclude(petition__in=asked).delete()
        for petition in asked.order_by("pk"):
            self.note(petition)

    def note(self, petition):
        """Note what has changed in one, in batches. Safe to repeat."""
        for note_some in (self._drop_some, self._take_some):
            last = 0
            while last is not None:
                last = note_some(petition, last)

    def _drop_some(self, petition, after):
        """Of those above this key; returns the last key if there may be more."""
        with _alone_with(petition):
            still = shown_names(petition).filter(pk=OuterRef("signature"))
            known = self.live().filter(petition=petition, pk__gt=after)
            gone = list(known.filter(~Exists(still)).order_by("pk")[:BATCH])
            self._replace(
                gone,
                [
                    HandedOut(petition=petition, code=row.code, dropped_at=Now())
                    for row in gone
                ],
            )
            return gone[-1].pk if len(gone) == BATCH else None

    def _take_some(self, petition, after):
        """The same of the signatures above this key that are new or have changed."""
        with _alone_with(petition):
            known = self.live().filter(petition=petition)
            same = known.filter(signature=OuterRef("pk"), version=OuterRef("version"))
            rows = (
                shown_names(petition).annotate(version=_version()).filter(pk__gt=after)
            )
            new = dict(
                rows.filter(~Exists(same))
                .order_by("pk")
                .values_list("pk", "version")[:BATCH]
            )
            before = list(known.filter(signature__in=new))
            codes = {row.signature_id: row.code for row in before}
            self._replace(
                before,
                [
                    HandedOut(
                        petition=petition,
                        signature_id=pk,
                        version=number,
                        code=codes.get(pk) or uuid.uuid4(),
                    )
                    for pk, number in new.items()
                ],
            )
            return max(new) if len(new) == BATCH else None

    def _replace(self, old, new):
        """A change is a row with a higher key, so that the keys are their order."""
        self.filter(pk__in=[row.pk for row in old]).delete()
        self.bulk_create(new)


class HandedOut(models.Model):
    """That a program may know a signature, or has to drop it."""

    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    code = models.UUIDField(unique=True)
    signature = models.OneToOneField(
        Signature, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    version = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True)

    objects = HandedOutQuerySet.as_manager()
    personal_data = PersonalData(
        kept=(
            Kept(
                name="dropped signatures",
                words=_("notes that a signature is no longer in a download"),
                period=DROPPED_DAYS,
                since="dropped_at",
            ),
        ),
    )

    class Meta:
        db_table = "api_handedout"
        verbose_name = "signature handed out"
        verbose_name_plural = "signatures handed out"
        indexes = [models.Index("petition", "id", name="handed_out_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(dropped_at=None)
                | Q(signature__isnull=True, version__isnull=True),
                name="dropped_signature_is_nobody_s",
            )
        ]

    def __str__(self):
        return str(self.code)


def _version():
    """A number of what an answer says of a signature: another one if that changes.

    Consents are never changed but replaced, so that their newest key stands for them.
    """
    given = (
        Consent.objects.standing()
        .filter(confirmation=OuterRef("confirmation"), kind__in=KINDS)
        .order_by("-pk")
        .values("pk")[:1]
    )
    said = Func(*_SAID, Subquery(given), function="ROW", output_field=TextField())
    return Func(
        Cast(said, TextField()),
        Value(0),
        function="hashtextextended",
        output_field=models.BigIntegerField(),
    )


@contextmanager
def _alone_with(petition):
    """A transaction that is alone with what is handed out of a petition.

    So its rows get their keys in the order in which readers can see them.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ONE_AT_A_TIME, [petition.pk])
        yield
