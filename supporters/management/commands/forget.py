from django.core.management.base import BaseCommand

from database import retention
from supporters.personal_data.nights import Night


class Command(BaseCommand):
    help = "Forget what has had its time, as every night does by itself."

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="say what it would do, do nothing"
        )

    def handle(self, *, dry_run, **options):
        night = None if dry_run else Night.spend()
        for rule in retention.rules():
            number = rule.due() if dry_run else night.report[rule.name]
            self.stdout.write(f"{number:>8}  {rule.words}")
        if night and night.unfinished:
            self.stdout.write(f"Not finished:\n{night.unfinished_words}")
        if dry_run:
            self.stdout.write(
                "Nothing was changed. What follows from these, like an address whose "
                "last act goes, is not yet counted."
            )
