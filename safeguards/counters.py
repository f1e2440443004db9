"""Counters that hold across all web processes, in PostgreSQL (decision 29).

Each limit is declared once, with the class of what it is counted for: a Mailbox, a
MailDomain, a Network, a PageVisitor, a staff Account or the WholeSite. Nothing else can
be counted, so no spelling of an address gets round a limit, and an erasure finds every
counter that is of a mailbox alone. A hit is counted in a statement of its own, outside
the transaction of the act, so that a refused act still counts. Rows hold keyed hashes
only, and are deleted a day after their window.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.keyed_hashes import keyed_hash
from database.personal_data import PersonalData
from database.rows import rows_of
from safeguards import limits
from safeguards.mailbox import Mailbox, MailDomain
from safeguards.network import Network, Networks, PageVisitor

MINUTE, HOUR, DAY = 60, 3600, 86400
# How many times the share of one address its networks may use: the address itself, one
# customer's network, a /48. The address is counted first, and a hit above its share is
# not counted further: a flood from one address leaves half of its network's share to
# its neighbours.
SHARES = (1, 2, 5)
# Each statement that counts also reads the numbers that staff have set, marked by this.
OF_LIMITS = -1
_NUMBERS = f"SELECT {OF_LIMITS}, NULL, own.* FROM ({limits.NUMBERS}) own"
_HITS_OF = """
    SELECT coalesce(sum(count), 0) FROM safeguards_hits WHERE key = ANY(%s::bytea[])
"""
_ADD = f"""
    WITH hit AS (
        INSERT INTO safeguards_hits (key, count, ends_at) VALUES (%s, %s, %s)
        ON CONFLICT (key) DO UPDATE SET count = greatest(0, safeguards_hits.count + %s)
        RETURNING count
    ) SELECT 0, count + ({_HITS_OF}), NULL, NULL FROM hit UNION ALL {_NUMBERS}
"""


class HitsQuerySet(models.QuerySet["Hits"]):
    def of_mailbox(self, email: str) -> Self:
        """What was counted for a mailbox, in every window that is still kept."""
        now = timezone.now().timestamp()
        keys = [
            counter.row_key(int(now // limit.window) - back)
            for limit in Limit.declared.values()
            if limit.of == (Mailbox,)
            for counter in limit(Mailbox(email))
            # A window is kept for a day after its end, and then until the next night.
            for back in range(3 * DAY // limit.window + 1)
        ]
        return self.filter(key__in=keys)


class Hits(models.Model):
    """How often something happened in one window of time."""

    key = models.BinaryField(primary_key=True, max_length=16)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    objects = HitsQuerySet.as_manager()
    personal_data = PersonalData(
        by_address="of_mailbox",
        identifies=("key",),
        export="",
        erase="delete",
        order=5,
        kept=(
            Kept(
                name="counters",
                words=_(
                    "counts of what came from a network or address, after their day"
                ),
                period=1,
                since="ends_at",
            ),
        ),
    )

    class Meta:
        app_label = "safeguards"
        verbose_name_plural = "hits"

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"


@dataclass(frozen=True)
class Account:
    """The account of one of the staff, by its user name in any case."""

    name: str

    @property
    def key(self) -> str:
        return self.name.strip().lower()


@dataclass(frozen=True)
class WholeSite:
    """All of the site together."""

    key = ""


COUNTED_FOR = (Mailbox, MailDomain, Network, PageVisitor, Account, WholeSite)
EVERYBODY = WholeSite()
type CountedFor = Mailbox | MailDomain | Network | PageVisitor | Account | WholeSite


class Limit:
    """How often something may happen in a window, counted for what `of` names.

    `of` is one of COUNTED_FOR, or several of them for a counter of their combination;
    `setting` names one of limits.LIMITS, the number that says how often; `share` is how
    much of that number counts. With several `windows`, the hits of the last ones count
    together. So nothing lets through twice the number, as a single window does when it
    ends; hit() alone looks at no other window. Called with what it is counted for, a
    limit returns the counters to pass to hit(), reserve() and count():

        POSTS = Limit("posts", of=Network, window=HOUR, setting="LIMIT_COMMENTS")
        if hit(POSTS(networks_of(request))): ...  # too many
    """

    declared: ClassVar[dict[str, "Limit"]] = {}

    def __init__(
        self,
        name: str,
        *,
        of: type[CountedFor] | tuple[type[CountedFor], ...],
        window: int,
        setting: str,
        share: float = 1,
        windows: int = 1,
    ) -> None:
        self.of = of if isinstance(of, tuple) else (of,)
        for kind in self.of:
            if kind not in COUNTED_FOR:
                raise TypeError(f"{name} cannot be counted for a {kind.__name__}")
        if setting not in limits.LIMITS:
            raise TypeError(f"{setting} is no limit that staff can set")
        if name in Limit.declared:
            raise ValueError(f"{name} is declared twice")
        self.name, self.window, self.setting = name, window, setting
        self._share, self.windows = share, windows
        self.order = len(Limit.declared)
        Limit.declared[name] = self

    @property
    def most(self) -> int:
        return int(limits.number(self.setting) * self._share)

    def __call__(self, *keys: CountedFor | Networks) -> tuple["Counter", ...]:
        """The counters of this limit for these keys, from narrow to wide.

        Raises TypeError when the keys are not what the limit is counted for. Networks
        are counted as what they consist of; within a combination, as the customer's
        network.
        """
        if self.of == (Network,) and isinstance(keys[0], Networks):
            return tuple(
                Counter(self, network.key, share)
                for network, share in zip(keys[0].narrow_to_wide, SHARES, strict=False)
            )
        narrow = [key.customer if isinstance(key, Networks) else key for key in keys]
        if tuple(map(type, narrow)) != self.of:
            raise TypeError(f"{self.name} is not counted for {narrow}")
        return (Counter(self, "\n".join(key.key for key in narrow)),)


@dataclass(frozen=True)
class Counter:
    """How often something happened for one key of a limit, at one moment.

    The moment is that of its making, so what was taken is given back where it counts,
    even when its window has ended meanwhile.
    """

    limit: Limit
    of: str
    # How many times the limit's number it may count.
    share: int = 1
    at: float = field(default_factory=lambda: timezone.now().timestamp(), compare=False)

    @property
    def most(self) -> int:
        """The number that holds now; a statement that counts may have changed it."""
        return self.limit.most * self.share

    @property
    def window_end(self) -> datetime:
        """When its window is over."""
        return _end(self._number, self.limit.window)

    @property
    def _number(self):
        return int(self.at // self.limit.window)

    def row_key(self, window_number: int) -> bytes:
        counted = f"{self.limit.name}\n{self.of}\n{window_number}"
        return keyed_hash("limits", counted)[:16]

    @property
    def key_now(self) -> bytes:
        return self.row_key(self._number)

    @property
    def earlier_keys(self) -> list[bytes]:
        """Those of the windows before that count together with this one."""
        return [self.row_key(self._number - n) for n in range(1, self.limit.windows)]


# The counters of one limit for one sender, from narrow to wide.
type Chain = tuple[Counter, ...]


def hit(*chains: Chain) -> list[Counter]:
    """Count one hit on each chain of counters; returns the counters that are over.

    In a chain, a wider counter is hit only while the narrower ones are not over.
    """
    counts, _answers = hit_and_ask(chains)
    return [counter for counter, number in counts.items() if number > counter.most]


def hit_and_ask(
    chains: Iterable[Chain],
    question: str = "SELECT NULL, NULL WHERE false",
    values: Iterable[Any] = (),
) -> tuple[dict[Counter, int], list[tuple[str, str]]]:
    """Count like hit(), and ask for rows of two texts in the same statement.

    Returns the rows, and as a dict the hits in each counter's present window, this one
    included. One statement saves every form a round trip.
    """
    # One order for all requests, so that two never wait for each other's rows.
    chains = sorted(chains, key=lambda chain: (chain[0].limit.order, chain[0].of))
    counters = [counter for chain in chains for counter in chain]
    sql = _hit_sql(tuple(map(len, chains)), question)
    parameters: list[bytes | datetime | int] = []
    for chain in chains:
        narrower = None
        for counter in chain:
            parameters += counter.key_now, counter.window_end
            if narrower is not None:
                parameters.append(narrower.most)
            narrower = counter
    found = rows_of(sql, [*parameters, *values])
    limits.note([(a, b) for place, _c, a, b in found if place == OF_LIMITS])
    answers = [tuple(answer) for place, _c, *answer in found if place is None]
    return {counters[at]: n for at, n, *_ in found if n is not None}, answers


@lru_cache(maxsize=32)
def _hit_sql(lengths, question):
    """One INSERT for each counter; a wider one takes its row from the narrower one."""
    parts, asks, place = [], [], 0
    for length in lengths:
        for step in range(length):
            source = (
                f"SELECT %s::bytea, 1, %s::timestamptz FROM hit{place - 1}"
                f" WHERE hit{place - 1}.count <= %s::integer"
                if step
                else "VALUES (%s::bytea, 1, %s::timestamptz)"
            )
            parts.append(
                f"hit{place} AS (INSERT INTO safeguards_hits (key, count, ends_at)"
                f" {source} ON CONFLICT (key) DO UPDATE"
                " SET count = safeguards_hits.count + 1 RETURNING count)"
            )
            asks.append(f"SELECT {place}, count, NULL, NULL FROM hit{place}")
            place += 1
    return (
        f"WITH {', '.join(parts)} {' UNION ALL '.join(asks)} UNION ALL {_NUMBERS}"
        f" UNION ALL SELECT NULL, NULL, a, b FROM ({question}) AS asked (a, b)"
    )


def reserve(*chains: Chain) -> Counter | None:
    """Take one of what each counter allows, before doing what is counted.

    Returns None when all were taken. Otherwise returns the counter that is used up,
    with nothing taken. This is exact even when many ask at once. give_back() what was
    not used.
    """
    taken: list[Chain] = []
    for [counter] in chains:
        if not take((counter,), 1):
            give_back(*taken)
            return counter
        taken.append((counter,))
    return None


def give_back(*chains: Chain, number: int = 1) -> None:
    """Undo what reserve() or take_fairly() has taken."""
    for [counter] in chains:
        _add(counter, -number)


def take(chain: Chain, number: int) -> int:
    """Take up to `number` of what a counter allows in this window.

    Returns how many are granted. A negative number gives back what was not used.
    """
    [counter] = chain
    before = _add(counter, number) - number
    return max(0, min(number, counter.most - before))


def take_fairly(whole: Chain, part: Chain, number: int, *, more: int = 0) -> int:
    """Take up to `number` of what `whole` allows, for a part of it such as a network.

    `more` is added to what it allows.

    Returns how many are granted. The more a part has had, the less of the whole it may
    use: with its first hit all of it, with its second three quarters, with its
    hundredth hardly more than a half. So the last quarter is for parts that have had
    nothing yet, whatever a few others send. give_back() what was not used.
    """
    [all_of_it], [its_own] = whole, part
    # The part comes first, as in all code that counts both.
    its, total = _add(its_own, number), _add(all_of_it, number)
    granted, most = number, all_of_it.most + more
    while granted and 2 * total * its > most * (its + 1):
        granted, its, total = granted - 1, its - 1, total - 1
    if granted < number:
        _add(its_own, granted - number)
        _add(all_of_it, granted - number)
    return granted


def _add(counter, number):
    """Add to a counter; returns the hits of all its windows afterwards."""
    row = [counter.key_now, max(0, number), counter.window_end, number]
    (_place, count, *_none), *numbers = rows_of(_ADD, [*row, counter.earlier_keys])
    limits.note((a, b) for _place, _count, a, b in numbers)
    return count


def count(chain: Chain) -> int:
    """The hits so far in all windows of a counter; adds none."""
    [counter] = chain
    [[found]] = rows_of(_HITS_OF, [[counter.key_now, *counter.earlier_keys]])
    return found


def window_end(window: int) -> datetime:
    """When the present window of so many seconds is over."""
    return _end(int(timezone.now().timestamp() // window), window)


def _end(window_number, window):
    return datetime.fromtimestamp((window_number + 1) * window, tz=UTC)
