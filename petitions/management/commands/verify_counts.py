from django.core.management.base import BaseCommand

from petitions.counting import verifying


class Command(BaseCommand):
    help = "Compare every petition's count with its signatures, and put it right."

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="say what is wrong, change nothing"
        )

    def handle(self, *, dry_run, **options):
        found = verifying.drifts() if dry_run else verifying.verify()
        for drift in found:
            self.stdout.write(drift.words)
        if not found:
            self.stdout.write("Every count is that of its signatures.")
        elif not dry_run:
            self.stdout.write("Put right.")
