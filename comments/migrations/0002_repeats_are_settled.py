from django.db import migrations

# What a repeat is, comments/repeats.py says. The same post at the same moment waits for
# the lock. Each statement of such a function sees all that was committed before, so the
# search finds what the lock has waited for. The first is locked, so that a decision
# about it finds the new one, too. There is no LIMIT, with which PostgreSQL would read
# the whole thread in the order of its keys.
SETTLE = """
CREATE FUNCTION comments_said_first(
    campaign bigint, parent bigint, network text, digest text, words text,
    moment timestamptz
) RETURNS TABLE (pk bigint, shown_at timestamptz) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(' ', campaign,
        coalesce(parent, 0), network, coalesce(nullif(digest, ''), words)), 0));
    RETURN QUERY
        SELECT it.id, it.shown_at FROM comments_comment AS it
        WHERE it.campaign_id = campaign AND it.text_digest = digest
            AND (digest <> '' OR it.text = words)  -- signs alone have no digest
            AND it.network_hash = network AND coalesce(it.parent_id, 0) = coalesce(parent, 0)
            AND it.created_at > moment - interval '10 minutes'
            AND it.repeats_id IS NULL AND it.hidden_at IS NULL AND it.removed_at IS NULL
            AND (it.shown_at IS NOT NULL OR NOT it.findings @> ANY (
                ARRAY['[["flood"]]', '[["domain"]]', '[["honeypot"]]']::jsonb[]))
        ORDER BY it.id FOR NO KEY UPDATE;
END $$;
CREATE FUNCTION comments_settle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT pk INTO NEW.repeats_id FROM comments_said_first(NEW.campaign_id,
        NEW.parent_id, NEW.network_hash, NEW.text_digest, NEW.text, NEW.created_at);
    IF NEW.repeats_id IS NOT NULL THEN
        NEW.queued_at = NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comments_settle BEFORE INSERT ON comments_comment FOR EACH ROW
    WHEN (NEW.queued_at IS NOT NULL AND NEW.shown_at IS NULL AND NEW.network_hash <> '')
    EXECUTE FUNCTION comments_settle();
"""
LEAVE = """
DROP TRIGGER comments_settle ON comments_comment;
DROP FUNCTION comments_settle;
DROP FUNCTION comments_said_first;
"""


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]
    operations = [migrations.RunSQL(SETTLE, LEAVE)]
