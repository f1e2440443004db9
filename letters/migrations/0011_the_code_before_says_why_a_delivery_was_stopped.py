from django.db import migrations

# The code before may still stop deliveries, and says why in columns that the code now
# does not read. Their writers would get the texts back as not sent. Only a statement
# that names these columns counts: the code now leaves them as they are.
TAKE_OVER = """
CREATE FUNCTION letters_delivery_says_why() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome = 'stopped' AND NEW.stopped_for = '' THEN
        NEW.stopped_for = CASE WHEN NEW.is_repeat THEN 'repeat' ELSE 'overtaken' END;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letters_delivery_says_why
    BEFORE INSERT OR UPDATE OF was_overtaken, is_repeat ON letters_delivery
    FOR EACH ROW WHEN (NEW.was_overtaken OR NEW.is_repeat)
    EXECUTE FUNCTION letters_delivery_says_why();
UPDATE letters_delivery SET is_repeat = is_repeat
    WHERE outcome = 'stopped' AND stopped_for = '' AND (was_overtaken OR is_repeat);
"""
LEAVE = """
DROP TRIGGER letters_delivery_says_why ON letters_delivery;
DROP FUNCTION letters_delivery_says_why();
"""


class Migration(migrations.Migration):
    """The function goes with the columns was_overtaken and is_repeat."""

    dependencies = [("letters", "0010_why_a_delivery_was_stopped")]
    operations = [migrations.RunSQL(TAKE_OVER, LEAVE)]
