import tarfile
from pathlib import Path

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from campaign_site.backups import archive, nightly
from campaign_site.backups.tools import CannotBackUp


class Command(BaseCommand):
    help = "Fill an empty database and the media folder from a file of `backup`."
    # The checks look at tables, and there are none yet.
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file", help="a path, or the name of a backup in BACKUPS")
        parser.add_argument(
            "erasures",
            nargs="?",
            help="what `erasures` printed, or a log: who was erased since the backup; "
            "of a backup in BACKUPS, the list beside it without this",
        )

    def handle(self, *, file, erasures, **options):
        is_path = Path(file).exists()
        try:
            lines = ()
            if erasures:
                lines = Path(erasures).read_text(errors="replace").splitlines()
            elif not is_path:
                lines = nightly.erasures()
            with open(file, "rb") if is_path else nightly.opened(file) as opened:
                archive.restore(opened)
        except (CannotBackUp, tarfile.TarError, OSError) as error:
            raise CommandError(f"{file}: {error}") from None
        call_command("migrate", interactive=False, verbosity=0)
        if "replay_erasures" in get_commands():
            call_command("replay_erasures", "-", stdin=lines, stdout=self.stdout)
        self.stdout.write(f"{file}: restored. Start web and worker again.")
