from django.db import connection
from django.utils import timezone

from letters.models import Delivery, OfficialAnswer, SuggestedLetter
from outbox.models import Outcome
from tests.factories import make_letter, make_recipients
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


def test_answers_from_before_stand_and_others_may_wait_beside_them(upgrade_to):
    letter = make_letter()
    ward = letter.recipient_list.recipients.earliest("pk")
    connection.check_constraints()
    upgrade = upgrade_to("letters", "0003_several_answers_wait_and_keep_their_original")
    answers = upgrade.model("letters", "OfficialAnswer").objects
    about = {"letter_id": letter.pk, "recipient_id": ward.pk}
    answers.create(text="No.", turned_down_at=timezone.now(), **about)
    waits = answers.create(text="Yes.", **about).pk
    connection.check_constraints()

    upgrade.migrate()

    OfficialAnswer.objects.create(text="Buy.", sent_from="eve@mail.example", **about)
    answer = OfficialAnswer.objects.get(pk=waits)
    assert (answer.text, answer.original) == ("Yes.", "")
    assert answer.publish(by=None, kind="answered")


def test_a_letter_keeps_its_first_opening_and_no_place_for_others(upgrade_to):
    council = make_recipients()
    letters = [make_letter(recipients=council) for _number in range(2)]
    connection.check_constraints()
    upgrade = upgrade_to("letters", "0004_everybody_starts_from_one_letter")
    before = upgrade.model("letters", "SuggestedLetter").objects
    before.update(body="Dear all:\n\n[Opening]\n\nPlease help.")
    variants = upgrade.model("letters", "Variant").objects
    for part, text in (("subject", "Hi"), ("opening", "I care."), ("opening", "No.")):
        variants.create(letter_id=letters[0].pk, part=part, text=text)
    connection.check_constraints()

    upgrade.migrate()

    bodies = SuggestedLetter.objects.order_by("pk").values_list("body", flat=True)
    assert list(bodies) == [
        "Dear all:\n\nI care.\n\nPlease help.",
        "Dear all:\n\nPlease help.",
    ]
    SuggestedLetter.objects.all().delete()  # the rows of before hold no letter
