"""How many mails leave in a minute, over all workers.

MAILS_A_MINUTE holds for all that nobody waits for. A mail that somebody waits for
counts against it and is not held back by it, up to a ceiling of its own:
WAITED_MAILS_A_MINUTE. Letters keep a share of the rate, since workers take letters and
other mails in turn (outbox/dispatcher.py).
"""

from outbox.purposes import Lane
from safeguards.counters import EVERYBODY, MINUTE, Limit, WholeSite, take

# Six seconds' worth at a time, so that a minute's mails do not leave at its start.
SHORT = 6


class Rate:
    """So many a minute: a setting, counted in short windows where it is large enough.

    A minute's share where six seconds' would be less than one mail.
    """

    def __init__(self, name: str, setting: str) -> None:
        self._short = Limit(
            name, of=WholeSite, window=SHORT, share=SHORT / MINUTE, setting=setting
        )
        self._long = Limit(
            f"{name}, slowly", of=WholeSite, window=MINUTE, setting=setting
        )

    def take(self, number: int) -> int:
        """Take up to as many; how many are granted. A negative number gives back."""
        limit = self._short if self._short.most else self._long
        return take(limit(EVERYBODY), number)


ALL = Rate("mails", "MAILS_A_MINUTE")
WAITED = Rate("mails waited for", "WAITED_MAILS_A_MINUTE")


def allowed(lane: Lane, number: int) -> int:
    """How many mails of a lane may leave now, of as many; give back what is unused."""
    if lane != Lane.WAITED:
        return ALL.take(number)
    granted = WAITED.take(number)
    ALL.take(granted)  # they count, and nothing holds them back
    return granted


def give_back(lane: Lane, number: int) -> None:
    """As many that were allowed did not leave."""
    if number > 0:
        ALL.take(-number)
        if lane == Lane.WAITED:
            WAITED.take(-number)
