from django.core.management.base import BaseCommand

from database import retention
from supporters.personal_data.retention_runs import RetentionRun


class Command(BaseCommand):
    help = "Delete what has had its time, as each night does by itself."

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="say what it would do, do nothing"
        )

    def handle(self, *, dry_run, **options):
        run = None if dry_run else RetentionRun.run()
        for rule in retention.rules():
            number = rule.due() if dry_run else run.report[rule.name]
            self.stdout.write(f"{number:>8}  {rule.words}")
        if run and run.unfinished:
            self.stdout.write(f"Not finished:\n{run.unfinished_words}")
        if dry_run:
            self.stdout.write(
                "Nothing was changed. What follows from these, like an address whose "
                "last act goes, is not yet counted."
            )
