"""The worker process: it sends the mails that are due, and does the jobs of the queue.

Two workers do jobs, so that a long job, such as a retention run, does not hold up what
somebody waits for.
"""

import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from outbox.dispatcher import Dispatcher, work_through

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
                with Dispatcher():
                    asyncio.run(work(wait=True))

    def _work_once(self):
        """Do what is due once: jobs queue mails, and mails may queue jobs."""
        while True:
            asyncio.run(work(wait=False))
            if not work_through():
                return


async def work(*, wait: bool) -> None:
    """Do jobs, in two workers, until a signal stops both, or until nothing is due."""
    async with app.open_async(), asyncio.TaskGroup() as together:
        workers = [
            together.create_task(
                app.run_worker_async(
                    name=queue, queues=[queue], wait=wait, install_signal_handlers=False
                )
            )
            for queue in ("default", SLOW)
        ]
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # A worker that is cancelled finishes its job first.
            loop.add_signal_handler(number, lambda: [w.cancel() for w in workers])
