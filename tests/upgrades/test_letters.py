from django.db import connection

from letters.models import Delivery
from outbox.models import Outcome
from tests.letters.makers import confirmed


def test_what_people_stopped_before_says_so_still(upgrade_to):
    letter = confirmed()
    connection.check_constraints()  # no table changes while keys are still to check
    upgrade = upgrade_to("letters", "0002_a_letter_that_is_too_late_says_why")
    before = upgrade.model("letters", "Delivery").objects.filter(letter=letter.pk)
    before.update(outcome=Outcome.STOPPED, settled_at=letter.confirmed_at)
    connection.check_constraints()

    upgrade.migrate()

    for delivery in Delivery.objects.all():
        assert delivery.stopped_for == ""
        assert "the campaign stopped it" in str(delivery.state)
