import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from outbox import reports
from outbox.bounce_reports import NotAReport

# More than any report that quotes a whole letter; what is longer is cut.
MOST_BYTES = 10 * 1024 * 1024
# Exit codes that mail servers understand (sysexits.h): delivering it again is of no
# use, or delivering it later is.
EX_DATAERR, EX_TEMPFAIL = 65, 75


class Command(BaseCommand):
    help = (
        "Read one delivery report from standard input and note what it says. For a "
        "mail server's pipe: bounces+*@ goes to manage.py receive_bounce $recipient."
    )
    stealth_options = ("stdin",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("envelope_to", nargs="?", help="The envelope recipient.")

    def handle(
        self, *args: Any, envelope_to: str | None = None, **options: Any
    ) -> None:
        stream = options.get("stdin") or sys.stdin.buffer
        try:
            about = reports.receive(stream.read(MOST_BYTES), envelope_to)
        except NotAReport as reason:
            raise CommandError(
                f"Not a report of ours: {reason}", returncode=EX_DATAERR
            ) from None
        except OperationalError as fault:
            raise CommandError(
                f"The database does not answer: {fault}", returncode=EX_TEMPFAIL
            ) from None
        kind = about._meta.verbose_name
        self.stdout.write(f"{kind} {about.pk}: {about.state}")
