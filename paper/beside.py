"""What petitions ask of names on paper, which count beside the signatures online."""

from django.utils.translation import gettext as _

from paper.batches import PaperBatch
from paper.lines import PaperLine

CHUNK = 2000
# For statements that read it at one moment with all else that counts.
COUNTED = """
    SELECT petition_id, line.country, city, 1 AS number
    FROM petitions_paperline AS line
    JOIN petitions_paperbatch AS batch ON batch.id = line.batch_id
    WHERE counted
"""
BROUGHT = """(
    SELECT coalesce(sum(counts), 0)::bigint FROM petitions_paperbatch
    WHERE petition_id = petition.id AND consent <> ''
)"""


def stored(petition):
    """The batches of a petition that are not anonymous."""
    return PaperBatch.objects.filter(petition=petition, anonymised_at=None)


def names(petition):
    """The lines that still have a name."""
    return PaperLine.objects.filter(batch__petition=petition, anonymised_at=None)


def keep_up(petition):
    """Compare with who has signed since, before the count is handed over."""
    PaperBatch.objects.keep_up(petition)


def csv_rows(petition):
    """Lines without names: those stand on the sheets, which are handed over, too."""
    for batch in petition.paper.exclude(counted_at=None).order_by("pk"):
        withheld, where = _("(on the sheets)"), _("on paper")
        if batch.is_brought:
            withheld, where = _("(name withheld)"), _("on another website")
        lines = batch.lines.filter(counted=True).order_by("number")
        for code in lines.values_list("country", flat=True).iterator(chunk_size=CHUNK):
            yield withheld, "", code, batch.collected_on, where


def steps(petition):
    """The steps on paper in the chain, and what their numbers are made of."""
    header = ["number", "delta", "batch", "step", "country"]
    return header, (
        (link.number, link.delta, batch, step, country)
        for batch, step, country, link in petition.paper.steps(petition)
    )
