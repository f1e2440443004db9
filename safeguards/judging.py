"""The judgement of text with what it needs from the database: blocked words, names."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from database.rows import rows_of
from safeguards.blocks import Block
from safeguards.network import Networks
from safeguards.protected_names import NEWEST, NEWEST_NAME, known
from safeguards.public_text import Verdict, public_text


def question(
    email: str = "",
    networks: Networks | None = None,
    asks: Iterable[tuple[str, list]] = (),
) -> tuple[str, list]:
    """One statement, with its values, for all that may be found of a sender and a text.

    It returns pairs of kind and value. `asks` are further SELECTs of such pairs, each
    with its values.
    """
    of_sender = Block.that_may_hold(email, networks)
    questions = [of_sender, (NEWEST_NAME, []), *asks]
    values = [value for _sql, values in questions for value in values]
    return " UNION ALL ".join([sql for sql, _values in questions]), values


def verdict_of(entries: Sequence[tuple[str, str]], **typed: Any) -> Verdict:
    """The verdict of public_text(), from the pairs that `question()` has returned."""
    newest = dict(entries).get(NEWEST)
    words = [value for kind, value in entries if kind == "word"]
    in_names = [value for kind, value in entries if kind == "word in names" and value]
    typed["words_of_names"] = "\n".join(in_names)
    return public_text(names=known(newest), words=words, **typed)


def judgement() -> Callable[..., Verdict]:
    """public_text() with the blocked words and names, for one text or for many."""
    return partial(verdict_of, rows_of(*question()))


def judge(**typed: Any) -> Verdict:
    """The verdict on one text."""
    return judgement()(**typed)
