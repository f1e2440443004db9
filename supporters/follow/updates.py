"""The mails that bring updates to followers, from what is due to what came of it.

An update waits as one row for each follower (`UpdateForFollower`). Mails are made for
as many followers as can get theirs soon, and no more. So an update to 100,000 followers
can really be paused, and what else the outbox holds is found quickly.
"""

from collections import defaultdict
from functools import cache

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.models import Outcome, OutgoingMail
from outbox.purposes import BULK, Never, Nothing, Purpose, register
from supporters.acts import refusals
from supporters.follow.audience import reached_by
from supporters.follow.mailings import Mailing
from supporters.follow.models import Follow
from supporters.follow.update_for_follower import UpdateForFollower
from supporters.follow.update_mail import UpdateMail
from supporters.people.models import Supporter, first_names_of

NAME = "update"
# The followers whose rows have waited longest, for whom mails are to be made. They are
# looked up one mailing at a time, so that paused ones cost nothing. Nobody can be
# erased meanwhile.
_WHO_IS_NEXT = """
    SELECT id, email FROM supporters_supporter supporter WHERE id IN (
        SELECT item.supporter_id FROM supporters_mailing mailing, LATERAL (
            SELECT supporter_id, due_at FROM supporters_updateforfollower
            WHERE mailing_id = mailing.id AND settled_at IS NULL AND mail_id IS NULL
              AND due_at <= %(now)s
            ORDER BY due_at LIMIT %(most)s
        ) item
        WHERE mailing.queued_at IS NOT NULL AND mailing.paused_at IS NULL
        ORDER BY item.due_at LIMIT %(most)s
    ) AND NOT EXISTS (  -- one that is on its way takes no more with it
        SELECT FROM outbox_outgoingmail
        WHERE about = supporter.id AND purpose = 'update' AND settled_at IS NULL
          AND claimed_at IS NOT NULL)
    FOR KEY SHARE SKIP LOCKED
"""
# All that is due for these followers leaves in their open mails: those that nobody is
# sending, or that the caller is about to write. It waits for no lock, so it is in
# nobody's way.
_LINK = """
    WITH waiting AS MATERIALIZED (  -- few of all that there ever were
        SELECT id FROM supporters_mailing mailing
        WHERE queued_at IS NOT NULL AND paused_at IS NULL AND EXISTS (
            SELECT FROM supporters_updateforfollower
            WHERE mailing_id = mailing.id AND settled_at IS NULL AND mail_id IS NULL
              AND due_at <= %(now)s)
    ), due AS (
        SELECT item.id, supporter_id FROM supporters_updateforfollower item
        JOIN waiting ON waiting.id = item.mailing_id
        WHERE supporter_id = ANY(%(supporters)s::bigint[]) AND settled_at IS NULL
          AND mail_id IS NULL AND due_at <= %(now)s
        FOR UPDATE OF item SKIP LOCKED
    ), mail AS (
        SELECT id, about FROM outbox_outgoingmail
        WHERE about IN (SELECT supporter_id FROM due) AND purpose = 'update'
          AND settled_at IS NULL AND dot_at IS NULL
          AND (claimed_at IS NULL OR id = ANY(%(mine)s))
        FOR UPDATE SKIP LOCKED
    )
    UPDATE supporters_updateforfollower item SET mail_id = mail.id
    FROM due JOIN mail ON mail.about = due.supporter_id WHERE item.id = due.id
"""
# Erasing, stopping, wanting less and pausing each come before this statement or after
# it.
_STILL = """
    WITH owner AS (
        SELECT id FROM supporters_supporter WHERE id = %(supporter)s FOR KEY SHARE
    ), item AS (
        SELECT id, mailing_id FROM supporters_updateforfollower
        WHERE mail_id = %(mail)s AND settled_at IS NULL
          AND supporter_id = (SELECT id FROM owner)
        FOR NO KEY UPDATE
    ), follow AS (
        SELECT id FROM ({active}) active
        WHERE id = ANY(%(follows)s) AND supporter_id = (SELECT id FROM owner)
        FOR SHARE
    )
    SELECT (SELECT array_agg(id ORDER BY id) FROM item) = %(items)s::bigint[]
       AND (SELECT count(*) FROM follow) = %(number)s
       AND NOT EXISTS (SELECT FROM supporters_mailing mailing
             WHERE id IN (SELECT mailing_id FROM item) AND paused_at IS NOT NULL)
"""


@register
class UpdatesForFollower(Purpose):
    """All that is due for one follower, whose key is `mail.about`."""

    name = NAME
    title = _("Updates from campaigns")
    policy = BULK
    is_unasked = True
    goes_with_its_owner = True
    tells_of = ("supporters.follow",)

    def waiting(self):
        """Mailings on their way and not paused, with rows that are due."""
        due = UpdateForFollower.objects.filter(
            mailing=OuterRef("pk"),
            settled_at=None,
            mail=None,
            due_at__lte=timezone.now(),
        )
        on_their_way = Mailing.objects.filter(queued_at__isnull=False, paused_at=None)
        return [on_their_way.filter(Exists(due))]

    def collect(self, most):
        """Make mails for those who have waited longest, unless many wait to leave.

        What is due for somebody who has an open mail leaves in that one.
        """
        ready = OutgoingMail.objects.due().filter(purpose=NAME, claimed_at=None)
        most -= ready[:most].count()
        if most <= 0:
            return
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(_WHO_IS_NEXT, {"now": now, "most": most})
            followers = sorted(cursor.fetchall())  # in one order, whoever finds them
        if followers:
            OutgoingMail.objects.queue_many(NAME, followers)
            _link([supporter for supporter, _email in followers], now)

    def prepare(self, mails):
        supporters = [mail.about for mail in mails]
        _link(supporters, timezone.now(), mine=[mail.pk for mail in mails])
        return Slice(mails)

    def compose(self, mail):
        """One mail with all of its updates that the follower still wants.

        An update that they do not want any more is stopped, and a paused one waits
        again.
        """
        slice_ = mail.prepared
        items = slice_.items[mail.pk]
        paused = [item for item in items if slice_.mailings[item.mailing_id].paused_at]
        if paused:
            _of(paused).filter(mail=mail.pk).update(mail=None)
        items = [item for item in items if item not in paused]
        if not items:
            raise Nothing
        follows = {item: slice_.follows_for(item) for item in items}
        wanted = [item for item in items if follows[item]]
        if not wanted:
            raise Never("its owner has stopped it")
        if unwanted := [item for item in items if not follows[item]]:
            _of(unwanted).filter(mail=mail.pk).update(mail=None)
            _of(unwanted).open().settle(Outcome.STOPPED)
        by = list(dict.fromkeys(f for item in wanted for f in follows[item]))
        mail.composed = wanted, by
        updates = [slice_.mailings[item.mailing_id].update for item in wanted]
        updates.sort(key=lambda update: update.published_at or update.created_at)
        owner, name = slice_.supporters[mail.about], slice_.names.get(mail.about, "")
        return slice_.composer.bytes_for(mail, updates, by, owner, name)

    def may_leave(self, mail):
        items, follows = mail.composed
        with connection.cursor() as cursor:
            cursor.execute(
                _still(),
                {
                    "mail": mail.pk,
                    "supporter": mail.about,
                    "items": [item.pk for item in items],
                    "follows": [follow.pk for follow in follows],
                    "number": len(follows),
                },
            )
            return cursor.fetchone()[0]

    def retry(self, mail):
        """Nothing: its updates were settled with it; the next ones have a new mail."""
        return False

    def settled(self, mail):
        UpdateForFollower.objects.filter(mail=mail.pk).settle(mail.outcome)
        refusals.note_outcome(mail)

    def reported(self, mail, report):
        refusals.note_report(mail, report)


class Slice:
    """What a handful of mails need to be written, read at once."""

    def __init__(self, mails):
        self.composer = UpdateMail()
        self.items = defaultdict(list)
        items = UpdateForFollower.objects.open().filter(mail__in=mails).order_by("pk")
        for item in items:
            self.items[item.mail_id].append(item)
        self.supporters = Supporter.objects.in_bulk([mail.about for mail in mails])
        self.names = first_names_of(self.supporters)
        self.mailings = Mailing.objects.select_related(
            "update__campaign", "update__follow_up"
        ).in_bulk({item.mailing_id for item in items})
        for mailing in self.mailings.values():
            if not mailing.update.campaign.is_published:
                mailing.pause()  # its link would lead to a page that is gone
        self._follows = defaultdict(list)
        for pk, mailing in self.mailings.items():
            reached = reached_by(mailing.update, mailing.only)
            reached = reached.filter(supporter__in=self.supporters)
            for follow in reached.order_by("pk"):
                self._follows[pk, follow.supporter_id].append(follow)

    def follows_for(self, item):
        """The follows by which this comes; none when it is not wanted any more."""
        return self._follows[item.mailing_id, item.supporter_id]


@cache
def _still():
    """The statement, with the audience's rule for active follows."""
    active, _no_values = Follow.objects.active().query.sql_with_params()
    return _STILL.format(active=active)


def _link(supporters, now, mine=()):
    values = {"supporters": supporters, "now": now, "mine": list(mine)}
    with connection.cursor() as cursor:
        cursor.execute(_LINK, values)


def _of(items):
    return UpdateForFollower.objects.filter(pk__in=[item.pk for item in items])
