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
from tests.factories import (
    make_campaign,
    make_comment,
    make_counted,
    make_petition,
    make_staff,
    make_staff_who,
)
from tests.staff.forms import fields_of
from tests.supporters.test_notices import (
    INBOX,
    TYPED,
    answer_in_inbox,
    to_notifier,
    words_of,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/supporters/report/"
WAITING = INBOX


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
    at = {each.reference: page.text.find(f"{each.reference} · ") for each in found}
    return sorted((number for number in at if at[number] > 0), key=at.get)


def test_many_about_one_place_are_one_line_beside_a_real_one(client, send, cy):
    real = send("My address stands there.", location="/campaign-1/comments/")
    flood = [send(f"Lie {number}.") for number in range(12)]

    page = client.get(WAITING)

    assert order(page) == [flood[-1].reference, real.reference]
    assert "Others waiting: <bdi>11</bdi>" in page.text


def test_reports_of_readers_wait_with_what_they_are_about(client, send, cy):
    comments = [make_comment(make_campaign(slug=slug)) for slug in ("foxes", "seals")]
    for comment in comments:
        comment.report(reason="hate", words="", network_hash="a")
    notice = send("A lie.")

    assert order(client.get(WAITING)) == [notice.reference]
    everything = Report.objects.all()
    answer_in_inbox(client, *everything, outcome="kept", reasons="No.", all_of_it="on")
    assert set(Report.objects.open()) == {*everything} - {notice}


def test_a_report_of_what_is_gone_is_closed_by_itself(client, cy):
    comment = make_comment(make_campaign())
    comment.report(reason="hate", words="", network_hash="a")
    report = comment.reports.get()
    page = f"{LIST}{report.pk}/change/"
    desk = f"/admin/comments/comment/desk/{comment.pk}/"
    assert f'href="{desk}">Decide' in client.get(page).text
    comment.delete()
    assert f'href="{INBOX}?row={report.pk}">Decide' in client.get(page).text
    assert "Decide…" in client.get(f"{INBOX}?row={report.pk}").text

    answer_in_inbox(client, report, outcome="gone")

    report.refresh_from_db()
    assert (report.decision, report.decided_by) == ("gone", cy)


def test_what_readers_report_of_names_is_seen_by_who_sees_names_there(client, campaign):
    petition = make_petition(campaign)
    [signature] = make_counted(petition, name="Zyx Hidden")
    told = {"reason": "no name", "network_hash": "a"}
    signature.public_name.report(location="/zyx/", **told)
    report = Report.objects.get()
    sees_all = make_staff_who("view_report", "change_report", "change_signature")
    sees_none = make_staff("dee")
    of_reports = Permission.objects.filter(content_type__model="report")
    sees_none.user_permissions.set(of_reports)
    elsewhere = make_staff("ed")
    group = Group.objects.get(name="Moderators")
    of_another = {"group": group, "campaign": make_campaign(slug="foxes")}
    CampaignRole.objects.create(user=elsewhere, **of_another)
    pages = [
        *(LIST, f"{LIST}{report.pk}/change/", WAITING, f"{WAITING}?row={report.pk}"),
        *("/admin/inbox/names/", f"/admin/inbox/names/?row={signature.pk}"),
    ]

    def seen(user):
        client.force_login(user)
        return [page for page in pages if "zyx" in client.get(page).text.lower()]

    for user in (sees_none, elsewhere):
        assert seen(user) == []
        client.post("/admin/inbox/names/", {"decision": f"hide:{signature.pk}"})
        answer_in_inbox(client, report, outcome="kept")
        download = {"action": "as_csv", "_selected_action": [report.pk]}
        answer = client.post(LIST, download, follow=True)
        assert b"/zyx/" not in b"".join(answer)
    assert Report.objects.get().decided_at is None
    assert len(seen(sees_all)) > 3


def test_notices_of_others_about_the_place_do_not_hide_mine(client, send, ed):
    mine, theirs = send("A lie."), send("Another.")
    Report.objects.filter(pk=theirs.pk).update(campaign=None)

    assert order(client.get(WAITING)) == [mine.reference]


def test_marks_make_no_other_content_of_a_page(client, send, cy):
    send("A lie.")
    last = [send("A lie.", location=f"/campaign-1/#{mark}") for mark in "abc"][-1]

    page = client.get(WAITING)

    assert order(page) == [last.reference]
    assert "Others waiting: <bdi>3</bdi>" in page.text


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
    flood = [send(f"Lie {n}.", email=f"e@m{n}.example") for n in range(12)]
    other = send("Another.", location="/campaign-1/comments/")

    asked = client.post(INBOX, {"decision": f"answer:{flood[-1].pk}"})
    assert "11 other notices about this content" in asked.text
    typed = {"outcome": "kept", "reasons": "It is an opinion.", "all_of_it": "on"}
    answer = client.post(INBOX, {**fields_of(asked), **typed}, follow=True)

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

    answer = answer_in_inbox(client, notice, outcome="kept", reasons="")

    assert answer.status_code == 422
    assert "Say why." in answer.text
    assert Report.objects.open().exists()


def test_the_page_of_one_shows_the_others_and_they_are_answered_if_wished(
    client, send, cy
):
    one, two, three = [send(f"Lie {number}.") for number in range(3)]
    assert "Lie 1." in client.get(f"{LIST}{one.pk}/change/").text

    answer_in_inbox(client, one, outcome="kept", reasons="No.")
    assert set(Report.objects.open()) == {two, three}

    typed = {"outcome": "kept", "reasons": "No.", "all_of_it": "on"}
    answer_in_inbox(client, two, up_to=three.pk, **typed)
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
    answer_in_inbox(client, notice, outcome="gone", reasons="Its writer took it back.")
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
        assert client.get(f"{INBOX}?row={other.pk}").status_code == 404
    every = [mine, theirs, of_the_site]
    answer_in_inbox(client, *every, outcome="removed", reasons="Deleted.")
    assert Report.objects.get(pk=mine.pk).decided_by == ed
    assert set(Report.objects.open()) == {theirs, of_the_site}


def test_a_former_address_belongs_to_the_campaign_that_had_it(send, campaign):
    campaign.slug = "new-name"
    campaign.save()

    assert send("A lie.", location="/campaign-1/").campaign == campaign


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

    answer = {"outcome": "kept", "reasons": "No.", "all_of_it": "on"}
    answer_in_inbox(client, mine, **answer, up_to=max(theirs.pk, mine.pk))

    assert list(Report.objects.open()) == [theirs]


def test_the_number_of_others_leaves_out_those_of_other_campaigns(client, send, ed):
    mine, theirs, of_mine = [send(f"Lie {number}.") for number in range(3)]
    Report.objects.filter(pk=theirs.pk).update(campaign=make_campaign(slug="foxes"))

    page = client.get(f"{LIST}{mine.pk}/change/")

    assert "1 other notice about this content waits" in page.text
    assert of_mine.reference in page.text
    assert theirs.reference not in page.text
    assert "Others waiting: <bdi>1</bdi>" in client.get(WAITING).text


# What happens while somebody looks at a page.


def test_an_answer_to_all_leaves_those_that_came_since_it_was_asked_for(
    client, send, cy
):
    one, _two = send("Lie 1."), send("Lie 2.")
    asked = fields_of(client.post(INBOX, {"decision": f"answer:{one.pk}"}))
    late = send("Lie 3, with a proof.")

    typed = {"outcome": "kept", "reasons": "No.", "all_of_it": "on"}
    answer = client.post(INBOX, {**asked, **typed}, follow=True)

    assert "2 notices decided." in answer.text
    assert list(Report.objects.open()) == [late]


@pytest.mark.parametrize("forged", ["", "x", "-1", str(2**64)])
def test_an_answer_from_no_page_of_ours_decides_nothing(client, send, cy, forged):
    one, _two = send("Lie 1."), send("Lie 2.")
    typed = {"outcome": "kept", "reasons": "No.", "all_of_it": "on", "up_to": forged}

    answer = answer_in_inbox(client, one, **typed)

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
