"""Whether a page or a job of the site runs, and not a test's own steps."""

import re
from contextlib import contextmanager

from django.db.transaction import TransactionManagementError

LOCK = re.compile(r"SELECT\b.*\bFOR (?:NO KEY )?UPDATE\b", re.DOTALL)
_running = []


@contextmanager
def at_work():
    """What runs here is the site: it has no transaction but those that it opens."""
    _running.append(True)
    try:
        yield
    finally:
        _running.pop()


def middleware(get_response):
    def respond(request):
        with at_work():
            return get_response(request)

    return respond


def no_lock_without_a_transaction(execute, sql, values, is_many, context):
    """Refuse what Django refuses on the site, but not within a test's transaction."""
    if _running and LOCK.match(sql):
        blocks = context["connection"].atomic_blocks
        if all(block._from_testcase for block in blocks):
            raise TransactionManagementError("a lock without atomic()")
    return execute(sql, values, is_many, context)
