import sys

from django.core.management.base import BaseCommand

from campaign_site import doctor


class Command(BaseCommand):
    help = "Examine the site where it runs, and say what to mend; sends no mail."
    # It makes them itself, and goes on after what they find.
    requires_system_checks = ()

    def handle(self, **options):
        is_good = True
        for name, state, words in doctor.examine():
            is_good &= state == doctor.GOOD
            self.stdout.write(f"{name:<10}{state:<9}{words}")
        if not is_good:
            sys.exit(1)
