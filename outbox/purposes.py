"""What mails are for, and how hard each kind is tried.

Every kind of mail is a `Purpose`, registered under the name that its rows keep. It says
when a mail may leave, what stands in it, whether it may still leave at the last moment,
and what follows from its end. How often it is tried, and for how long, is its policy.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.db.models import Model, QuerySet

    from outbox.outgoing_mail import OutgoingMail
    from outbox.reports import MailReport
    from safeguards.mail_allowance import MailAllowance


class Lane(StrEnum):
    """Who waits for a mail: somebody at a form, an official, or nobody."""

    WAITED = "waited"
    LETTER = "letter"
    BULK = "bulk"


@dataclass(frozen=True)
class Policy:
    """How a mail is tried: the waits between tries double, up to the longest.

    It is given up after `for_long`, but not before `fewest_tries`: a mail that was
    paused for a week has waited so long without being refused. When the relay had the
    whole message and its answer is lost, a mail that `repeats` is sent again. For any
    other mail it stays noted that it may have arrived.
    """

    lane: Lane
    first_wait: timedelta
    longest_wait: timedelta
    for_long: timedelta
    fewest_tries: int
    repeats: bool = False

    def wait_after(self, tries: int) -> timedelta:
        """How long to wait after so many tries."""
        return min(self.first_wait * 2 ** min(tries - 1, 10), self.longest_wait)

    def gives_up(self, waited: timedelta, tries: int) -> bool:
        return waited > self.for_long and tries >= self.fewest_tries


# For mails that somebody has asked for and looks for in their inbox.
ASKED_FOR = Policy(
    lane=Lane.WAITED,
    first_wait=timedelta(minutes=1),
    longest_wait=timedelta(hours=1),
    for_long=timedelta(days=1),
    fewest_tries=8,
    repeats=True,
)
# For mails that tell somebody what became of what they did.
NOTICE = Policy(
    lane=Lane.WAITED,
    first_wait=timedelta(minutes=1),
    longest_wait=timedelta(hours=6),
    for_long=timedelta(days=2),
    fewest_tries=12,
    repeats=True,
)
# For letters. The fewest tries are about half of those that fit into the days.
LETTER = Policy(
    lane=Lane.LETTER,
    first_wait=timedelta(minutes=5),
    longest_wait=timedelta(hours=6),
    for_long=timedelta(days=7),
    fewest_tries=16,
)
# For mails to very many, none of whom waits for it.
BULK = Policy(
    lane=Lane.BULK,
    first_wait=timedelta(minutes=5),
    longest_wait=timedelta(hours=6),
    for_long=timedelta(hours=60),
    fewest_tries=12,
)


class Later(Exception):
    """The mail may not leave before `until`; that costs it no try.

    `is_turn` says that it is then the mail's turn, for which it may take some minutes.
    """

    def __init__(self, until: datetime, *, is_turn: bool = False) -> None:
        super().__init__(f"not before {until:%Y-%m-%d %H:%M} UTC")
        self.until, self.is_turn = until, is_turn


class Never(Exception):
    """The mail must not leave at all. It is settled as stopped, with this reason."""


class Nothing(Exception):
    """There is nothing to say any more, so the row of the mail is deleted, too."""


class Purpose:
    """One kind of mail. It has no state: `mail.about` leads to what a mail is about."""

    # The name under which rows keep the purpose. It must never change.
    name = ""
    # What the mail is called, for its addressee and for staff. A purpose with several
    # texts has a title for each, by the name that compose() notes as `mail.text`.
    title: str | Promise = ""
    titles: Mapping[str, str | Promise] = {}
    policy = NOTICE
    # How many of them one mailbox gets in an hour and a day; None when no form of
    # strangers causes them.
    allowance: "ClassVar[MailAllowance | None]" = None
    # Whether only addresses that we know get it: accounts, and whom staff invite.
    goes_to_known = False
    # What the receiving server is asked to report (RFC 3461, 4.1).
    reports = "FAILURE"
    # Whether it comes unasked. Then mailboxes that bounced, complained or said stop get
    # none.
    is_unasked = False
    # Whether notes about its mails are deleted with the person who got them.
    goes_with_its_owner = False
    # The labels of the models whose rows its mails tell of. Staff who may not see all
    # of these find none of its mails.
    tells_of: Collection[str] = ()
    # Whether its addressee can stop it alone, by a link in it. It then ends with all
    # other mails as well, when they want no more.
    is_stoppable = False

    @property
    def is_counted_by_domain(self) -> bool:
        """Whether strangers can cause many to one domain (domain_allowance.py)."""
        return self.allowance is not None and not self.goes_to_known

    def waiting(self) -> "Sequence[QuerySet]":
        """Querysets that find what may be due, asked each second.

        While none of them finds a row, collect() is not called.
        """
        return ()

    def collect(self, most: int) -> None:
        """Make up to `most` rows of mails for items that are due in its app.

        This is called each second in which `waiting()` finds something, by one worker
        at a time for each purpose. A purpose whose mails are queued with what they are
        about does not need it.
        """

    def prepare(self, mails: Sequence["OutgoingMail"]) -> Any:  # noqa: ANN401
        """What `compose()` needs for these mails, read at once.

        `compose()` finds it as `mail.prepared`.
        """

    def when(self, mail: "OutgoingMail") -> None:
        """Return when the mail may leave now. Raises Later, Never or Nothing."""

    def may_wait(self, mail: "OutgoingMail") -> bool:
        """Whether the mail is still wanted when its mailbox may get mail again."""
        return True

    def compose(self, mail: "OutgoingMail") -> "EmailMessage | bytes":
        """The message to `mail.email`; bytes have CRLF.

        Composed again, it must be the same mail with the same keys. Raises Later, Never
        or Nothing.
        """
        raise NotImplementedError

    def may_leave(self, mail: "OutgoingMail") -> bool:
        """Whether the mail may still leave when all but the last dot is said.

        This runs in the transaction that marks the mail, and locks what the mail is
        about.
        """
        return True

    def settled(self, mail: "OutgoingMail") -> bool | None:
        """Write the outcome, `mail.outcome`, to what the mail was about.

        This runs in the transaction that settles the mail, before its row is locked.
        Returns whether there is news that this mail does not tell; then another is
        queued.
        """

    def reported(self, mail: "OutgoingMail", report: "MailReport") -> None:
        """Note a report that came later; in a transaction, like settled()."""

    def retry(self, mail: "OutgoingMail") -> bool:
        """Send the mail again because staff ask for it; whether that was possible.

        This is not called for a mail that arrived, nor when a newer one about it
        exists.
        """
        type(mail).objects.queue_again(mail)
        return True

    def waits_since(self, mail: "OutgoingMail") -> datetime:
        """From when the time counts after which the mail is given up."""
        return mail.turn_at or mail.queued_at

    def keys_named(self, message_id: str) -> Collection[int]:
        """The keys of what a Message-ID is about, where the purpose makes its own IDs.

        There are several keys when several mails share the ID.
        """
        return []

    def words_to_keep(self, mail: "OutgoingMail", words: str) -> str:
        """What may be kept of a server's words: they must not name an erased person."""
        return words

    def about_words(self, mails: Sequence["OutgoingMail"]) -> Mapping[int | None, str]:
        """What mails were about, in words, by key; for lists, so in few statements."""
        return {}

    def about_row(self, mail: "OutgoingMail") -> "Model | None":
        """The row by which staff find in the admin what a mail was about, or None."""


_PURPOSES: dict[str, Purpose] = {}


def register[Kind: Purpose](purpose: type[Kind]) -> type[Kind]:
    """Make a purpose known by its name; a class decorator."""
    if purpose.name in _PURPOSES:
        raise ValueError(f"two purposes are called {purpose.name}")
    _PURPOSES[purpose.name] = purpose()
    return purpose


class LeftOut(Purpose):
    """That of a room which the site leaves out now: its mails that wait are dropped."""

    def compose(self, mail: "OutgoingMail") -> "EmailMessage | bytes":
        raise Nothing


def purpose_named(name: str) -> Purpose:
    return _PURPOSES[name]


def purpose_of_row(name: str) -> Purpose:
    """The purpose of a stored mail."""
    return _PURPOSES.get(name) or LeftOut()


def all_purposes() -> dict[str, Purpose]:
    """All registered purposes, by name."""
    return dict(sorted(_PURPOSES.items()))


def purposes_of_owners() -> list[str]:
    """The names of the purposes whose notes go with the person who got the mails."""
    return [n for n, kind in all_purposes().items() if kind.goes_with_its_owner]


def stoppable_purposes() -> list[str]:
    """The names of the purposes that an addressee can stop, each alone."""
    return [name for name, kind in all_purposes().items() if kind.is_stoppable]


def purposes_to_collect() -> list[Purpose]:
    """The purposes that have something due in their apps, in order."""
    return [p for p in all_purposes().values() if any(q.exists() for q in p.waiting())]


def title_of(name: str, text: str = "") -> str | Promise:
    """The title of a purpose; the name itself, if there is no such purpose any more."""
    purpose = _PURPOSES.get(name)
    return purpose.titles.get(text, purpose.title) if purpose else name


def note_subjects(mails: Sequence["OutgoingMail"]) -> None:
    """Note at each mail, as `subject`, what it was about, in words."""
    by_purpose: dict[str, list[OutgoingMail]] = {}
    for mail in mails:
        mail.subject = ""
        by_purpose.setdefault(mail.purpose, []).append(mail)
    for name, some in by_purpose.items():
        words = _PURPOSES[name].about_words(some) if name in _PURPOSES else {}
        for mail in some:
            mail.subject = words.get(mail.about, "")
