"""What people do on a large site, by the verbs that its forms call."""

import os
from itertools import count

from library import rows
from library.pairs import Meter

_people = count()
_waiting = []  # what was posted, the newest last


def cost_of_act(name):
    """The CPU milliseconds of an act of somebody new, after what it needs."""
    before, act = ACTS[name]
    if before:
        before()
    with Meter() as meter:
        act()
    return meter.milliseconds


def _campaign():
    from campaigns.models import Campaign

    return Campaign.objects.get(slug="many")


def _email():
    return f"{os.getpid()}-{next(_people)}@new.example"


def sign():
    _waiting.append(rows.sign(_campaign().petition, _email()))


def comment():
    from tests.factories import write_comment

    _waiting.append(write_comment(_campaign(), "Please.", email=_email()))


def write():
    from tests.letters.makers import write

    _waiting.append(write(_campaign().letter, email=_email()))


def follow():
    from tests.factories import follow

    _waiting.append(follow(_campaign(), _email()))


def confirm():
    _waiting.pop().confirm()


def approve():
    _waiting.pop().moderated_by(None).show()


ACTS = {
    "signing": (None, sign),
    "confirming a signature": (sign, confirm),
    "commenting": (None, comment),
    "approving a comment": (comment, approve),
    "writing a letter": (None, write),
    "confirming a letter": (write, confirm),
    "following": (None, follow),
    "confirming a follow": (follow, confirm),
}
