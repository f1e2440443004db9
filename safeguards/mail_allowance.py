"""How many mails one mailbox gets because somebody typed its address."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from safeguards.counters import DAY, HOUR, Limit, give_back, reserve
from safeguards.mailbox import Mailbox


class MailLimitReached(Exception):
    """The mailbox has had enough mails for now; the next may go at `may_send_at`."""

    def __init__(self, may_send_at: datetime) -> None:
        super().__init__(f"next mail at {may_send_at:%Y-%m-%d %H:%M} UTC")
        self.may_send_at = may_send_at


class MailAllowance:
    """How many mails of one kind a mailbox may get in an hour and in a day.

    Each kind has its own allowance, so that using up one does not stop another: a
    stranger's forms do not stop the mail that resets a password. `a_day` names the
    limit of a day, where it is not the usual one.
    """

    def __init__(
        self, name: str, *, a_day: str = "LIMIT_MAILS_TO_ADDRESS_A_DAY"
    ) -> None:
        # The day comes first: when it is used up, the hour need not be counted.
        self._limits = (
            Limit(
                f"{name} mails a day",
                of=Mailbox,
                window=DAY,
                setting=a_day,
            ),
            Limit(
                f"{name} mails an hour",
                of=Mailbox,
                window=HOUR,
                setting="LIMIT_MAILS_TO_ADDRESS",
            ),
        )

    @contextmanager
    def one_for(self, email: str) -> Iterator[Callable[[], None]]:
        """Take one mail of this mailbox's allowance while the block tries to send it.

        Raises MailLimitReached when none is left. This is exact even when many workers
        ask at once. If the block raises, the mail is given back. The block receives a
        function, which it calls when the relay has refused the mail for good; that
        gives the mail back, too.
        """
        counters = [limit(Mailbox(email)) for limit in self._limits]
        if used_up := reserve(*counters):
            raise MailLimitReached(used_up.window_end)
        back = [counters]

        def unused():
            for taken in back:
                give_back(*taken)
            back.clear()

        try:
            yield unused
        except BaseException:
            unused()
            raise
