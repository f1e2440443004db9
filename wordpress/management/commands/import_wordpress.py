from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from campaigns.models import Campaign
from wordpress.bringing import Bringing
from wordpress.models import FAULTS, WordPressImport
from wordpress.pictures import Uploads
from wordpress.planning import plan
from wordpress.wxr import NoExport


class Command(BaseCommand):
    help = (
        "Bring the posts and pages of a WordPress export here, with their comments, as "
        "we propose it. The staff site shows the same import, and lets people choose."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the XML file of Tools, Export")
        parser.add_argument("--pictures", help="a ZIP of the folder wp-content/uploads")
        parser.add_argument(
            "--campaign", help="the address of the campaign that updates go to"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would come, bring nothing"
        )

    def handle(self, *, file, pictures, campaign, dry_run, **_options):
        into = None
        if campaign:
            into = Campaign.objects.not_deleted().filter(slug=campaign).first()
            if into is None:
                raise CommandError(f"No campaign has the address {campaign}.")
        try:
            with ExitStack() as opened:
                files = [
                    path and opened.enter_context(open(path, "rb"))
                    for path in (file, pictures)
                ]
                self._bring(Path(file).name, *files, into, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None

    def _bring(self, name, export, packed, into, *, dry_run):
        found = WordPressImport(file_name=name[:120], name="", into=into)
        try:
            with Uploads(packed) as uploads:
                with transaction.atomic():
                    found.save()
                    plan(found, export, uploads)
                    self._say_plan(found)
                    if dry_run:
                        transaction.set_rollback(True)
                if not dry_run:
                    Bringing(found, export, uploads, self._say).bring()
        except NoExport as reason:
            raise CommandError(str(FAULTS[reason.fault])) from None

    def _say_plan(self, found):
        for row in found.items.all():
            self.stdout.write(f"{row.becomes:>9}  {self._words(row)}")
        for kind, number in sorted(found.left_out.items()):
            self.stdout.write(f"{'left out':>9}  {number} × {kind}")

    def _say(self, row):
        came = "failed" if row.why else "was here" if row.came_before else "came"
        self.stdout.write(f"{came:>9}  {self._words(row)}")

    def _words(self, row):
        number = row.comments if row.came_at is None else row.comments_came
        said = [row.title or row.link, f"{number} comments", *map(str, row.sentences)]
        return " · ".join(said)
