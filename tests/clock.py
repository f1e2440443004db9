"""The suite at another moment: bin/test --clock=2027-03-14T09:59Z.

Python and the tests' databases are there together, and run on at their usual pace. So
is the site before a browser, whose own clock stays the machine's: no script of ours
asks for it, and a cookie's Max-Age counts from whatever it says.

Tests that start a process of the site are marked `real_clock`, and run at the hour of
the machine: such a process asks the machine for the time. Decision 38 says at which
other hours they were proved.
"""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate

# Found before PostgreSQL's own, wherever SQL asks for the time by these names. A
# keyword like CURRENT_TIMESTAMP would not be: tests/test_architecture.py refuses it.
_NAMES = {
    "now": "STABLE",
    "statement_timestamp": "STABLE",
    "transaction_timestamp": "STABLE",
    "clock_timestamp": "VOLATILE",
}
_FUNCTION = """
    CREATE OR REPLACE FUNCTION public.{name}() RETURNS timestamptz
    LANGUAGE sql {kind} PARALLEL SAFE
    RETURN pg_catalog.{name}()
        + coalesce(nullif(current_setting('clock.ahead', true), ''), '0')::interval
"""
_FOLLOW = """
    SELECT set_config('search_path', 'public, pg_catalog', false),
           set_config('clock.ahead', %s, false)
"""


def pytest_addoption(parser):
    parser.addoption(
        "--clock",
        type=_moment,
        metavar="MOMENT",
        help="start the clock of the tests there: 2027-03-14T09:59Z",
    )


def pytest_configure(config):
    config.addinivalue_line(
        "markers",
        "real_clock: starts a process of the site, whose clock is the machine's",
    )
    if config.option.clock:
        config.pluginmanager.register(MovedClock(config.option.clock))


def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.path.relative_to(config.rootpath).parts[1] == "deploy":
            item.add_marker("real_clock")


def _moment(typed):
    moment = datetime.fromisoformat(typed)
    if moment.tzinfo is None:
        raise ValueError("a moment has a time zone: put a Z behind it")
    return moment.astimezone(UTC)


class MovedClock:
    """Lets every test begin at the same moment, however long those before it took."""

    def __init__(self, start):
        self._start = start
        self._ahead = ""
        connection_created.connect(self._when_connected)
        pre_migrate.connect(self._before_migrating)

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self):
        # What a module works out once, like the arguments of a parametrised test.
        with time_machine.travel(self._start):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        if item.get_closest_marker("real_clock"):
            self._move_databases("")
            return (yield)
        ahead = self._start - datetime.now(UTC)
        self._move_databases(f"{ahead.total_seconds()} s")
        with time_machine.travel(self._start):
            return (yield)

    def _move_databases(self, ahead):
        self._ahead = ahead
        for connection in connections.all(initialized_only=True):
            if connection.connection and not connection.connection.closed:
                self._when_connected(connection)

    def _when_connected(self, connection, **_others):
        connection.connection.execute(_FOLLOW, [self._ahead])

    def _before_migrating(self, using, **_others):
        """Before the tables, whose defaults remember which function they mean."""
        with connections[using].cursor() as cursor:
            for name, kind in _NAMES.items():
                cursor.execute(_FUNCTION.format(name=name, kind=kind))
