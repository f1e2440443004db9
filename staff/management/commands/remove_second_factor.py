from django.core.management.base import BaseCommand, CommandError

from staff.accounts.models import User


class Command(BaseCommand):
    help = (
        "Let somebody in by the password alone who has lost phone, passkey and recovery"
        " codes. Their sessions end."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        try:
            user = User.objects.get(username=username)
        except User.DoesNotExist:
            raise CommandError(f"There is no user {username}.") from None
        removed = user.remove_second_factor()
        self.stdout.write("Removed." if removed else "There was none to remove.")
