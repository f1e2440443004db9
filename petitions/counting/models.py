from datetime import timedelta

from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.sharing import CHANNELS, LONGEST
from petitions.counting.chain import Link
from supporters.acts.equal_posts import is_repeat

# The key of PostgreSQL's advisory lock by which roll-ups wait for each other.
ROLLING_UP = 7_259_113
# What ReferralDayCount keeps in the place of a code that is not one of our links.
NO_LINK, SUPPORTERS, OTHERS = "", "*", "?"


def kept_code(table):
    """SQL for the code that stays of a row's `referral_code`, with names of our own.

    A supporter's code would name them, and made-up words could hold anything, and be
    as many as there are signatures.
    """
    ours = ", ".join(f"'{code}'" for code in CHANNELS)
    return f"""
        CASE WHEN {table}.referral_code IS NULL THEN '{NO_LINK}'
            WHEN length({table}.referral_code) = {LONGEST} THEN '{SUPPORTERS}'
            WHEN {table}.referral_code IN ({ours}) OR EXISTS (
                SELECT FROM petitions_referrallink AS known
                WHERE known.petition_id = {table}.petition_id
                    AND known.code = {table}.referral_code
            ) THEN {table}.referral_code
            ELSE '{OTHERS}' END
    """


def hold_roll_ups():
    """Keep others from rolling up, or adding to a chain, until this commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROLLING_UP])


class TallyEntryQuerySet(models.QuerySet):
    def note(self, signatures, delta):
        """Add these signatures to the count (+1), or take them off it (−1)."""
        self.bulk_create(
            TallyEntry(
                petition_id=signature.petition_id,
                country=signature.country.code,
                language=signature.language,
                delta=delta,
                commitment=signature.commitment,
                referral_code=signature.referral_code,
                signed_at=signature.created_at,
            )
            for signature in signatures
        )


class TallyEntry(models.Model):
    """A step of a petition's count: +1 confirmed, −1 withdrawn; later a sum of steps.

    The count is the sum of these rows and stands nowhere else (decision 14). A step
    carries what a roll-up needs: the commitment to what it counts, for the chain, and
    when and by which link somebody signed. A step for names on paper counts many at
    once, and is kept apart.
    """

    # The index by country serves it, too.
    petition = models.ForeignKey(
        "petitions.Petition",
        on_delete=models.PROTECT,
        related_name="tally",
        db_index=False,
    )
    country = models.CharField(max_length=2)
    # That of the page on which somebody signed online; empty for paper.
    language = models.CharField(max_length=10, default="", db_default="")
    delta = models.IntegerField()
    on_paper = models.BooleanField(default=False, db_default=False)
    commitment = models.BinaryField(max_length=32, null=True, editable=False)
    referral_code = models.CharField(max_length=LONGEST, null=True, editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TallyEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally entry")
        verbose_name_plural = _("tally")
        indexes = [models.Index("petition", "country", name="tally_by_country")]

    def __str__(self):
        return f"{self.delta:+d}"

    @staticmethod
    def roll_up():
        """Replace many rows by their sum and link them; returns how many rows.

        Their days, on the campaign's clocks, are added up, too, by country and by link:
        each step once.

        The count is exact at every moment: a reader sees the rows before, or the sum
        after. A second roll-up at the same time waits for the first.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            hold_roll_ups()
            cursor.execute(
                f"""
                WITH many AS (
                    SELECT petition_id, country, language, on_paper
                    FROM petitions_tallyentry
                    GROUP BY petition_id, country, language, on_paper
                    HAVING count(*) > 1 OR bool_or(commitment IS NOT NULL)
                ), gone AS (
                    DELETE FROM petitions_tallyentry entry USING many
                    WHERE entry.petition_id = many.petition_id
                      AND entry.country = many.country
                      AND entry.language = many.language
                      AND entry.on_paper = many.on_paper
                    RETURNING entry.*
                ), rolled AS (
                    INSERT INTO petitions_tallyentry
                        (petition_id, country, language, on_paper, delta)
                    SELECT petition_id, country, language, on_paper, sum(delta)
                    FROM gone GROUP BY petition_id, country, language, on_paper
                    HAVING sum(delta) <> 0
                ), days AS (
                    INSERT INTO petitions_countrydaycount AS known
                        (petition_id, country, day, added, removed)
                    SELECT petition_id, country,
                        (at AT TIME ZONE campaign.timezone)::date,
                        sum(greatest(delta, 0)), sum(greatest(-delta, 0))
                    FROM gone
                    JOIN petitions_petition AS petition ON petition.id = petition_id
                    JOIN campaigns_campaign AS campaign
                        ON campaign.id = petition.campaign_id
                    WHERE commitment IS NOT NULL GROUP BY 1, 2, 3
                    ON CONFLICT (petition_id, day, country) DO UPDATE SET
                        added = known.added + excluded.added,
                        removed = known.removed + excluded.removed
                ), links AS (
                    INSERT INTO petitions_referraldaycount AS known
                        (petition_id, day, code, counted)
                    SELECT petition_id,
                        (signed_at AT TIME ZONE campaign.timezone)::date,
                        {kept_code("gone")}, sum(delta)
                    FROM gone
                    JOIN petitions_petition AS petition ON petition.id = petition_id
                    JOIN campaigns_campaign AS campaign
                        ON campaign.id = petition.campaign_id
                    WHERE signed_at IS NOT NULL GROUP BY 1, 2, 3
                    ON CONFLICT (petition_id, day, code) DO UPDATE SET
                        counted = known.counted + excluded.counted
                )
                SELECT petition_id, delta, commitment FROM gone ORDER BY id
                """
            )
            gone = cursor.fetchall()
            Link.add((p, d, c) for p, d, c in gone if c is not None)
        return len(gone)


class DayCount(models.Model):
    """What one day added to a petition's count from one country, and what it removed.

    The day is one of the campaign's clocks, as they were set when it happened. The
    country is empty for names on paper of before this was noted.
    """

    petition = models.ForeignKey(
        # The constraint begins with the petition, so that no other index is needed.
        "petitions.Petition",
        on_delete=models.PROTECT,
        related_name="days",
        db_index=False,
    )
    day = models.DateField(_("day"))
    country = models.CharField(max_length=2)
    added = models.PositiveIntegerField(_("added"))
    removed = models.PositiveIntegerField(_("taken away"))

    class Meta:
        db_table = "petitions_countrydaycount"
        verbose_name = _("day of the count")
        verbose_name_plural = _("days of the count")
        constraints = [
            models.UniqueConstraint(
                "petition", "day", "country", name="one_count_for_each_day_and_country"
            )
        ]

    def __str__(self):
        return f"{self.day} {self.country}: +{self.added}"


class ReferralDayCount(models.Model):
    """How many signed on one day by one link, and how many of them are counted.

    The day is one of the campaign's clocks, as they were set when it was added up. Who
    signed since `signed_noted_until` of the petition is not in it yet. A link has its
    code from when it was made: before, it was one of the OTHERS.
    """

    petition = models.ForeignKey(
        "petitions.Petition",
        on_delete=models.PROTECT,
        related_name="referral_days",
        db_index=False,
    )
    day = models.DateField(_("day"))
    code = models.CharField(max_length=LONGEST)
    # This includes signatures that were not confirmed and are deleted by now.
    signed = models.PositiveIntegerField(_("signed"), default=0, db_default=0)
    # It is noted some minutes before `signed` is.
    counted = models.IntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("day of a link")
        verbose_name_plural = _("days of the links")
        constraints = [
            models.UniqueConstraint(
                "petition", "day", "code", name="one_count_for_each_day_and_link"
            )
        ]

    def __str__(self):
        return f"{self.day} {self.code}: {self.signed}"

    @staticmethod
    def note_signed():
        """Write down how many have signed since the last time, each on their day.

        A signature that is not confirmed is deleted after some days; the number stays.
        Each is noted once, whatever zone the campaign gets later, and if the clock is
        set back. The last minute waits for the next time, since what is being stored
        now does not show yet.

        Equal posts of one mailbox are noted once: one mail asks about all of them. It
        reads what came since, by the index, however many there are. A petition for
        which nobody has signed meanwhile is neither locked nor written.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH before AS (
                    SELECT id, signed_noted_until AS since
                    FROM petitions_petition AS petition
                    WHERE coalesce(signed_noted_until, '-infinity') <= (
                        SELECT max(created_at) FROM petitions_signature
                        WHERE petition_id = petition.id AND created_at < %(until)s
                    )
                    ORDER BY id FOR NO KEY UPDATE
                ), noted AS (
                    UPDATE petitions_petition AS petition
                    SET signed_noted_until = %(until)s
                    FROM before WHERE before.id = petition.id
                    RETURNING petition.id, petition.campaign_id, before.since
                )
                INSERT INTO petitions_referraldaycount AS known
                    (petition_id, day, code, signed)
                SELECT noted.id, came.day, came.code, came.signed
                FROM noted
                JOIN campaigns_campaign AS campaign ON campaign.id = noted.campaign_id
                CROSS JOIN LATERAL (
                    SELECT (created_at AT TIME ZONE campaign.timezone)::date AS day,
                        {kept_code("signature")} AS code, count(*) AS signed
                    FROM petitions_signature AS signature
                    WHERE petition_id = noted.id
                        AND created_at >= coalesce(since, '-infinity')
                        AND created_at < %(until)s
                        AND NOT {is_repeat("signature.confirmation_id")}
                    GROUP BY 1, 2
                ) AS came
                ORDER BY 1, 2, 3
                ON CONFLICT (petition_id, day, code) DO UPDATE
                    SET signed = known.signed + excluded.signed
                """,
                {"until": timezone.now() - timedelta(minutes=1)},
            )
