import django.db.models.deletion
from django.db import migrations, models

# What the days have beside their countries: names on paper.
THE_REST = """
    INSERT INTO petitions_countrydaycount AS known
        (petition_id, day, country, added, removed)
    SELECT whole.petition_id, whole.day, '', whole.added - there.added,
        whole.removed - there.removed
    FROM petitions_daycount AS whole CROSS JOIN LATERAL (
        SELECT coalesce(sum(added), 0) AS added, coalesce(sum(removed), 0) AS removed
        FROM petitions_countrydaycount AS country
        WHERE country.petition_id = whole.petition_id AND country.day = whole.day
    ) AS there
    WHERE whole.added >= there.added AND whole.removed >= there.removed
        AND (whole.added, whole.removed) <> (there.added, there.removed)
    ON CONFLICT (petition_id, day, country) DO UPDATE SET
        added = known.added + excluded.added,
        removed = known.removed + excluded.removed
"""


class Migration(migrations.Migration):
    """The table petitions_daycount stays for the code before, which adds to both.

    What that counts on paper between this and its end is in the count, and on no day.
    """

    dependencies = [("petitions", "0009_nobody_chooses_what_a_bundle_holds")]
    operations = [
        migrations.RunSQL(THE_REST, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("DayCount"),
                migrations.RenameModel("CountryDayCount", "DayCount"),
                migrations.AlterModelTable("DayCount", "petitions_countrydaycount"),
                migrations.AlterModelOptions(
                    "DayCount",
                    {
                        "verbose_name": "day of the count",
                        "verbose_name_plural": "days of the count",
                    },
                ),
                migrations.AlterField(
                    "DayCount",
                    "petition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="petitions.petition",
                    ),
                ),
            ]
        ),
    ]
