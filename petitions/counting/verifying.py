"""Compares each count with its rows, corrects it, and alerts staff."""

import secrets
from dataclasses import dataclass

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from petitions import beside
from petitions.counting.chain import Link
from petitions.counting.models import hold_roll_ups
from petitions.petition import Petition
from staff.models import Alert

# What counts, and what the tally says. One statement reads both sides of a comparison
# at one moment, whatever is signed meanwhile.
_TALLY = """
    SELECT petition_id, country, on_paper,
        coalesce(valid.total, 0), coalesce(said.total, 0)
    FROM (
        SELECT petition_id, country, false AS on_paper, count(*) AS total
        FROM petitions_signature
        WHERE counted GROUP BY petition_id, country
        UNION ALL
        SELECT petition_id, country, true, sum(number)
        FROM ({beside}) AS beside GROUP BY petition_id, country
    ) AS valid
    FULL JOIN (
        SELECT petition_id, country, on_paper, sum(delta) AS total
        FROM petitions_tallyentry GROUP BY petition_id, country, on_paper
    ) AS said USING (petition_id, country, on_paper)
    WHERE coalesce(valid.total, 0) <> coalesce(said.total, 0)
    ORDER BY petition_id, country, on_paper
"""
_CHAIN = """
    SELECT id, valid.total, said.total FROM petitions_petition AS petition,
    LATERAL (
        SELECT (
            SELECT count(*) FROM petitions_signature
            WHERE counted AND petition_id = petition.id
        ) + (
            SELECT coalesce(sum(number), 0) FROM ({beside}) AS beside
            WHERE petition_id = petition.id
        ) AS total
    ) AS valid,
    LATERAL (
        SELECT coalesce(sum(delta), 0) AS total FROM (
            SELECT delta FROM petitions_link WHERE petition_id = petition.id
            UNION ALL
            SELECT delta FROM petitions_tallyentry
            WHERE petition_id = petition.id AND commitment IS NOT NULL
        ) AS steps
    ) AS said
    WHERE valid.total <> said.total
    ORDER BY id
"""


@dataclass(frozen=True)
class Drift:
    """A difference between a petition's count and its rows.

    It is in one country or in the chain; `country` is empty for the chain.
    """

    petition_pk: int
    country: str
    on_paper: bool
    valid: int
    said: int

    @property
    def words(self):
        """A sentence for staff."""
        ask = Petition.objects.get(pk=self.petition_pk).ask
        found = {"ask": ask, "valid": self.valid, "said": self.said}
        if self.country:
            sentence = _(
                "“%(ask)s”: the count for %(country)s was %(said)d, and its signatures "
                "are %(valid)d."
            )
            return sentence % {**found, "country": self.country}
        sentence = _(
            "“%(ask)s”: the public list of the count came to %(said)d, and the "
            "signatures are %(valid)d."
        )
        return sentence % found


def drifts():
    """Every present difference between counts and rows."""
    with connection.cursor() as cursor:
        cursor.execute(_TALLY.format(beside=beside.counted()))
        found = [Drift(*row) for row in cursor.fetchall()]
        cursor.execute(_CHAIN.format(beside=beside.counted()))
        return found + [
            Drift(pk, "", False, *totals) for pk, *totals in cursor.fetchall()
        ]


def repair():
    """Make each count that of its rows; returns what was wrong.

    The chain is never changed. A step is added to it that says by how much it was
    wrong, so that everybody can see that. Roll-ups wait only when something is wrong.
    """
    if not drifts():
        return []
    with transaction.atomic():
        hold_roll_ups()
        found = drifts()
        for drift in found:
            petition = Petition.objects.get(pk=drift.petition_pk)
            missing = drift.valid - drift.said
            if drift.country:
                petition.tally.create(
                    country=drift.country, delta=missing, on_paper=drift.on_paper
                )
            else:
                Link.add([(petition.pk, missing, secrets.token_bytes(32))])
    return found


def verify():
    """Compare, repair and alert, as each night; returns what was wrong."""
    with transaction.atomic():
        found = repair()
        if found:
            Alert.objects.sound(
                "count",
                " ".join(f"{drift}" for drift in found)[:200],
                lambda: _("A count was wrong"),
                lambda: "\n".join(drift.words for drift in found),
                reverse("admin:petitions_petition_changelist"),
            )
    return found
