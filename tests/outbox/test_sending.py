"""One mail from its row to its outcome, with a real relay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox import purposes
from outbox.claiming import CONVERSATION, claim
from outbox.dispatcher import collect, work_through
from outbox.models import Outcome, OutgoingMail, Reason, Suppression
from tests.factories import make_staff
from tests.letters.unruly import UnrulyServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def unruly(settings, mailbox):
    server = UnrulyServer()
    settings.MAILERS["default"]["OPTIONS"]["port"] = server.port
    yield server
    server.stop()


def test_a_mail_leaves_and_says_so(queue, news, mailbox):
    mail = queue()
    assert work_through() == 1
    [message] = mailbox.messages
    assert message["To"] == "ada@mail.example"
    assert message["Message-ID"] == mail.message_id
    mail.refresh_from_db()
    assert (mail.outcome, mail.tries) == (Outcome.SENT, 1)
    assert mail.reply.startswith("250")
    assert news.settled_as == [Outcome.SENT]
    assert work_through() == 0


def test_an_idle_worker_only_asks_what_waits(django_assert_num_queries):
    for purpose in purposes.all_purposes().values():
        collects = type(purpose).collect is not purposes.Purpose.collect
        assert collects == bool(purpose.waiting()), purpose.name

    # One for each of what may be due.
    with django_assert_num_queries(4):
        collect()


def test_a_mail_of_a_room_that_is_left_out_is_dropped_and_the_next_leaves(
    queue, mailbox
):
    left_out = OutgoingMail.objects.filter(pk=queue(2).pk)
    left_out.update(purpose="asked_by_nobody")
    queue(3)

    assert work_through() == 1

    assert [message["Subject"] for message in mailbox.messages] == ["News 3"]
    assert not left_out.exists()


def test_two_wishes_for_the_same_are_one_mail(queue, mailbox):
    assert queue().pk == queue().pk
    assert work_through() == 1
    queue()
    assert work_through() == 1


def test_news_that_came_while_a_mail_left_is_told_by_the_next(queue, news, mailbox):
    mail = queue()
    news.has_news = True
    settled = news.settled

    def once(mail):
        try:
            return settled(mail)
        finally:
            news.has_news = False

    news.settled = once
    assert work_through() == 2
    first, second = OutgoingMail.objects.order_by("pk")
    assert first.pk == mail.pk
    assert (second.about, second.email) == (mail.about, mail.email)
    assert second.message_id != mail.message_id


def test_several_of_the_staff_get_a_mail_about_the_same(news, mailbox, db):
    users = [make_staff(name, email=f"{name}@group.example") for name in ("bo", "cy")]
    for _twice in range(2):
        OutgoingMail.objects.queue_for_staff("news", 1, users)
    assert work_through() == 2
    assert [mail["To"] for mail in mailbox.messages] == [u.email for u in users]


def test_what_is_asked_for_when_a_mail_has_just_left_follows_it(queue, news, mailbox):
    first = queue()

    def settled(mail):
        if mail.pk == first.pk:
            queue()

    news.settled = settled
    assert work_through() == 2
    assert OutgoingMail.objects.exclude(pk=first.pk).get().outcome == Outcome.SENT


def test_what_is_refused_now_waits_and_is_given_up_in_the_end(queue, mailbox):
    mail = queue()
    mailbox.refuse("ada@mail.example", "451 4.7.1 Later")
    work_through()
    mail.refresh_from_db()
    assert mail.settled_at is None
    assert mail.due_at > timezone.now()
    assert mail.reply == "451 4.7.1 Later"
    long_ago = timezone.now() - timedelta(days=3)
    OutgoingMail.objects.update(due_at=long_ago, queued_at=long_ago, tries=11)
    work_through()
    mail.refresh_from_db()
    assert mail.outcome == Outcome.GIVEN_UP


def test_what_is_refused_for_good_is_settled(queue, news, mailbox):
    mail = queue()
    mailbox.refuse("ada@mail.example", "550 5.1.1 Nobody")
    work_through()
    mail.refresh_from_db()
    assert (mail.outcome, mail.reply) == (Outcome.REFUSED, "550 5.1.1 Nobody")
    assert news.settled_as == [Outcome.REFUSED]


def test_a_relay_that_is_down_costs_no_mail_a_try(queue):
    first, second = queue(1), queue(2)
    work_through()
    for mail in (first, second):
        mail.refresh_from_db()
        assert (mail.tries, mail.settled_at, mail.claimed_at) == (0, None, None)
        assert mail.due_at <= timezone.now()


def test_a_refusal_of_mail_from_is_our_accounts_fault(queue, unruly):
    unruly.plan[""] = [("mail", "535 5.7.8 Account locked")]
    mail = queue()
    work_through()
    mail.refresh_from_db()
    assert (mail.tries, mail.settled_at) == (0, None)


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [(purposes.ASKED_FOR, ""), (purposes.LETTER, Outcome.IN_DOUBT)],
)
def test_an_answer_that_is_lost(queue, news, unruly, policy, outcome):
    news.policy = policy
    unruly.plan["ada@mail.example"] = [("end", "drop after")]
    mail = queue(lane=policy.lane)
    work_through()
    mail.refresh_from_db()
    assert mail.outcome == outcome
    assert len(unruly.taken) == 1


def test_what_a_dead_worker_left_after_the_dot(queue, news, mailbox):
    """A question is asked again; a letter may have arrived, and is not."""
    long_ago = timezone.now() - timedelta(hours=1)
    for policy, number in ((purposes.LETTER, 0), (purposes.ASKED_FOR, 1)):
        news.policy = policy
        mail = queue(number)
        OutgoingMail.objects.filter(pk=mail.pk).update(
            claimed_at=long_ago, dot_at=long_ago, tries=1
        )
        work_through()
        assert len(mailbox.messages) == number
        mail.refresh_from_db()
        assert mail.outcome == (Outcome.SENT if number else Outcome.IN_DOUBT)


def test_what_may_not_leave_at_the_last_dot_does_not(queue, news, mailbox):
    mail = queue()
    news.leaves = False

    def once(mail):
        news.waits.append(purposes.Never("changed"))
        return False

    news.may_leave = once
    work_through()
    assert mailbox.messages == []
    mail.refresh_from_db()
    assert mail.outcome == Outcome.STOPPED


def test_erased_between_writing_and_the_last_dot_it_does_not_leave(
    queue, news, mailbox
):
    queue()
    written = news.compose

    def compose(mail):
        OutgoingMail.objects.all().erase()
        return written(mail)

    news.compose = compose
    work_through()
    assert mailbox.messages == []
    assert not OutgoingMail.objects.exists()


def test_what_waits_for_its_moment_costs_no_try(queue, news, mailbox):
    moment = timezone.now() + timedelta(hours=2)
    news.waits = [purposes.Later(moment, is_turn=True)]
    mail = queue()
    work_through()
    mail.refresh_from_db()
    assert (mail.due_at, mail.turn_at, mail.tries) == (moment, moment, 0)


def test_of_nothing_to_say_no_row_stays(queue, news, mailbox):
    news.waits = [purposes.Nothing()]
    queue()
    work_through()
    assert not OutgoingMail.objects.exists()
    assert mailbox.messages == []


def test_a_fault_of_ours_waits_until_it_is_mended(queue, news, mailbox, caplog):
    news.waits = [KeyError("name")]
    mail = queue()
    work_through()
    mail.refresh_from_db()
    assert mail.reply == "KeyError on our side"
    assert mail.settled_at is None


def test_a_mailbox_on_the_list_gets_nothing_unasked(queue, news, mailbox):
    Suppression.objects.put("ADA+x@mail.example", Reason.BOUNCED)
    mail = queue()
    assert work_through() == 1  # somebody has asked for it
    news.is_unasked = True
    mail = queue()
    work_through()
    mail.refresh_from_db()
    assert mail.outcome == Outcome.STOPPED
    Suppression.objects.lift("ada@mail.example", Reason.BOUNCED)
    queue()
    assert work_through() == 1


def test_a_domain_has_two_conversations_and_one_of_them_in_bulk(queue):
    for number in range(6):
        queue(number, lane="bulk" if number < 3 else "waited")
    assert len(claim("bulk", 1, is_bulk=True)) == 1
    assert claim("bulk", 1, is_bulk=True) == []
    assert len(claim("waited", 1, is_bulk=False)) == 1
    assert claim("waited", 1, is_bulk=False) == []
    queue(9, "eve@other.example")
    [mail] = claim("waited", 5, is_bulk=False)
    assert mail.domain == "other.example"


def test_what_a_killed_worker_has_claimed_waits_for_a_conversation_only(queue):
    for number in range(4):
        queue(number)
    [one], [two] = claim("waited", 1, is_bulk=False), claim("waited", 1, is_bulk=False)
    assert claim("waited", 4, is_bulk=False) == []

    long_ago = timezone.now() - CONVERSATION
    OutgoingMail.objects.exclude(claimed_at=None).update(claimed_at=long_ago)
    # The relay may have it, and its answer be on its way.
    OutgoingMail.objects.filter(pk=one.pk).update(dot_at=long_ago)

    next_ones = claim("waited", 4, is_bulk=False)
    assert len(next_ones) == 3
    assert two.pk in [mail.pk for mail in next_ones]


def test_bulk_keeps_to_the_rate_and_who_waits_does_not_wait_for_it(
    queue, mailbox, settings
):
    settings.MAILS_A_MINUTE = 20
    for number in range(5):
        queue(number, lane="bulk")
        queue(10 + number)
    work_through()
    left = OutgoingMail.objects.filter(outcome=Outcome.SENT)
    assert left.filter(lane="waited").count() == 5
    # What is waited for counts, so that bulk has less.
    assert left.filter(lane="bulk").count() <= 2
