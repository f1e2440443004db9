from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from petitions.counting.chain import Link
from reporting.figures import start_of, today

# The key of PostgreSQL's advisory lock by which folds wait for each other.
FOLDING = 7_259_113


def hold_folds():
    """Keep others from folding, or adding to a chain, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLDING])


class TallyEntryQuerySet(models.QuerySet):
    def note(self, signatures, delta):
        """Add these signatures to the count (+1), or take them off it (−1)."""
        self.bulk_create(
            TallyEntry(
                petition_id=signature.petition_id,
                country=signature.country.code,
                delta=delta,
                commitment=signature.commitment,
            )
            for signature in signatures
        )


class TallyEntry(models.Model):
    """A step of a petition's count: +1 confirmed, −1 withdrawn; later a sum of steps.

    The count is the sum of these rows and stands nowhere else (decision 9). A step
    carries the commitment to what it counts until a fold has put it into the chain. A
    step for names on paper counts many at once, and is kept apart.
    """

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.PROTECT, related_name="tally"
    )
    country = models.CharField(max_length=2)
    delta = models.IntegerField()
    on_paper = models.BooleanField(default=False, db_default=False)
    commitment = models.BinaryField(max_length=32, null=True, editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TallyEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally entry")
        verbose_name_plural = _("tally")
        indexes = [models.Index("petition", "country", name="tally_by_country")]

    def __str__(self):
        return f"{self.delta:+d}"

    @staticmethod
    def fold():
        """Replace many rows by their sum and link them; returns how many rows.

        Their days (UTC) are added up, too.

        The count is exact at every moment: a reader sees the rows before, or the sum
        after. A second fold at the same time waits for the first.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            hold_folds()
            cursor.execute(
                """
                WITH many AS (
                    SELECT petition_id, country, on_paper FROM petitions_tallyentry
                    GROUP BY petition_id, country, on_paper
                    HAVING count(*) > 1 OR bool_or(commitment IS NOT NULL)
                ), gone AS (
                    DELETE FROM petitions_tallyentry entry USING many
                    WHERE entry.petition_id = many.petition_id
                      AND entry.country = many.country
                      AND entry.on_paper = many.on_paper
                    RETURNING entry.*
                ), folded AS (
                    INSERT INTO petitions_tallyentry
                        (petition_id, country, on_paper, delta)
                    SELECT petition_id, country, on_paper, sum(delta) FROM gone
                    GROUP BY petition_id, country, on_paper HAVING sum(delta) <> 0
                ), days AS (
                    INSERT INTO petitions_daycount AS known
                        (petition_id, day, added, removed)
                    SELECT petition_id, (at AT TIME ZONE 'UTC')::date,
                        sum(greatest(delta, 0)), sum(greatest(-delta, 0))
                    FROM gone WHERE commitment IS NOT NULL GROUP BY 1, 2
                    ON CONFLICT (petition_id, day) DO UPDATE SET
                        added = known.added + excluded.added,
                        removed = known.removed + excluded.removed
                )
                SELECT petition_id, delta, commitment FROM gone ORDER BY id
                """
            )
            gone = cursor.fetchall()
            Link.add((p, d, c) for p, d, c in gone if c is not None)
        return len(gone)


class DayCount(models.Model):
    """What one day (UTC) added to a petition's count, what it removed, how many signed.

    For the last days, only the signatures themselves say how many signed.
    """

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.PROTECT, related_name="days"
    )
    day = models.DateField(_("day"))
    added = models.PositiveIntegerField(_("added"))
    removed = models.PositiveIntegerField(_("taken away"))
    # This includes signatures that were not confirmed and are deleted by now.
    signed = models.PositiveIntegerField(_("signed"), default=0, db_default=0)

    class Meta:
        verbose_name = _("day of the count")
        verbose_name_plural = _("days of the count")
        constraints = [
            models.UniqueConstraint("petition", "day", name="one_count_for_each_day")
        ]

    def __str__(self):
        return f"{self.day}: +{self.added}"

    @staticmethod
    def note_signed(days=None):
        """Write down how many signed on each of the last days, as far as it is known.

        A signature that is not confirmed is deleted after some days; the number stays.
        """
        days = days or max(1, settings.KEEP_UNCONFIRMED_DAYS)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO petitions_daycount AS known
                    (petition_id, day, added, removed, signed)
                SELECT petition_id, (created_at AT TIME ZONE 'UTC')::date,
                    0, 0, count(*)
                FROM petitions_signature WHERE created_at >= %s
                GROUP BY 1, 2 ORDER BY 1, 2
                ON CONFLICT (petition_id, day) DO UPDATE
                    SET signed = greatest(known.signed, excluded.signed)
                """,
                [start_of(today() - timedelta(days=days))],
            )
