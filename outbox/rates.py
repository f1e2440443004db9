"""How many mails leave in a minute, over all workers.

MAILS_A_MINUTE limits the mails that nobody waits for. A mail that somebody waits for
counts against it but is not held back by it: such mails have a ceiling of their own,
WAITED_MAILS_A_MINUTE. Letters keep a share of the rate, since workers take letters and
other mails in turn (outbox/dispatcher.py).
"""

from outbox.purposes import Lane
from safeguards.counters import EVERYBODY, MINUTE, Limit, WholeSite, take

# Windows of six seconds, so that a minute's mails do not all leave at its start.
SHORT = 6


class Rate:
    """How many mails a minute, by a setting, counted in short windows.

    The window is a minute where six seconds' share would be less than one mail.
    """

    def __init__(self, name: str, setting: str) -> None:
        self._short = Limit(
            name, of=WholeSite, window=SHORT, share=SHORT / MINUTE, setting=setting
        )
        self._long = Limit(
            f"{name}, slowly", of=WholeSite, window=MINUTE, setting=setting
        )

    def take(self, number: int) -> int:
        """Take up to `number`; returns how many. A negative number gives back."""
        limit = self._short if self._short.most else self._long
        return take(limit(EVERYBODY), number)


ALL = Rate("mails", "MAILS_A_MINUTE")
WAITED = Rate("mails waited for", "WAITED_MAILS_A_MINUTE")


def allowed(lane: Lane, number: int) -> int:
    """How many of `number` mails of a lane may leave now; give back what is unused."""
    if lane != Lane.WAITED:
        return ALL.take(number)
    granted = WAITED.take(number)
    ALL.take(granted)  # they count against the rate, but it does not hold them back
    return granted


def give_back(lane: Lane, number: int) -> None:
    """Give back what was allowed but did not leave."""
    if number > 0:
        ALL.take(-number)
        if lane == Lane.WAITED:
            WAITED.take(-number)
