from django.db import migrations

SUBJECTS = """
    UPDATE letters_letter SET subject = ''
    WHERE text_removed_at IS NOT NULL AND subject <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0002_anonymous_letters")]
    operations = [migrations.RunSQL(SUBJECTS, migrations.RunSQL.noop)]
