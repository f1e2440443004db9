from django.core.management.base import BaseCommand, CommandError

from campaign_site.backups import archive, nightly
from campaign_site.backups.tools import CannotBackUp


class Command(BaseCommand):
    help = (
        "Write the whole site, database and uploaded files, into one file. Without a "
        "name, do the night's work: a file in BACKUPS, old files deleted, and once a "
        "week a restore as a trial."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", help="like /backups/campaigns-2026-11-25.tar"
        )
        parser.add_argument(
            "--try",
            action="store_true",
            dest="tries",
            help="restore the new backup as a trial, too, also if none is due",
        )

    def handle(self, *, file, tries, **options):
        try:
            if file:
                archive.write(file)
                self.stdout.write(f"{file}: written")
            else:
                for said in nightly.run(tries=tries):
                    self.stdout.write(said)
        except (CannotBackUp, OSError) as error:
            raise CommandError(str(error)) from None
