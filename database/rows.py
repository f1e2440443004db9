"""Statements that the ORM cannot say."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def rows_of(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows that a statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
