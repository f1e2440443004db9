import tarfile

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from campaign_site import backups


class Command(BaseCommand):
    help = "Fill an empty database and the media folder from a file of `backup`."
    # The checks look at tables, and there are none yet.
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument(
            "erasures",
            nargs="?",
            help="what `erasures` printed, or a log: who was erased since the backup",
        )

    def handle(self, *, file, erasures, **options):
        try:
            if erasures:
                open(erasures).close()  # fails before anything is done
            backups.restore(file)
        except (backups.CannotBackUp, tarfile.TarError, OSError) as error:
            raise CommandError(str(error)) from None
        call_command("migrate", interactive=False, verbosity=0)
        if "replay_erasures" in get_commands():
            since = [erasures] if erasures else []
            call_command("replay_erasures", *since, stdout=self.stdout)
        self.stdout.write(f"{file}: restored. Start web and worker again.")
