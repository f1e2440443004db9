from django.db import migrations

CONSENTS = """
    UPDATE supporters_consent consent SET withdrawn_at = signature.withdrawn_at
    FROM petitions_signature signature
    WHERE signature.confirmation_id = consent.confirmation_id
      AND consent.withdrawn_at IS NULL AND signature.withdrawn_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0007_days_and_hidden_names"),
        ("supporters", "0003_follow_mailing_copy"),
    ]
    operations = [migrations.RunSQL(CONSENTS, migrations.RunSQL.noop)]
