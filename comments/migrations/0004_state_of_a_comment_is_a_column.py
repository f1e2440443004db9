from django.db import migrations, models

# What repeats.py says of the function. Migration 0002 has made it and its trigger.
SAID_FIRST = """
CREATE OR REPLACE FUNCTION comments_said_first(
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
            AND it.repeats_id IS NULL AND {counts}
            AND (it.shown_at IS NOT NULL OR NOT it.findings @> ANY (
                ARRAY['[["flood"]]', '[["domain"]]', '[["honeypot"]]']::jsonb[]))
        ORDER BY it.id FOR NO KEY UPDATE;
END $$;
"""
BY_STATE = SAID_FIRST.format(counts="it.state IN ('waiting', 'shown')")
BY_MOMENTS = SAID_FIRST.format(counts="it.hidden_at IS NULL AND it.removed_at IS NULL")
# The code before knows moments only, and the code now says a state. Until the code
# before runs nowhere, each finds what the other has written.
KEEP_BOTH = """
CREATE FUNCTION comments_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = '' OR TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN
        NEW.state = CASE WHEN NEW.removed_at IS NOT NULL THEN 'removed'
            WHEN NEW.hidden_at IS NOT NULL THEN 'hidden'
            WHEN NEW.shown_at IS NOT NULL THEN 'shown' ELSE 'waiting' END;
    END IF;
    IF NEW.state = 'removed' THEN
        NEW.removed_at = coalesce(NEW.removed_at, now());
        IF NEW.hidden_at IS NOT NULL THEN  -- nothing stays in its place
            NEW.shown_at = NULL;
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comments_state
    BEFORE INSERT OR UPDATE OF state, shown_at, hidden_at, removed_at
    ON comments_comment FOR EACH ROW EXECUTE FUNCTION comments_state();
"""
LEAVE = "DROP TRIGGER comments_state ON comments_comment; DROP FUNCTION comments_state;"
# What an undo restores has a state, too.
STATE_BEFORE = """
UPDATE comments_moderation SET before = before || jsonb_build_object('state',
    CASE WHEN before ->> 'hidden_at' IS NOT NULL THEN 'hidden'
        WHEN before ->> 'shown_at' IS NOT NULL THEN 'shown' ELSE 'waiting' END)
WHERE before IS NOT NULL
"""
BATCH = 10_000

VISIBLE = models.Q(state__in=("shown", "removed"), shown_at__isnull=False, repeats=None)
CONVERSATION = models.Q(root=None) & (VISIBLE | models.Q(reply_count__gt=0))
NOT_HIDDEN = models.Q(hidden_at=None, hidden_for="")
HIDDEN_FOR_A_REASON = models.Q(hidden_at__isnull=False) & ~models.Q(hidden_for="")
MOMENTS = (
    NOT_HIDDEN & models.Q(state="waiting", shown_at=None)
    | NOT_HIDDEN & models.Q(state="shown", shown_at__isnull=False)
    | HIDDEN_FOR_A_REASON & models.Q(state="hidden")
    | (NOT_HIDDEN | HIDDEN_FOR_A_REASON & models.Q(shown_at=None))
    & models.Q(state="removed", text="", name="", confirmation=None, queued_at=None)
)


def fill_in(apps, schema_editor):
    """The trigger finds the state of each by its moments."""
    rows = apps.get_model("comments", "Comment").objects
    last = rows.aggregate(last=models.Max("pk"))["last"] or 0
    for start in range(0, last + 1, BATCH):
        rows.filter(pk__gte=start, pk__lt=start + BATCH, state="").update(state="")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(STATE_BEFORE)


class Migration(migrations.Migration):
    """Columns that the code before uses stay in the database."""

    dependencies = [("comments", "0003_reports_weigh_the_same")]
    operations = [
        migrations.AddField(
            "comment",
            "state",
            models.CharField(
                "state",
                max_length=7,
                choices=[
                    ("waiting", "waits for a moderator"),
                    ("shown", "on the page"),
                    ("hidden", "hidden by a moderator"),
                    ("removed", "deleted"),
                ],
                default="waiting",
                db_default="",
            ),
        ),
        migrations.RunSQL(KEEP_BOTH, LEAVE),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        migrations.RunSQL(BY_STATE, BY_MOMENTS),
        migrations.RemoveConstraint("comment", "hidden_comment_has_a_reason"),
        migrations.RemoveConstraint("comment", "removed_comment_is_empty"),
        migrations.RemoveConstraint("comment", "waiting_comment_is_queued"),
        migrations.RemoveIndex("comment", "shown_replies"),
        migrations.RemoveIndex("comment", "shown_conversations"),
        migrations.RemoveIndex("comment", "conversations_by_language"),
        migrations.RemoveIndex("comment", "approved_writers"),
        migrations.AddIndex(
            "comment",
            models.Index("root", "id", condition=VISIBLE, name="shown_replies"),
        ),
        migrations.AddIndex(
            "comment",
            models.Index(
                "campaign",
                "id",
                condition=CONVERSATION & models.Q(pinned_at=None),
                name="shown_conversations",
            ),
        ),
        migrations.AddIndex(
            "comment",
            models.Index(
                "campaign",
                "written_in",
                "id",
                condition=CONVERSATION & models.Q(pinned_at=None),
                name="conversations_by_language",
            ),
        ),
        migrations.AddIndex(
            "comment",
            models.Index(
                "writer",
                condition=models.Q(first_decided_at__isnull=False)
                & ~models.Q(writer=""),
                name="approved_writers",
            ),
        ),
        migrations.AddConstraint(
            "comment",
            models.CheckConstraint(
                condition=MOMENTS, name="comment_has_the_moments_of_its_state"
            ),
        ),
        migrations.AddConstraint(
            "comment",
            models.CheckConstraint(
                condition=~models.Q(state="waiting", repeats=None)
                | models.Q(queued_at__isnull=False),
                name="waiting_comment_is_queued",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("comment", "appeal_decided_at"),
                migrations.RemoveField("comment", "approved_at"),
                migrations.RemoveField("comment", "removed_at"),
            ]
        ),
    ]
