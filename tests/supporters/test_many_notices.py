"""Many notices do not bury a real one, and none waits for ever."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from campaigns.models import CampaignRole
from outbox.models import OutgoingMail
from staff.models import Alert
from supporters.models import Report, RetentionRun
from tests.answers import new_browser
from tests.concurrency import at_once
from tests.factories import make_campaign, make_comment, make_staff
from tests.staff.forms import fields_of, fill_in, run_action
from tests.supporters.test_notices import TYPED, to_notifier, words_of

pytestmark = pytest.mark.django_db
LIST = "/admin/supporters/report/"
WAITING = f"{LIST}?decided_at__isempty=1"


@pytest.fixture(autouse=True)
def campaign(mailbox):
    return make_campaign()


@pytest.fixture
def send(client):
    """Send a notice from a network of its own, or from that of this number."""

    def send(words, *, network=None, **typed):
        number = Report.objects.count() if network is None else network
        address = f"10.{number // 250}.{number % 250}.7"
        sent = {**TYPED, "words": words, "email": f"e{number}@mail.example", **typed}
        answer = client.post("/notices/", sent, REMOTE_ADDR=address)
        assert answer.status_code == 302, answer.text
        return Report.objects.latest("pk")

    return send


@pytest.fixture
def cy(client):
    user = make_staff("cy", "Moderators")
    client.force_login(user)
    return user


def order(page):
    """The reference numbers on a page, as they follow each other."""
    found = Report.objects.all()
    at = {each.reference: page.text.find(f">{each.reference}<") for each in found}
    return sorted((number for number in at if at[number] > 0), key=at.get)


def test_many_about_one_place_are_one_line_beside_a_real_one(client, send, cy):
    real = send("My address stands there.", location="/campaign-1/comments/")
    flood = [send(f"Lie {number}.") for number in range(12)]

    page = client.get(WAITING)

    assert order(page) == [flood[-1].reference, real.reference]
    assert ">11<" in page.text
    assert len(order(client.get(f"{WAITING}&each=1"))) == 13


def test_reports_of_readers_stand_each_for_themselves(client, send, cy):
    comments = [make_comment(make_campaign(slug=slug)) for slug in ("foxes", "seals")]
    for comment in comments:
        comment.report(reason="hate", words="", network_hash="a")
    notice = send("A lie.")

    page = client.get(WAITING)

    assert order(page)[0] == notice.reference
    assert len(order(page)) == 3
    assert page.text.count('class="field-more" data-label="Others waiting">–<') == 3
    chosen = {
        "action": "answer",
        "_selected_action": [r.pk for r in Report.objects.all()],
    }
    together = client.post(LIST, chosen).text
    assert "2 notices are about comments or names" in together
    assert "1 notice about this content waits" in together


def test_a_report_of_what_is_gone_is_closed_on_its_own_page(client, cy):
    comment = make_comment(make_campaign())
    comment.report(reason="hate", words="", network_hash="a")
    report = comment.reports.get()
    page = f"{LIST}{report.pk}/change/"
    assert "Decide at the moderators’ desk" in client.get(page).text
    comment.delete()

    client.post(page, {"decision": "gone", "up_to": 0})

    report.refresh_from_db()
    assert (report.decision, report.decided_by) == ("gone", cy)


@pytest.mark.parametrize("narrowed", ["law__exact=hate", "q=passport"])
def test_one_that_fits_shows_also_when_another_about_the_place_comes_first(
    client, send, cy, narrowed
):
    fits = send("It shows my passport.", law="hate")
    send("A lie.")

    assert order(client.get(f"{WAITING}&{narrowed}")) == [fits.reference]


def test_notices_of_others_about_the_place_do_not_hide_mine(client, send, ed):
    mine, theirs = send("A lie."), send("Another.")
    Report.objects.filter(pk=theirs.pk).update(campaign=None)

    assert order(client.get(WAITING)) == [mine.reference]


def test_marks_make_no_other_content_of_a_page(client, send, cy):
    send("A lie.")
    last = [send("A lie.", location=f"/campaign-1/#{mark}") for mark in "abc"][-1]

    page = client.get(WAITING)

    assert order(page) == [last.reference]
    assert ">3<" in page.text


def test_two_comments_of_a_page_are_two_contents(client, send, cy, campaign):
    one, two = [make_comment(campaign, f"Lie {number}.") for number in (1, 2)]
    address = "/campaign-1/comments/#comment-{}".format
    for comment in (one, one, two):
        send("It is a lie.", location=address(comment.pk))

    assert len(order(client.get(WAITING))) == 2


def test_a_notice_of_a_comment_that_is_sent_twice_is_one(send, campaign):
    comment = make_comment(campaign, "A lie.")
    address = f"/campaign-1/comments/#comment-{comment.pk}"

    one, two = [send("A lie.", network=1, location=address) for _ in range(2)]

    assert one == two


def test_a_network_that_sends_many_waits_behind_the_others(client, send, cy):
    real = send("My address stands there.", location="/campaign-1/comments/")
    marks = "abcdef"
    for mark in marks:
        make_campaign(slug=mark)
    flood = [send("A lie.", network=99, location=f"/{mark}/") for mark in marks]

    found = order(client.get(WAITING))

    assert found[:4] == [*(n.reference for n in flood[2::-1]), real.reference]
    assert len(found) == 7


def test_one_decision_with_one_reason_answers_all_about_a_place(
    client, send, cy, mailbox, work
):
    flood = [send(f"Lie {number}.") for number in range(12)]
    other = send("Another.", location="/campaign-1/comments/")

    asked = run_action(client, LIST, "answer", flood[-1])
    assert "12 notices about this content wait" in asked.text
    answer = client.post(
        WAITING,
        {
            **fields_of(asked),
            "_selected_action": [flood[-1].pk],
            "decision": "kept",
            "reasons": "It is an opinion.",
        },
        follow=True,
    )

    assert "12 notices decided." in answer.text
    kept = Report.objects.filter(decision="kept", reasons="It is an opinion.")
    assert kept.count() == 12
    assert {each.decided_by for each in kept} == {cy}
    assert list(Report.objects.open()) == [other]
    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()
    assert len([m for m in mailbox.messages if "decided" in m["Subject"]]) == 12


def test_one_answer_needs_a_reason(client, send, cy):
    notice = send("A lie.")
    typed = {"action": "answer", "_selected_action": [notice.pk], "reasons": ""}

    answer = client.post(LIST, {**typed, "decision": "kept"})

    assert answer.status_code == 422
    assert "Say why." in answer.text
    assert Report.objects.open().exists()


def test_on_the_page_of_one_the_others_stand_and_are_answered_if_wished(
    client, send, cy
):
    one, two, three = [send(f"Lie {number}.") for number in range(3)]
    page = f"{LIST}{one.pk}/change/"
    assert "Lie 1." in client.get(page).text

    fill_in(client, page, decision="kept", reasons="No.")
    assert set(Report.objects.open()) == {two, three}

    other = f"{LIST}{two.pk}/change/"
    fill_in(client, other, decision="kept", reasons="No.", all_of_it="on")
    assert not Report.objects.open().exists()


def test_nobody_waits_for_ever_and_the_sender_is_told(
    client, send, mailbox, work, settings
):
    client.force_login(make_staff("cy", "Moderators"))
    notice = send("A lie.", email=TYPED["email"])
    work()
    mailbox.clear()
    long_ago = timezone.now() - timedelta(days=settings.KEEP_HELD_DAYS, hours=1)
    Report.objects.update(received_at=long_ago)

    RetentionRun.run()
    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()

    [told] = to_notifier(mailbox)
    said = " ".join(words_of(told).split())
    assert "left on the site, since we have not decided in time" in said
    assert "You can also go to court." in said
    assert "person decided" not in said
    # A moderator who comes late still decides, and that is told, too.
    mailbox.clear()
    page = f"{LIST}{notice.pk}/change/"
    fill_in(client, page, decision="gone", reasons="Its writer took it back.")
    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()
    assert "not on the site any more" in words_of(to_notifier(mailbox)[0])


def test_what_lapsed_loses_its_sender_after_the_days_of_every_other(send, settings):
    send("A lie.")
    both = settings.KEEP_HELD_DAYS + settings.KEEP_NOTICES_DAYS
    long_ago = timezone.now() - timedelta(days=both + 1)
    Report.objects.update(received_at=long_ago)
    RetentionRun.run()
    decided = timezone.now() - timedelta(days=settings.KEEP_NOTICES_DAYS + 1)
    Report.objects.update(decided_at=decided)

    RetentionRun.run()

    notice = Report.objects.get()
    assert (notice.name, notice.email, notice.words) == ("", "", "")
    assert notice.decision == "lapsed"


# Whose notices somebody gets.


@pytest.fixture
def ed(client, campaign):
    """Somebody who moderates this one campaign."""
    user = make_staff("ed")
    group = Group.objects.get(name="Moderators")
    CampaignRole.objects.create(user=user, group=group, campaign=campaign)
    client.force_login(user)
    return user


def test_who_moderates_one_campaign_gets_the_notices_about_it(client, send, ed):
    make_campaign(slug="foxes", title="Foxes")
    mine = send("A lie about me.")
    theirs = send("A lie about her.", location="/foxes/")
    of_the_site = send("A lie about us.", location="/about/")

    page = client.get(WAITING)

    assert order(page) == [mine.reference]
    assert "notice of illegal content: decide on it" in client.get("/admin/").text
    for other in (theirs, of_the_site):
        address = f"{LIST}{other.pk}/change/"
        assert client.get(address).status_code == 404
        typed = {"decision": "kept", "reasons": "No."}
        assert client.post(address, typed).status_code == 404
    own = f"{LIST}{mine.pk}/change/"
    fill_in(client, own, decision="removed", reasons="Deleted.")
    assert Report.objects.get(pk=mine.pk).decided_by == ed


def test_a_former_address_belongs_to_the_campaign_that_had_it(send, campaign):
    campaign.slug = "new-name"
    campaign.save()

    assert send("A lie.", location="/campaign-1/").campaign == campaign


def test_one_answer_reaches_no_notice_of_another_campaign(client, send, ed):
    make_campaign(slug="foxes", title="Foxes")
    mine, theirs = send("A lie."), send("Another.", location="/foxes/")

    client.post(
        LIST,
        {
            "action": "answer",
            "_selected_action": [mine.pk, theirs.pk],
            "decision": "kept",
            "reasons": "No.",
            "up_to": theirs.pk,
        },
    )

    assert list(Report.objects.open()) == [theirs]


def test_one_answer_closes_no_notice_that_its_writer_may_only_see(client, send, ed):
    """The address belonged to another campaign when the first one was sent."""
    before = make_campaign(slug="foxes")
    theirs, mine = send("A lie."), send("Another.")
    Report.objects.filter(pk=theirs.pk).update(campaign=before)
    group = Group.objects.create(name="Onlookers")
    group.permissions.add(Permission.objects.get(codename="view_report"))
    CampaignRole.objects.create(user=ed, group=group, campaign=before)
    page = f"{LIST}{mine.pk}/change/"
    assert theirs.reference in client.get(page).text

    answer = {"decision": "kept", "reasons": "No.", "all_of_it": "on"}
    answer["up_to"] = max(theirs.pk, mine.pk)
    assert client.post(page, answer).status_code == 302

    assert list(Report.objects.open()) == [theirs]


def test_the_number_of_others_leaves_out_those_of_other_campaigns(client, send, ed):
    mine, theirs, of_mine = [send(f"Lie {number}.") for number in range(3)]
    Report.objects.filter(pk=theirs.pk).update(campaign=make_campaign(slug="foxes"))

    page = client.get(f"{LIST}{mine.pk}/change/")

    assert "1 other notice about this content waits" in page.text
    assert of_mine.reference in page.text
    assert theirs.reference not in page.text
    assert ">2<" not in client.get(f"{WAITING}&each=1").text


# What happens while somebody looks at a page.


def test_an_answer_to_all_leaves_those_that_came_since_the_page_was_opened(
    client, send, cy
):
    one, _two = send("Lie 1."), send("Lie 2.")
    page = f"{LIST}{one.pk}/change/"
    opened = fields_of(client.get(page))
    late = send("Lie 3, with a proof.")

    typed = {"decision": "kept", "reasons": "No.", "all_of_it": "on"}
    answer = client.post(page, {**opened, **typed}, follow=True)

    assert "2 notices decided." in answer.text
    assert list(Report.objects.open()) == [late]
    assert "1 other notice about this content waits" in answer.text


def test_one_answer_leaves_those_that_came_since_it_was_asked_for(client, send, cy):
    one = send("Lie 1.")
    asked = run_action(client, LIST, "answer", one)
    late = send("Lie 2, with a proof.")

    typed = {"_selected_action": [one.pk], "decision": "kept", "reasons": "No."}
    client.post(LIST, {**fields_of(asked), **typed})

    assert list(Report.objects.open()) == [late]


@pytest.mark.parametrize("forged", ["", "x", "-1", str(2**64)])
def test_an_answer_from_no_page_of_ours_decides_nothing(client, send, cy, forged):
    one, _two = send("Lie 1."), send("Lie 2.")
    typed = {"decision": "kept", "reasons": "No.", "all_of_it": "on", "up_to": forged}

    answer = client.post(f"{LIST}{one.pk}/change/", typed)

    assert answer.status_code == 422
    assert Report.objects.open().count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_one_moment_send_one_notice_and_one_alert(campaign):
    def press():
        typed = {**TYPED, "words": "It is a lie."}
        answers.append(new_browser().post("/notices/", typed).url)

    answers: list[str] = []
    at_once([press] * 4)

    assert len(set(answers)) == Report.objects.count() == 1
    assert Alert.objects.filter(kind="notice").count() == 1


@pytest.mark.django_db(transaction=True)
def test_notices_of_two_networks_at_one_moment_sound_one_alert(campaign):
    def press(network):
        return lambda: new_browser().post("/notices/", TYPED, REMOTE_ADDR=network)

    at_once([press(f"10.0.{number}.7") for number in range(4)])

    assert Report.objects.count() == 4
    assert Alert.objects.filter(kind="notice").count() == 1


def test_the_days_to_decide_begin_anew_when_a_decision_is_undone(send, settings, cy):
    notice = send("A lie.")
    mine = Report.objects.filter(pk=notice.pk)
    days = timedelta(days=settings.KEEP_HELD_DAYS, hours=1)
    mine.update(received_at=timezone.now() - days)
    mine.decide("kept", by=cy, reasons="No.")
    mine.reopen()

    RetentionRun.run()
    assert mine.get().decided_at is None

    mine.update(reopened_at=timezone.now() - days)
    RetentionRun.run()
    assert mine.get().decision == "lapsed"
