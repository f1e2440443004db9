from django.db import migrations

# When the first letter of a campaign was handed over for each recipient.
FIRST_LETTERS = """
    INSERT INTO letters_stance (letter_id, recipient_id, kind, day, source, url, note)
    SELECT letter.suggested_letter_id, delivery.recipient_id, 'asked',
           (min(delivery.handed_over_at) AT TIME ZONE 'UTC')::date, '', '', ''
      FROM letters_delivery delivery
      JOIN letters_letter letter ON letter.id = delivery.letter_id
     WHERE delivery.handed_over_at IS NOT NULL
     GROUP BY letter.suggested_letter_id, delivery.recipient_id
        ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0007_stances")]
    operations = [migrations.RunSQL(FIRST_LETTERS, migrations.RunSQL.noop)]
