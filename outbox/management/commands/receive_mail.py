import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from outbox.incoming.parsing import MOST_BYTES, NoMessage
from outbox.incoming.receiving import TooManyReplies, receive

# Exit codes that mail servers understand (sysexits.h): delivering it again is of no
# use, or delivering it later is.
EX_DATAERR, EX_TEMPFAIL = 65, 75


class Command(BaseCommand):
    help = (
        "Read one message from standard input and do what follows from it: a report on "
        "a mail of ours, an answer of an official, or anything else. For a mail "
        "server's pipe: manage.py receive_mail $recipient."
    )
    stealth_options = ("stdin",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("envelope_to", nargs="?", help="The envelope recipient.")

    def handle(
        self, *args: Any, envelope_to: str | None = None, **options: Any
    ) -> None:
        stream = options.get("stdin") or sys.stdin.buffer
        raw = stream.read(MOST_BYTES)
        while stream.read(MOST_BYTES):  # the rest is cut; the server must not notice
            pass
        try:
            row = receive(raw, envelope_to or "")
        except NoMessage as reason:
            raise CommandError(
                f"Not a message: {reason}", returncode=EX_DATAERR
            ) from None
        except TooManyReplies:
            raise CommandError(
                "Too many replies for now. Try again in an hour.",
                returncode=EX_TEMPFAIL,
            ) from None
        except OperationalError as fault:
            raise CommandError(
                f"The database does not answer: {fault}", returncode=EX_TEMPFAIL
            ) from None
        self.stdout.write(row.kind)
