from django.db import migrations

# The address of a campaign in its first language is in one table, those of its texts in
# further languages are in another. Forms look in both (address.refuse_taken); this holds
# also when two people save at once. The second waits for the lock, and each statement of
# such a function sees all that was committed before.
HOLD = """
CREATE FUNCTION campaigns_one_campaign_an_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(
        hashtextextended(concat_ws(' ', NEW.language, NEW.slug), 0));
    IF TG_TABLE_NAME = 'campaigns_campaign' THEN
        PERFORM FROM campaigns_campaigntext
            WHERE language = NEW.language AND slug = NEW.slug
                AND campaign_id <> NEW.id;
    ELSE
        PERFORM FROM campaigns_campaign
            WHERE slug = NEW.slug AND language = NEW.language
                AND id <> NEW.campaign_id;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'Another campaign has this address.'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER campaigns_one_campaign_an_address
    BEFORE INSERT OR UPDATE OF slug, language ON campaigns_campaign
    FOR EACH ROW EXECUTE FUNCTION campaigns_one_campaign_an_address();
CREATE TRIGGER campaigns_one_campaign_an_address
    BEFORE INSERT OR UPDATE OF slug, language, campaign_id ON campaigns_campaigntext
    FOR EACH ROW EXECUTE FUNCTION campaigns_one_campaign_an_address();
"""
LEAVE = """
DROP TRIGGER campaigns_one_campaign_an_address ON campaigns_campaign;
DROP TRIGGER campaigns_one_campaign_an_address ON campaigns_campaigntext;
DROP FUNCTION campaigns_one_campaign_an_address;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]
    operations = [migrations.RunSQL(HOLD, LEAVE)]
