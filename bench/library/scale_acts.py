"""What people do on a large site, by the verbs that its forms call."""

import os
from itertools import count

from library import rows
from library.pairs import Meter

_people = count()
_pending = []


def cost_of_act(name):
    """The CPU milliseconds of an act of somebody new."""
    act = ACTS[name]
    with Meter() as meter:
        act()
    return meter.milliseconds


def _campaign():
    from campaigns.models import Campaign

    return Campaign.objects.get(slug="many")


def _email():
    return f"{os.getpid()}-{next(_people)}@new.example"


def sign():
    _pending.append(rows.sign(_campaign().petition, _email()))


def confirm():
    _pending.pop().confirm()


def comment():
    from tests.factories import write_comment

    write_comment(_campaign(), "Please.", email=_email())


def decide():
    """A moderator shows the newest comment that waits."""
    from comments.models import Comment

    Comment.objects.queued().latest("pk").moderated_by(None).show()


def write():
    from tests.letters.makers import write

    _pending.append(write(_campaign().letter, email=_email()))


def follow():
    from tests.factories import follow

    follow(_campaign(), _email())


ACTS = {
    "signing": sign,
    "confirming it": confirm,
    "commenting": comment,
    "approving a comment": decide,
    "writing a letter": write,
    "confirming the letter": confirm,
    "following": follow,
}
