from django.db import migrations, models

# Who has not confirmed in the days before, and is deleted, cannot be counted any more.
FROM_THE_ROWS = """
    INSERT INTO petitions_daycount AS known (petition_id, day, added, removed, signed)
    SELECT petition_id, (signed_at AT TIME ZONE 'UTC')::date, 0, 0, count(*)
    FROM petitions_signature GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (petition_id, day) DO UPDATE SET signed = excluded.signed
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0018_one_index_a_withdrawal_key")]
    operations = [
        migrations.AddField(
            model_name="daycount",
            name="signed",
            field=models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="signed"
            ),
        ),
        migrations.RunSQL(FROM_THE_ROWS, migrations.RunSQL.noop),
    ]
