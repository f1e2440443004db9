from django.db import migrations

# The trigger refuses changes, even by code that forgets this rule. When a user is
# deleted, the key to them is emptied and their name stays.
REFUSE = """
CREATE FUNCTION staff_auditentry_stays_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is not changed.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER staff_auditentry_stays_as_written
    BEFORE UPDATE OF at, username, kind, action, model, keys, count, page ON staff_auditentry
    FOR EACH ROW EXECUTE FUNCTION staff_auditentry_stays_as_written();
"""
ALLOW = """
DROP TRIGGER staff_auditentry_stays_as_written ON staff_auditentry;
DROP FUNCTION staff_auditentry_stays_as_written();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
