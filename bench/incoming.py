"""10,000 messages that come to us, of each kind; every fifth comes by two ways.

`bin/python bench/incoming.py` has `receive()` take them as the pipe and the mailbox do,
and then holds what is stored beside what was sent. It fails when one was taken for what
it is not, when any did something twice, when somebody read twice where their message
went, or read it who had no right to, or when memory grew.
"""

import os
import sys
import time
from collections import Counter

from library import figures, program, servers

MANY, FIRST, MEGABYTES = 10_000, 1_000, 16
AGAIN = 5
# More than an hour may bring: these wait where they are.
FLOOD = 100


def main():
    options = program.options(__doc__, many=(MANY, "messages"))
    with servers.running() as started:
        database = {"DATABASE_URL": started.new_database("incoming")}
        figure = program.apart(
            take, options.many, INCOMING_MAIL_URL="pipe:", **database
        )
    what = f"{options.many:,} messages, {options.many // AGAIN:,} of them twice"
    aim = f"each once, {MEGABYTES} MB"
    figures.publish("incoming", [(what, aim, figure, "")], options)


def take(number):
    """Receive so many, and look at what became of them; returns the figure."""
    servers.tables()
    from library.messages import UNREADABLE

    from outbox.incoming import receiving

    senders, limit = _senders(number), receiving.MOST_FORWARDED_AN_HOUR
    # Every reply counts as ever; none is one too many.
    receiving.MOST_FORWARDED_AN_HOUR = 10**9
    expected, explained, memory = Counter(), set(), []
    begun, cpu = time.monotonic(), time.process_time()
    for each in range(number):
        message = senders.message(each)
        _expect(_kind(message.raw), message.kind, f"Message {each}")
        expected[message.kind] += 1
        explained |= {message.explained_to} - {""}
        if each % AGAIN == 0:
            again = senders.message(each, hop=2).raw
            _expect(_kind(again), message.kind, f"Message {each}, which came again")
        if each == min(FIRST, number // 2):
            memory.append(figures.memory(os.getpid()))
    seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
    memory.append(figures.memory(os.getpid()))
    del expected[UNREADABLE]
    _look(expected, explained)
    receiving.MOST_FORWARDED_AN_HOUR = min(limit, expected["reply"])
    _flood(senders, number)
    if memory[1] - memory[0] > MEGABYTES:
        sys.exit(f"Memory grew from {memory[0]:.0f} to {memory[1]:.0f} MB.")
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in expected.most_common())
    return (
        f"{seconds:.0f} s, {cpu * 1000 / number:.1f} ms of CPU each; {kinds}; "
        f"{len(explained):,} people read once where theirs went; "
        f"{memory[0]:.0f} MB after {min(FIRST, number // 2):,}, {memory[1]:.0f} at the "
        f"end, {figures.most_memory():.0f} at most"
    )


def _senders(number):
    """What the messages answer: mails to people, and a letter to officials."""
    from django.utils import timezone
    from library.messages import Senders

    from letters.officials.by_mail import record_address
    from outbox.models import OutgoingMail
    from outbox.outgoing_mail import addressed_to
    from tests.factories import make_letter, make_recipients

    everything = number + FLOOD
    letter = make_letter(recipients=make_recipients(everything // 20 + 1))
    officials = list(letter.recipient_list.recipients.order_by("order"))
    now = timezone.now()
    sent = OutgoingMail.objects.bulk_create(
        OutgoingMail(
            purpose="update",
            lane="bulk",
            about=n,
            tries=1,
            due_at=now,
            settled_at=now,
            outcome="sent",
            **addressed_to(f"p{n}@mail.example"),
        )
        for n in range(everything)
    )
    return Senders(sent.__getitem__, lambda n: record_address(letter, officials[n]))


def _kind(raw):
    from library.messages import UNREADABLE

    from outbox.incoming.reading import NoMessage
    from outbox.incoming.receiving import receive

    try:
        return receive(raw).kind
    except NoMessage:
        return UNREADABLE


def _look(expected, explained):
    """Hold the rows beside what was sent; each thing must be there just once."""
    from letters.models import OfficialAnswer
    from outbox.models import IncomingMail, OutgoingMail

    _expect(IncomingMail.objects.counted(days=1), dict(expected), "Stored messages")
    told = OutgoingMail.objects.filter(purpose="reply_explained")
    _expect(sorted(m.email for m in told), sorted(explained), "Explanations")
    forwarded = OutgoingMail.objects.filter(purpose="reply_forwarded").count()
    group = expected["reply"] + expected["answer"]  # these have something attached
    _expect(forwarded, group, "Forwarded messages")
    _expect(OfficialAnswer.objects.count(), expected["answer"], "Answers")
    noted = OutgoingMail.objects.exclude(bounced_at=None, complained_at=None)
    _expect(noted.count(), expected["report"], "Mails with a report")


def _flood(senders, number):
    """Replies above the limit of an hour leave nothing behind, and wait."""
    from outbox.incoming.receiving import TooManyReplies
    from outbox.models import IncomingMail

    before = IncomingMail.objects.count()
    waiting = 0
    for each in range(number, number + FLOOD):
        message = senders.message(each)
        try:
            _kind(message.raw)
        except TooManyReplies:
            waiting += message.kind == "reply"
        else:
            before += message.kind not in ("reply", "unreadable")
    _expect(IncomingMail.objects.count(), before, "Messages of a flood")
    _expect(waiting > 0, True, "A reply of a flood that waits")


def _expect(found, expected, what):
    if found != expected:
        sys.exit(f"{what}: {str(found)[:2000]}, and not {str(expected)[:2000]}.")


if __name__ == "__main__":
    program.run(main)
