"""One answer of an official to everybody who wrote: checked, published, mailed."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import AnswerCopy, OfficialAnswer, Recipient
from outbox.dispatcher import work_through
from outbox.models import OutgoingMail, Reason, Suppression
from staff.models import Alert
from supporters.models import Supporter
from tests.factories import make_letter, make_staff, make_stance
from tests.letters.makers import make_many, states, unchanged
from tests.letters.test_official_page import (
    enter,
    send,
    ward,
    words_of,
)

pytestmark = pytest.mark.django_db
ANSWER = "Dear all:\n\nI have asked the clerk to put it on the agenda of March."


@pytest.fixture
def letter():
    return make_letter()


def hand_in(client, suggested, recipient, text=ANSWER):
    """What the page of an official says after an answer was handed in."""
    here = f"{enter(client, recipient)}letters/{suggested.pk}/"
    return client.post(f"{here}answer/", {"text": text, "sure": "yes"}, follow=True)


def answers_to(mailbox):
    """Who got the answer, in the order in which it left."""
    found = [m for m in mailbox.messages if "answered everybody" in m["Subject"]]
    return [m.envelope_to[0] for m in found], found


def publish(client, answer):
    client.force_login(make_staff("bo", "Campaigners"))
    assert decide(client, answer, "publish").status_code == 302


def decide(client, answer, button, kind="answered", **typed):
    path = f"/admin/letters/officialanswer/{answer.pk}/change/"
    return client.post(path, {"kind": kind, button: "", **typed})


def test_an_answer_waits_for_a_campaigner_who_is_told(client, mailbox, work, letter):
    send(letter, 1)
    work()
    mailbox.clear()

    page = hand_in(client, letter, ward(1))
    here = page.redirect_chain[0][0].split("#")[0]
    again = client.post(f"{here}answer/", {"text": ANSWER, "sure": "yes"})
    other = client.post(f"{here}answer/", {"text": "Another one.", "sure": "yes"})
    work()

    assert "Thank you. We have your answer." in words_of(page)
    assert "We will email you the result." in words_of(page)
    assert again.status_code == 302
    assert other.status_code == 409
    assert "There is already an answer, so we did not take yours." in words_of(other)
    assert "Another one.</textarea>" in other.text
    answer = OfficialAnswer.objects.get()
    assert answer.text == ANSWER
    assert answers_to(mailbox) == ([], [])
    assert client.get(answer.get_absolute_url()).status_code == 404
    alert = Alert.objects.get()
    assert alert.page == f"/admin/letters/officialanswer/{answer.pk}/change/"
    assert mailbox.last()["Subject"] == "Answer to all writers: please read"
    client.force_login(make_staff("bo", "Campaigners"))
    desk = client.get(alert.page)
    assert "put it on the agenda" in desk.text
    assert "Found in it" not in desk.text
    OfficialAnswer.objects.update(text="Bo Lee did it, call 661 555 0199.")
    found = "Found in it: perhaps a phone number."
    assert found in client.get(alert.page).text
    assert "It answers 1 letter" in words_of(desk)


def test_an_official_sees_an_answer_once_more_and_can_change_it(client, letter):
    send(letter, 1)
    here = f"{enter(client, ward(1))}letters/{letter.pk}/"

    form = client.get(here)
    look = client.post(f"{here}answer/", {"text": ANSWER})
    change = client.post(f"{here}answer/", {"text": ANSWER, "change": "yes"})
    again = client.get(f"{here}answer/")

    assert "Check my answer before sending" in words_of(form)
    assert "Send this answer? We do not have it yet." in words_of(look)
    assert "put it on the agenda of March." in words_of(look)
    assert "Everybody who has written to you about this" in words_of(look)
    assert f">\n{ANSWER}</textarea>" in change.text
    assert "Check my answer before sending" in words_of(change)
    assert "There is a problem" not in words_of(change)
    assert again.url == here
    assert not OfficialAnswer.objects.exists()


def test_an_answer_to_all_does_not_hide_that_a_letter_has_not_left(
    client, mailbox, work, letter
):
    waits = unchanged(letter, "Ada Lovelace")
    work()
    before = states(waits)[0]
    assert "it leaves together with others, probably on" in before
    hand_in(client, letter, ward(1))

    publish(client, OfficialAnswer.objects.get())
    work()

    assert states(waits)[0].startswith(f"{before}. Answered on ")
    assert states(waits)[0].endswith("with one answer to everybody who wrote.")
    receipt = client.get(waits.done_url).text
    assert f"{before[1:]}. Answered on" in receipt
    assert "sometimes before your letter leaves" in receipt
    [mail] = answers_to(mailbox)[1]
    text = mail.get_body(("plain",)).get_content()
    assert "They did not need your email address for this." in text
    assert "from your letter" not in text
    # The official has answered, and still reads what comes.
    page = client.get(enter(client, ward(1)))
    assert "We have not emailed this letter to you yet." in words_of(page)
    assert "Read the letters (" in words_of(page)
    assert "Read and answer" not in words_of(page)


def test_a_published_answer_is_mailed_to_all_who_wrote_and_shown(
    client, mailbox, work, letter
):
    first = send(letter, 1)
    send(letter, 1, own="And once more.")
    send(letter, 2)
    gone = send(letter, 3)
    work()
    gone.confirmation.supporter.erase()
    bounced = send(letter, 4).confirmation.email
    Suppression.objects.put(bounced, Reason.BOUNCED)
    hand_in(client, letter, ward(1))
    answer = OfficialAnswer.objects.get()

    publish(client, answer)
    mailbox.clear()
    work()

    people, mails = answers_to(mailbox)
    assert people == ["p1@mail.example", "p2@mail.example"]
    subjects = [
        m["Subject"] for m in mailbox.messages if m.envelope_to == [ward(1).email]
    ]
    assert subjects.count("We published your answer") == 1
    text = mails[0].get_body(("plain",)).get_content()
    assert mails[0]["Subject"] == "Council Member, Ward 1 answered everybody who wrote"
    assert "put it on the agenda of March." in text
    assert f"http://testserver{answer.get_absolute_url()}" in text
    assert mails[0]["Auto-Submitted"] == "auto-generated"
    answered = OutgoingMail.objects.filter(purpose="official_answer")
    assert answered.filter(outcome="sent").count() == 2
    assert "If your letter went in an email of its own, they know it" in text
    # Those who wrote see it on their receipt, and nobody follows up.
    assert "one answer to everybody who wrote" in states(first)[0]
    receipt = client.get(first.done_url).text
    assert "<h1>What happens to your letter</h1>" in receipt
    assert "Change what you told us" not in receipt
    assert "Answered on" in receipt
    was_answered = first.deliveries.order_by("pk").values_list(
        "was_answered", flat=True
    )
    assert list(was_answered) == [True, None, None]
    # The campaign's page says so, and leads to the words.
    entry = letter.stances.said().get()
    source = "Their answer to everybody who wrote"
    assert (entry.kind, entry.source) == ("answered", source)
    cache.clear()
    page = client.get(letter.campaign.get_absolute_url()).text
    assert answer.get_absolute_url() in page
    public = client.get(answer.get_absolute_url())
    assert "put it on the agenda" in public.text
    assert "public" in public["Cache-Control"]
    type(letter).objects.update(shows_answers=False)
    cache.clear()
    assert client.get(answer.get_absolute_url()).status_code == 404


def test_who_stops_all_emails_gets_no_answer_and_each_answer_has_the_link(
    client, mailbox, work, letter
):
    send(letter, 1)
    stopped = send(letter, 2)
    no_answer = "You get no emails with officials’ answers."
    assert no_answer not in client.get(stopped.done_url).text
    stopped.confirmation.supporter.unsubscribe()
    assert no_answer in client.get(stopped.done_url).text
    work()
    hand_in(client, letter, ward(1))
    client.force_login(make_staff("bo", "Campaigners"))
    decide(client, OfficialAnswer.objects.get(), "publish")
    mailbox.clear()
    work()

    people, [mail] = answers_to(mailbox)
    assert people == ["p1@mail.example"]
    stop = mail["List-Unsubscribe"].strip("<>")
    assert stop in mail.get_body(("plain",)).get_content()
    assert "An official answered your letter" in client.get(stop).text
    client.post(stop)
    writer = Supporter.objects.get(email="p1@mail.example")
    assert writer.has_stopped("official_answer")


def test_an_answer_is_published_once(client, mailbox, work, letter):
    send(letter, 1)
    hand_in(client, letter, ward(1))
    answer = OfficialAnswer.objects.get()
    client.force_login(make_staff("bo", "Campaigners"))
    decide(client, answer, "publish")
    work()
    mailbox.clear()

    again = decide(client, answer, "publish")
    late = decide(client, answer, "turn_down", reason="Too late.")
    OfficialAnswer.objects.get().queue()
    work()

    assert again.status_code == late.status_code == 302
    assert answers_to(mailbox) == ([], [])
    assert letter.stances.said().count() == 1
    assert not Alert.objects.filter(closed_at=None).exists()
    desk = client.get(f"/admin/letters/officialanswer/{answer.pk}/change/")
    assert "Emailed: 1. Waiting: 0." in desk.text
    page = client.get(f"{enter(client, ward(1))}letters/{letter.pk}/")
    assert "We published your answer" in page.text
    assert "<textarea" not in page.text


def test_an_answer_that_is_turned_down_goes_to_nobody_and_says_why(
    client, mailbox, work, letter
):
    send(letter)
    hand_in(client, letter, ward(1), "Buy my book.")
    path = f"/admin/letters/officialanswer/{OfficialAnswer.objects.get().pk}/change/"
    client.force_login(make_staff("cy", "Moderators"))
    assert client.get(path).status_code == 403
    client.force_login(make_staff("bo", "Campaigners"))

    answer = OfficialAnswer.objects.get()
    refused = decide(client, answer, "turn_down")
    done = decide(client, answer, "turn_down", reason="It sells something.")
    work()

    assert refused.status_code == 422
    assert "Write why" in refused.text
    assert done.status_code == 302
    assert answers_to(mailbox) == ([], [])
    assert not letter.stances.said().exists()
    page = client.get(f"{enter(client, ward(1))}letters/{letter.pk}/")
    assert "It sells something." in page.text
    [mail] = [
        m for m in mailbox.messages if m["Subject"] == "We did not publish your answer"
    ]
    assert mail.envelope_to == [ward(1).email]
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "not to publish your answer as Council Member, Ward 1 about" in words
    assert "It sells something. On your page you can write another one:" in words
    assert ">\nBuy my book.</textarea>" in page.text  # they may write another one
    assert "Thank you" in hand_in(client, letter, ward(1), "Yes.").text
    waiting = client.get("/admin/letters/officialanswer/", {"state": "waiting"}).text
    assert waiting.count('<th class="field-') == 1


def test_publishing_needs_a_choice_and_none_is_made_beforehand(client, letter):
    send(letter)
    make_stance(letter, ward(1), day=timezone.localdate())
    hand_in(client, letter, ward(1))
    answer = OfficialAnswer.objects.get()
    client.force_login(make_staff("bo", "Campaigners"))
    path = f"/admin/letters/officialanswer/{answer.pk}/change/"

    page = client.get(path)
    unsaid = decide(client, answer, "publish", kind="")
    unknown = decide(client, answer, "publish", kind="asked")
    neither = client.post(path, {"kind": "supports"})

    assert "So far it says where they stand: Supports it." in words_of(page)
    assert " selected>Choose</option>" in page.text
    assert "Choose what the answer says." in unsaid.text
    for refused in (unsaid, unknown, neither):
        assert refused.status_code == 422
    assert OfficialAnswer.objects.waiting().exists()


def test_the_official_reads_how_the_campaign_sums_it_up(client, work, letter):
    send(letter)
    before = words_of(hand_in(client, letter, ward(1)))
    answer = OfficialAnswer.objects.get()
    client.force_login(make_staff("bo", "Campaigners"))
    decide(client, answer, "publish", kind="opposes")
    page = f"{enter(client, ward(1))}letters/{letter.pk}/"
    says = "The campaign’s page says where you stand: “Does not support it”. If that"

    assert "says where you stand" not in before
    assert says in words_of(client.get(page))
    type(letter).objects.update(shows_answers=False)
    assert "says where you stand" not in words_of(client.get(page))


def test_before_they_answer_officials_read_as_whose_answer_it_shows(client, letter):
    send(letter)
    Recipient.objects.filter(pk=ward(1).pk).update(name="<b>Bo</b>")

    page = client.get(f"{enter(client, ward(1))}letters/{letter.pk}/")

    assert "as the answer of &lt;b&gt;Bo&lt;/b&gt;, Council" in page.text
    assert "The campaign’s page also sums it up" in page.text
    type(letter).objects.update(shows_answers=False)
    page = client.get(f"{enter(client, ward(1))}letters/{letter.pk}/")
    assert "sums it up" not in page.text


@pytest.mark.parametrize("kind", ["answered", "supports"])
def test_who_writes_after_an_answer_still_reaches_whoever_does_not_agree(
    client, mailbox, work, letter, kind
):
    send(letter, 1)
    hand_in(client, letter, ward(1))
    OfficialAnswer.objects.get().publish(by=None, kind=kind)
    work()
    mailbox.clear()

    send(letter, 2)
    work()

    reached = {message.envelope_to[0] for message in mailbox.messages}
    assert ("ward1@council.example" in reached) == (kind == "answered")
    assert "ward2@council.example" in reached


def test_bad_answers_come_back_with_what_was_typed(client, letter):
    send(letter)
    here = f"{enter(client, ward(1))}letters/{letter.pk}/"

    for text, words in (
        ("", "Write your answer."),
        ("a\x00b", "Your text has hidden control characters"),
        ("x" * 5001, "Shorten your answer"),
    ):
        page = client.post(f"{here}answer/", {"text": text})
        assert page.status_code == 422
        assert words in page.text
        assert text[:5000] in page.text
        assert 'href="../../../"' in page.text
    assert client.get(f"{here}answer/").url == here
    assert not OfficialAnswer.objects.exists()


def test_a_relay_that_refuses_costs_nobody_the_answer_and_nobody_gets_it_twice(
    client, mailbox, work, letter
):
    for number in (1, 2, 3):
        send(letter, number)
    work()
    hand_in(client, letter, ward(1))
    OfficialAnswer.objects.get().publish(by=None, kind="answered")
    mailbox.clear()
    mailbox.refuse("p1@mail.example", "450 4.2.1 later")
    mailbox.refuse("p2@mail.example", "550 5.1.1 no such user")

    work()
    assert answers_to(mailbox)[0] == ["p3@mail.example"]
    mailbox.answers.clear()
    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()

    assert answers_to(mailbox)[0] == ["p3@mail.example", "p1@mail.example"]
    numbers = OfficialAnswer.objects.get().numbers()
    assert numbers == {"waiting": 0, "sent": 2, "refused": 1}
    person = Supporter.objects.get(email="p1@mail.example")
    assert "answer of" in str(person.export())
    person.erase()
    assert AnswerCopy.objects.count() == 2


def test_queueing_costs_the_same_statements_for_few_and_for_many(client, letter):
    costs = []
    for number in (2, 300):
        letter = make_letter(recipients=letter.recipient_list)
        make_many(letter, number)
        answer = OfficialAnswer.objects.create(
            letter=letter, recipient=ward(1), text="Yes.", published_at=timezone.now()
        )
        with CaptureQueriesContext(connection) as queries:
            answer.queue()
        costs.append(len(queries))
        assert answer.copies.count() == number

    assert costs[0] == costs[1]


def test_who_calls_a_mail_spam_after_publishing_gets_no_answer(
    client, mailbox, work, letter
):
    send(letter, 1)
    work()
    complaining = send(letter, 2).confirmation.supporter
    hand_in(client, letter, ward(1))
    answer = OfficialAnswer.objects.get()
    client.force_login(make_staff("bo", "Campaigners"))
    decide(client, answer, "publish")
    answer.queue()
    Suppression.objects.put(complaining.email, Reason.COMPLAINED)
    mailbox.clear()

    work_through()

    people, _mails = answers_to(mailbox)
    assert people == ["p1@mail.example"]
    assert AnswerCopy.objects.get(supporter=complaining).outcome == "stopped"
