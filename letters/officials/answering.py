"""Mailing an official's answer to all who wrote: each once, in batches, at a rate.

A copy is marked just before its last dot (decision 6): what breaks before is tried
again, what breaks after may have arrived, and is not repeated. The job has a lock, so
that one worker is at it.
"""

import logging
import time
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate.contrib.django import app

from letters.officials import tasks
from letters.officials.answers import AnswerCopy
from outbox import relay
from safeguards.counters import EVERYBODY, MINUTE, Limit, WholeSite, take, window_end
from supporters.models import Because, SentMail

logger = logging.getLogger(__name__)
# Somebody may wait for what else stands in the queue.
SECONDS, BATCH = 20, 50
ANSWERS = Limit("answers", of=WholeSite, window=MINUTE, setting="FOLLOW_MAILS_A_MINUTE")
# Waits of 5, 10, 20, 40 … minutes, six hours at most: two days and a half in all.
MOST_TRIES = 14
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)


def work_through():
    """Mail for some seconds; the moment to go on at when there may be more, or None."""
    end = time.monotonic() + SECONDS
    due = AnswerCopy.objects.due().select_related(
        "supporter", "answer__recipient", "answer__letter__campaign"
    )
    while time.monotonic() < end:
        granted = take(ANSWERS(EVERYBODY), BATCH)
        if not granted:
            return window_end(MINUTE)
        AnswerCopy.objects.settle_unwanted()
        batch = list(due.order_by("due_at", "pk")[:granted])
        if not batch:
            return None
        with relay.Post() as conversation:
            for copy in batch:
                try:
                    _send(copy, conversation)
                except relay.NoRelay:
                    return None  # in ten minutes
    return timezone.now()


def _send(copy, conversation):
    mine = AnswerCopy.objects.filter(pk=copy.pk)
    sent = SentMail(
        supporter=copy.supporter, kind="official_answer", campaign=copy.answer.campaign
    )

    def note():
        # Its owner may have erased everything meanwhile: then it is not sent.
        sent.sent_at = timezone.now()
        try:
            with transaction.atomic():
                if not mine.filter(data_at=None).update(data_at=Now()):
                    raise relay.Refused("erased")
                sent.save()
        except IntegrityError:
            raise relay.Refused("erased") from None

    try:
        conversation.hand_over(
            sent.bounce_address,
            copy.supporter.email,
            copy.mail(sent),
            before_the_end=note,
        )
    except relay.NotNow as answer:
        if sent.pk:
            sent.delete()
        _wait(copy, mine)
        if isinstance(answer, relay.NoRelay):
            raise
    except relay.Refused as answer:
        mine.update(refused_at=Now(), data_at=None)
        if sent.pk:
            SentMail.objects.filter(pk=sent.pk).update(refused_at=Now())
        if relay.says_bad_address(str(answer)):
            copy.supporter.unsubscribe(Because.BOUNCED, str(answer))
    except relay.AnswerLost:
        logger.warning("Copy %s of an answer may have arrived", copy.pk)


def _wait(copy, mine):
    if copy.tries >= MOST_TRIES:
        mine.update(refused_at=Now(), data_at=None)
        return
    wait = min(FIRST_WAIT * 2**copy.tries, LONGEST_WAIT)
    mine.update(data_at=None, tries=F("tries") + 1, due_at=timezone.now() + wait)


@app.task(name="letters.mail_answers")
def mail_answers():
    """Some seconds' worth of mails; then whatever else waits gets its turn."""
    if at := work_through():
        tasks.start_answering(at)
