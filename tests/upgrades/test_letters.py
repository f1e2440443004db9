from datetime import time, timedelta

from django.db import connection
from django.utils import timezone

from letters.models import Delivery, OfficialAnswer, Recipient, SuggestedLetter
from outbox.models import Outcome
from tests.factories import make_letter, make_letter_text, make_recipients
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


def test_no_letter_leaves_faster_than_its_list_said(upgrade_to, settings):
    settings.LETTERS_AN_HOUR = 60
    nine, five = time(9), time(17)
    lists = {  # the list's columns: the letter's two choices, and the official's rhythm
        "any hour": ({}, (False, True, "each")),
        "alone": ({"cosigned": "never"}, (False, False, "each")),
        "hours": (
            {"office_opens": time(8), "office_closes": five},
            (True, True, "each"),
        ),
        "short": (
            {"office_opens": nine, "office_closes": time(12)},
            (True, True, "daily"),
        ),
        "weekly": ({"cosigned": "weekly"}, (False, True, "weekly")),
        "few": ({"letters_an_hour": 5}, (False, True, "daily")),
        "many": ({"letters_an_hour": 90}, (False, True, "each")),
    }
    for name in lists:
        make_letter(recipients=make_recipients(2, name=name))
    Recipient.objects.filter(order=2).update(rhythm="paused")
    connection.check_constraints()
    upgrade = upgrade_to("letters", "0005_one_schedule_for_each_letter")
    before = upgrade.model("letters", "RecipientList").objects
    for name, (said, _expected) in lists.items():
        before.filter(name=name).update(**said)
    connection.check_constraints()

    upgrade.migrate()

    for name, (_said, expected) in lists.items():
        letter = SuggestedLetter.objects.get(recipient_list__name=name)
        first, second = letter.recipient_list.recipients.all()
        found = letter.in_office_hours, letter.sends_together, first.rhythm
        assert found == expected, name
        assert second.rhythm == "paused"


def test_what_officials_did_is_emptied_and_stands_in_nobodys_way(upgrade_to):
    council = make_recipients(1)
    pk = council.recipients.get().pk
    connection.check_constraints()
    upgrade = upgrade_to("letters", "0006_visits_know_how_letters_came")
    noted = {"recipient_id": pk, "kind": "asked", "after": "a@x.example"}
    before = upgrade.model("letters", "OfficialActivity").objects
    before.create(**noted)
    connection.check_constraints()

    upgrade.migrate()

    assert not before.exists()
    before.create(**noted)  # by the code before
    council.delete()
    connection.check_constraints()
    assert not before.exists()


def test_not_me_still_undoes_a_pause_chosen_before(upgrade_to):
    first, second = make_recipients(2).recipients.all()
    connection.check_constraints()
    upgrade = upgrade_to("letters", "0006_visits_know_how_letters_came")
    acts = upgrade.model("letters", "OfficialActivity").objects
    corrections = upgrade.model("letters", "AddressCorrection").objects
    hour = timedelta(hours=1)
    for recipient, before, opened in (
        (first, "weekly", timezone.now() - 3 * hour),
        (first, "daily", timezone.now() - hour),
        (second, "each", timezone.now() - hour),
    ):
        noted = {"recipient_id": recipient.pk}
        if before != "each":  # the other one chose nothing in this visit
            acts.create(kind="opened", at=opened, **noted)
        acts.create(kind="rhythm", before=before, after="paused", **noted)
    for recipient in (first, second):
        typed = {"old_email": recipient.email, "email": f"new-{recipient.email}"}
        corrections.create(recipient_id=recipient.pk, **typed)
    connection.check_constraints()

    upgrade.migrate()

    assert first.corrections.get().rhythm == "daily"
    assert second.corrections.get().rhythm == ""


def test_a_letter_of_any_mode_goes_to_each_and_another_is_written(upgrade_to):
    letter = make_letter()
    text = make_letter_text(letter)
    connection.check_constraints()
    upgrade = upgrade_to("letters", "0007_each_gets_their_own_letter")
    before = upgrade.model("letters", "SuggestedLetter").objects
    before.update(mode="together", again_subject="Again", again_body="Please.")
    connection.check_constraints()

    upgrade.migrate()

    assert SuggestedLetter.objects.get().body == letter.body
    text.delete()
    make_letter_text(letter)
    make_letter(recipients=make_recipients(1, name="Other"))
    modes = before.order_by("pk").values_list("mode", "again_body")
    assert list(modes) == [("together", "Please."), ("alike", "")]


def test_deliveries_of_before_have_a_status(upgrade_to):
    letter = confirmed()
    connection.check_constraints()
    upgrade = upgrade_to("letters", "0008_deliveries_have_a_status")
    first = upgrade.model("letters", "Delivery").objects.filter(
        letter=letter.pk, recipient__order=1
    )
    now = timezone.now()
    first.update(outcome=Outcome.SENT, settled_at=now, bounced_at=now)
    connection.check_constraints()

    upgrade.migrate()

    known = letter.deliveries.order_by("pk").values_list("status", flat=True)
    assert list(known) == ["bounced", "waiting", "waiting"]


def test_the_next_letter_waits_as_long_as_before(upgrade_to):
    council = make_recipients(2)
    first, second = council.recipients.all()
    connection.check_constraints()
    upgrade = upgrade_to("letters", "0009_a_recipient_knows_the_next_letter")
    now = timezone.now()
    before = upgrade.model("letters", "Pace").objects
    before.create(recipient_id=first.pk, next_at=now)
    connection.check_constraints()

    upgrade.migrate()

    for recipient, waits_until in ((first, now), (second, None)):
        recipient.refresh_from_db()
        assert recipient.next_letter_at == waits_until
    council.delete()
    connection.check_constraints()
    assert not before.exists()


def test_why_a_delivery_was_stopped_is_one_column(upgrade_to):
    letter = confirmed()
    connection.check_constraints()
    upgrade = upgrade_to("letters", "0010_why_a_delivery_was_stopped")
    before = upgrade.model("letters", "Delivery").objects.filter(letter=letter.pk)
    before.update(outcome=Outcome.STOPPED, settled_at=timezone.now(), said=None)
    before.filter(recipient__order=1).update(was_overtaken=True)
    before.filter(recipient__order=2).update(is_repeat=True)
    connection.check_constraints()

    upgrade.migrate()

    reasons = letter.deliveries.order_by("pk").values_list("stopped_for", flat=True)
    assert list(reasons) == ["overtaken", "repeat", ""]


def test_what_the_code_before_stops_after_all_is_no_failure(upgrade_to):
    letter = confirmed()
    letter.deliveries.update(
        outcome=Outcome.STOPPED, settled_at=timezone.now(), said=None
    )
    first, second, third = letter.deliveries.order_by("pk").values_list("pk", flat=True)
    connection.check_constraints()

    def by_the_code_before(pk, what):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE letters_delivery SET {what} WHERE id = %s", [pk])

    upgrade = upgrade_to(
        "letters", "0011_the_code_before_says_why_a_delivery_was_stopped"
    )
    by_the_code_before(first, "is_repeat = true")

    upgrade.migrate()
    by_the_code_before(second, "was_overtaken = true")

    reasons = letter.deliveries.order_by("pk").values_list("stopped_for", flat=True)
    assert list(reasons) == ["repeat", "overtaken", ""]
    assert letter.deliveries.failed().get().pk == third
    letter.deliveries.filter(pk=second).update(
        outcome="", settled_at=None, stopped_for=""
    )
    letter.deliveries.get(pk=second).stop()  # by people, after it was sent again
    assert letter.deliveries.get(pk=second).stopped_for == ""
