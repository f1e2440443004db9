import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from supporters.people.models import Supporter
from supporters.personal_data.erasures import Erasure, read_lines


class Command(BaseCommand):
    help = (
        "After a restore: erase again who was erased before. Reads the erasures of the "
        "database and, where given, of a list or a log. Safe to run again."
    )

    stealth_options = ("stdin",)

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", help="what `erasures` printed, or a log; - reads stdin"
        )

    def handle(self, *, file, stdin=None, **options):
        known = set(Erasure.objects.values_list("address_hash", "erased_at"))
        if file:
            known |= set(read_lines(_lines(file, stdin or sys.stdin)))
        erased = 0
        for supporter in Supporter.objects.erased_before(known):
            supporter.erase()
            erased += 1
        addresses = len({address_hash for address_hash, _moment in known})
        self.stdout.write(f"{erased} of {addresses} were here again, and are erased.")


def _lines(file, stdin):
    if file == "-":
        return stdin
    return Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
