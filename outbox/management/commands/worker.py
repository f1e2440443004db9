"""The worker process: it sends the mails that are due, and does the jobs of the queue.

Two workers do jobs, so that a long job, such as a retention run, does not hold up what
somebody waits for.
"""

import asyncio
import logging
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from outbox.dispatcher import Dispatcher, work_through

logger = logging.getLogger(__name__)
# The queue of jobs that take long and for which nobody waits.
SLOW = "slow"


class Command(BaseCommand):
    help = "Sends mails and does jobs, until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--one-shot",
            action="store_true",
            help="Do what is due now, and end.",
        )

    def handle(self, *args: Any, one_shot: bool, **options: Any) -> None:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        # What a job or a mail defers is written in the transaction of that job or mail.
        connector.get_sync_connector = app.connector.get_sync_connector
        with app.replace_connector(connector):
            if one_shot:
                self._work_once()
            else:
                self._work_until_told()

    def _work_until_told(self):
        """Work until a signal comes; end with a fault when the database is away."""
        why = None
        with Dispatcher():
            try:
                asyncio.run(work(wait=True))
            except* (Ended, ConnectorException) as faults:
                fault = faults.exceptions[0]
                why = fault.__cause__ or fault
        if why:
            logger.error(
                "The worker ends: the database was away (%s). It must be started again,"
                " which systemd does.",
                why,
            )
            sys.exit(1)

    def _work_once(self):
        """Do what is due once: jobs queue mails, and mails may queue jobs."""
        while True:
            asyncio.run(work(wait=False))
            if not work_through():
                return


class Ended(Exception):
    """The queue has stopped by itself, as it does when its connection is lost."""


async def work(*, wait: bool) -> None:
    """Do jobs, in two workers, until a signal stops both, or until nothing is due."""
    async with app.open_async(), asyncio.TaskGroup() as together:
        workers = [
            together.create_task(_do_jobs(queue, wait=wait))
            for queue in ("default", SLOW)
        ]
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # A worker that is cancelled finishes its job first.
            loop.add_signal_handler(number, lambda: [w.cancel() for w in workers])


async def _do_jobs(queue, *, wait):
    await app.run_worker_async(
        name=queue, queues=[queue], wait=wait, install_signal_handlers=False
    )
    if wait:  # A signal would have cancelled it.
        raise Ended(f"the jobs of “{queue}” have stopped")
