"""An empty site with its own PostgreSQL, and worker processes that work on it."""

import os
from contextlib import contextmanager

import django
import servers
from django.core.management import call_command
from run import the_only_one

from processes import Processes


class Workers:
    """Starts worker processes, as in production, that hand letters to one relay, with
    no rate: what is measured is how fast they are."""

    def __init__(self, processes, postgres):
        self.postmaster = servers.postmaster(postgres)
        self._processes = processes
        self._number = 0

    def start(self, relay_port, *options, **environment):
        self._number += 1
        name = f"worker{self._number}"
        return servers.start_worker(
            self._processes,
            name,
            servers.VAR / f"{name}.log",
            *options,
            **{
                "EMAIL_URL": f"smtp://127.0.0.1:{relay_port}",
                "MAILS_A_MINUTE": "1000000",
                "WAITED_MAILS_A_MINUTE": "1000000",
                "LIMIT_MAILS_TO_ADDRESS": "1000",
                **environment,
            },
        )


@contextmanager
def site_without_web():
    """Tables without rows; Django works from here on. Yields Workers."""
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        postgres = servers.new_postgres()
        try:
            postgres.start(processes)
            for name in servers.UNSET:
                os.environ.pop(name, None)
            os.environ.update(servers.ENVIRONMENT, DATABASE_URL=postgres.url)
            django.setup()
            call_command("migrate", interactive=False, verbosity=0)
            yield Workers(processes, postgres)
        finally:
            processes.stop()
            postgres.remove()
