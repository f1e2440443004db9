from django.core.management.base import BaseCommand

from supporters.personal_data.erasures import Erasure


class Command(BaseCommand):
    help = "Print every erasure as a line, for replay_erasures after a restore."

    def handle(self, **options):
        for erasure in Erasure.objects.order_by("erased_at").iterator():
            self.stdout.write(erasure.line)
