from django.core.management.base import BaseCommand, CommandError

from campaign_site import backups


class Command(BaseCommand):
    help = "Write the whole site, database and uploaded files, into one file."

    def add_arguments(self, parser):
        parser.add_argument("file", help="like /backups/campaigns-2026-11-25.tar")

    def handle(self, *, file, **options):
        try:
            backups.write(file)
        except (backups.CannotBackUp, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{file}: written")
