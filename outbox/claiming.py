"""The statement by which a worker takes mails that are due, with a lease."""

from datetime import timedelta

# A receiving domain has at most two conversations with us, at most one of them in bulk.
MOST_CONVERSATIONS = 2
# A conversation lasts no longer than this, except for the relay's answer to a last dot
# (sending.py). A mail that was claimed longer ago was left behind, or its worker is
# about to notice that the mail is no longer its own. A mail that the relay may have
# waits for the end of its lease.
CONVERSATION = timedelta(seconds=90)
# Domains are taken in the order in which their first mail is due. Retries are left to
# the patient threads: a server that is slow for one mail is slow for others.
CLAIM = """
    WITH busy AS MATERIALIZED (
        SELECT domain FROM outbox_outgoingmail
        WHERE settled_at IS NULL AND claimed_at > %(talks_since)s
        GROUP BY domain
        HAVING count(DISTINCT claimed_at) >= %(most_conversations)s
            OR %(is_bulk)s AND bool_or(claimed_in_bulk)
    ), free AS (
        SELECT id, due_at, domain FROM outbox_outgoingmail mail
        WHERE settled_at IS NULL AND lane = ANY(%(lanes)s) AND due_at <= %(now)s
          AND (claimed_at IS NULL OR claimed_at <= %(lease)s
               OR dot_at IS NULL AND claimed_at <= %(talks_since)s)
          AND (%(was_tried)s::boolean IS NULL OR (tries > 0) = %(was_tried)s)
          AND domain NOT IN (SELECT domain FROM busy)
          AND (dot_at IS NOT NULL OR NOT EXISTS (
            SELECT FROM outbox_pauseddomain paused WHERE paused.domain = mail.domain))
    ), mine AS (
        SELECT mail.id FROM outbox_outgoingmail mail JOIN (
            SELECT id FROM free
            WHERE %(is_bulk)s
               OR domain = (SELECT domain FROM free ORDER BY due_at, id LIMIT 1)
            ORDER BY due_at, id LIMIT %(most)s
        ) chosen USING (id)
        FOR UPDATE OF mail SKIP LOCKED
    )
    UPDATE outbox_outgoingmail mail
    SET claimed_at = %(now)s, claimed_in_bulk = %(is_bulk)s, tries = tries + 1
    FROM mine WHERE mine.id = mail.id
    RETURNING mail.*
"""
# Claims come one after the other, so that conversations are counted exactly.
ONE_CLAIM_AT_A_TIME = "SELECT pg_advisory_xact_lock(7216, 1)"
