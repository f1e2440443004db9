"""The statement by which a worker takes mails that are due, with a lease."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from outbox.purposes import Lane

if TYPE_CHECKING:
    from outbox.outgoing_mail import OutgoingMail


# A receiving domain has at most two conversations with us, at most one of them in bulk.
MOST_CONVERSATIONS = 2
# A conversation lasts no longer than this, except for the relay's answer to a last dot
# (sending.py). A mail that was claimed longer ago was left behind, or its worker is
# about to notice that the mail is no longer its own. A mail that the relay may have
# waits for the end of its lease.
CONVERSATION = timedelta(seconds=90)
# So long after a form, somebody probably still looks for its mail.
FRESH = timedelta(minutes=1)
# Mails leave in the order in which they are due. When those that somebody waits for
# were held back, by a rate, a limit or a paused domain, the fresh ones go first, and
# then the newest of the others: who waited longest has probably left the page.
IN_TURN = """
    %(is_waited)s AND queued_at <= %(fresh_since)s,
    CASE WHEN %(is_waited)s AND queued_at <= %(fresh_since)s THEN queued_at END DESC,
    due_at, id
"""
# Domains are taken in the order of their first mail. Retries are left to the patient
# threads: a server that is slow for one mail is slow for others.
CLAIM = f"""
    WITH busy AS MATERIALIZED (
        SELECT domain FROM outbox_outgoingmail
        WHERE settled_at IS NULL AND claimed_at > %(talks_since)s
        GROUP BY domain
        HAVING count(DISTINCT claimed_at) >= %(most_conversations)s
            OR %(is_bulk)s AND bool_or(claimed_in_bulk)
    ), free AS (
        SELECT id, due_at, queued_at, domain FROM outbox_outgoingmail mail
        WHERE settled_at IS NULL AND lane = ANY(%(lanes)s) AND due_at <= %(now)s
          AND (claimed_at IS NULL OR claimed_at <= %(lease)s
               OR dot_at IS NULL AND claimed_at <= %(talks_since)s)
          AND (%(was_tried)s::boolean IS NULL OR (tries > 0) = %(was_tried)s)
          AND domain NOT IN (SELECT domain FROM busy)
          AND (dot_at IS NOT NULL OR NOT EXISTS (
            SELECT FROM outbox_pauseddomain paused WHERE paused.domain = mail.domain
              AND (mail.lane = 'bulk' OR NOT paused.only_bulk)))
    ), mine AS (
        SELECT mail.id FROM outbox_outgoingmail mail JOIN (
            SELECT id FROM free
            WHERE %(is_bulk)s
               OR domain = (SELECT domain FROM free ORDER BY {IN_TURN} LIMIT 1)
            ORDER BY {IN_TURN} LIMIT %(most)s
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


def turn(mail: "OutgoingMail") -> tuple[bool, float, datetime, int]:
    """The same order as IN_TURN, for mails that were claimed together."""
    fresh_since = timezone.now() - FRESH
    was_held_back = mail.lane == Lane.WAITED and mail.queued_at <= fresh_since
    newest = -mail.queued_at.timestamp() if was_held_back else 0
    return was_held_back, newest, mail.due_at, mail.pk
