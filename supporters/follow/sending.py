"""Sending the mails to followers: in batches, at a rate, each written down.

A worker claims a batch with a lease, and marks each mail just before its last dot
(decision 6). Whatever breaks before that may be tried again without a doubt; what
breaks between the dot and the answer may have arrived, and is not sent again.
"""

import logging
import time
from collections import defaultdict
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate.contrib.django import app

from campaigns.models import Update
from database.retrying import for_a_day
from outbox import mail, relay
from safeguards.counters import EVERYBODY, MINUTE, Limit, WholeSite, take, window_end
from staff.models import User
from supporters.acts.because import Because
from supporters.follow import refusals, tasks, update_mail
from supporters.follow.mailings import Copy, Mailing
from supporters.follow.models import Follow
from supporters.people.models import Supporter

logger = logging.getLogger(__name__)
BATCH = 50
JOB_SECONDS = 20
# A rate of six seconds, so that a minute's mails do not leave at its start.
QUICK = Limit(
    "mails to followers",
    of=WholeSite,
    window=6,
    share=6 / MINUTE,
    setting="FOLLOW_MAILS_A_MINUTE",
)
SLOW = Limit(
    "mails to followers, slowly",
    of=WholeSite,
    window=MINUTE,
    setting="FOLLOW_MAILS_A_MINUTE",
)
# Waits of 5, 10, 20, 40 … minutes, six hours at most: two days and a half in all.
MOST_TRIES = 14
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)

_NOTE_DATA = """
    UPDATE supporters_copy SET data_at = %(now)s
    WHERE id = ANY(%(copies)s) AND claimed_at = %(claimed)s
      AND (SELECT count(*) FROM supporters_follow
           WHERE id = ANY(%(follows)s) AND stopped_at IS NULL) = %(number)s
      AND NOT EXISTS (SELECT FROM supporters_mailing
           WHERE id = ANY(%(mailings)s) AND paused_at IS NOT NULL)
"""


def work_through(seconds):
    """Send what is due for as long as this; whether there may be more."""
    end, composer = time.monotonic() + seconds, update_mail.UpdateMail()
    while time.monotonic() < end:
        granted, wait = _allowed(BATCH)
        if not granted:
            time.sleep(max(0, min(wait, end - time.monotonic())))
            continue
        batch = MailBatch(Copy.objects.claim(granted), composer)
        _give_back(granted - batch.mails)
        if not batch.mails or not batch.send():
            return False
    return True


class MailBatch:
    """Mails that this worker has claimed, and sends over one connection."""

    def __init__(self, copies, composer):
        self._composer = composer
        self._mails = defaultdict(list)
        for copy in sorted(copies, key=lambda copy: copy.pk):
            self._mails[copy.mail].append(copy)
        self.mails = len(self._mails)

    def send(self):
        """Send each; False when the relay takes nothing at the moment."""
        copies = [copy for copies in self._mails.values() for copy in copies]
        owners = {copy.supporter_id for copy in copies}
        self._supporters = Supporter.objects.in_bulk(owners)
        self._follows = defaultdict(list)
        for follow in Follow.objects.active().filter(supporter__in=owners):
            self._follows[follow.supporter_id].append(follow)
        mailings = Mailing.objects.filter(pk__in={copy.mailing_id for copy in copies})
        self._updates = {
            mailing.pk: mailing.update
            for mailing in mailings.select_related(
                "update__campaign", "update__follow_up"
            )
        }
        with relay.Post() as conversation:
            waiting = list(self._mails.values())
            while waiting:
                try:
                    self._send_one(waiting.pop(0), conversation)
                except relay.NoRelay:
                    self._release([copy for copies in waiting for copy in copies])
                    return False
        return True

    def _send_one(self, copies, conversation):
        left_behind = [copy for copy in copies if copy.data_at]
        if left_behind:  # by a dead worker, when the relay had the whole mail
            _settle(left_behind, may_have_arrived_at=Now())
        copies, follows = self._wanted([c for c in copies if not c.data_at])
        if not copies:
            return
        updates = [self._updates[copy.mailing_id] for copy in copies]
        updates.sort(key=lambda update: update.published_at or update.created_at)
        first, owner = copies[0], self._supporters[copies[0].supporter_id]
        try:
            words = conversation.hand_over(
                first.bounce_address,
                owner.email,
                self._composer.bytes_for(first, updates, follows, owner),
                before_the_end=lambda: self._note_data(copies, follows),
            )
        except relay.NotNow as answer:
            _wait(copies, str(answer))
            if isinstance(answer, relay.NoRelay):
                raise
        except relay.Refused as answer:
            _settle(copies, refused_at=Now(), reply=str(answer)[:300])
            if relay.says_bad_address(str(answer)):
                owner.unsubscribe(Because.BOUNCED, str(answer))
            elif relay.says_unwanted(str(answer)):
                refusals.stop_when_repeated(owner, str(answer))
        except relay.AnswerLost as lost:
            _settle(copies, may_have_arrived_at=Now(), reply=str(lost)[:300])
        except relay.ChangedMeanwhile:
            self._release(copies)
        except Exception as fault:  # ours: it waits until it is mended
            logger.exception("Mail %s to a follower could not be tried", first.pk)
            _wait(copies, f"{type(fault).__name__} on our side")
        else:
            _settle(copies, handed_over_at=Now(), reply=words[:300])

    def _wanted(self, copies):
        """The copies whose owners still follow, and by what; the others are stopped."""
        wanted, follows = [], []
        for copy in copies:
            own = self._follows[copy.supporter_id]
            update = self._updates[copy.mailing_id]
            covering = [f for f in own if _covers(f, update)]
            if covering:
                wanted.append(copy)
                follows += [f for f in covering if f not in follows]
        stopped = [copy for copy in copies if copy not in wanted]
        if stopped:
            _settle(stopped, stopped_at=Now())
        return wanted, follows

    def _note_data(self, copies, follows):
        """Write down that the relay has it from now on, if nothing has changed."""
        with connection.cursor() as cursor:
            cursor.execute(
                _NOTE_DATA,
                {
                    "now": timezone.now(),
                    "copies": [copy.pk for copy in copies],
                    "claimed": copies[0].claimed_at,
                    "follows": [follow.pk for follow in follows],
                    "number": len(follows),
                    "mailings": [copy.mailing_id for copy in copies],
                },
            )
            if cursor.rowcount != len(copies):
                raise relay.ChangedMeanwhile

    def _release(self, copies):
        """Give back what was not sent, as if it had not been claimed."""
        _mine(copies).update(claimed_at=None, data_at=None, tries=F("tries") - 1)


def _covers(follow, update):
    campaign = update.campaign
    if follow.only_outcome and not update.is_outcome:
        return False
    if follow.campaign_id is None:
        return follow.language == campaign.language
    return follow.campaign_id == campaign.pk


def _mine(copies):
    """The rows, as long as nobody else has taken the lease over."""
    if not copies:
        return Copy.objects.none()
    return Copy.objects.filter(
        pk__in=[copy.pk for copy in copies], claimed_at=copies[0].claimed_at
    )


def _settle(copies, **what):
    _mine(copies).update(settled_at=Now(), claimed_at=None, **what)


def _wait(copies, words):
    tries = max(copy.tries for copy in copies)
    if tries >= MOST_TRIES:
        _settle(copies, gave_up_at=Now(), reply=words[:300])
        return
    wait = min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
    _mine(copies).update(
        claimed_at=None,
        data_at=None,
        due_at=timezone.now() + wait,
        reply=words[:300],
    )


def _allowed(wanted):
    """How many mails may leave now, over all workers, and else the seconds to wait."""
    rate = _rate()
    granted = take(rate(EVERYBODY), wanted)
    wait = (window_end(rate.window) - timezone.now()).total_seconds()
    return granted, wait


def _give_back(number):
    if number > 0:
        take(_rate()(EVERYBODY), -number)


def _rate():
    """A minute's share where six seconds' would be less than one mail."""
    return QUICK if QUICK.most else SLOW


@app.task(name="supporters.send_to_followers")
def send_to_followers(sender):
    """Some seconds' worth of mails; then whatever else waits gets its turn."""
    if work_through(JOB_SECONDS):
        tasks.start_sender(sender)


@app.task(name="supporters.send_test", retry=for_a_day)
def send_test(update_pk, user_pk):
    """An update as its followers will get it, for who asked to see it."""
    update = Update.objects.select_related("campaign").filter(pk=update_pk).first()
    user = User.objects.filter(pk=user_pk).first()
    if update and user:
        mail.message(user.email, *update_mail.sample_update(update)).send()
