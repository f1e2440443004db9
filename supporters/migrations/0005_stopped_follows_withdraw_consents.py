from django.db import migrations

# What was agreed to for a follow ends with it, unless mail came back.
CONSENTS = """
    UPDATE supporters_consent consent SET withdrawn_at = follow.stopped_at
    FROM supporters_follow follow
    WHERE follow.confirmation_id = consent.confirmation_id
      AND consent.kind = 'follow' AND consent.withdrawn_at IS NULL
      AND follow.stopped_at IS NOT NULL AND follow.stopped_for <> 'bounced'
"""


class Migration(migrations.Migration):
    dependencies = [("supporters", "0004_mail_language_and_sent_mail")]
    operations = [migrations.RunSQL(CONSENTS, migrations.RunSQL.noop)]
