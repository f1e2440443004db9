"""The judgement with what it needs of the database: blocked words, protected names."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.db import connection

from safeguards.blocks import Block
from safeguards.network import Networks
from safeguards.protected_names import NEWEST, NEWEST_NAME, known
from safeguards.public_text import Verdict, public_text


def question(
    email: str = "",
    networks: Networks | None = None,
    asks: Iterable[tuple[str, list]] = (),
) -> tuple[str, list]:
    """The SQL for all that may be found of a sender and in a text, pairs of kind and
    value, and its values. `asks` are more such questions, as SQL and values."""
    of_sender = Block.objects.that_may_hold(email, networks)
    questions = [of_sender, (NEWEST_NAME, []), *asks]
    values = [value for _sql, values in questions for value in values]
    return " UNION ALL ".join(sql for sql, _values in questions), values


def verdict_of(entries: Sequence[tuple[str, str]], **typed: Any) -> Verdict:
    """public_text() with what a form has asked for already: pairs of kind and value."""
    newest = next((value for kind, value in entries if kind == NEWEST), None)
    words = [value for kind, value in entries if kind == "word"]
    return public_text(names=known(newest), words=words, **typed)


def judgement() -> Callable[..., Verdict]:
    """public_text() with all that it needs, to be called with one text or many."""
    with connection.cursor() as cursor:
        cursor.execute(*question())
        return partial(verdict_of, cursor.fetchall())


def judge(**typed: Any) -> Verdict:
    """The same for one text."""
    return judgement()(**typed)
