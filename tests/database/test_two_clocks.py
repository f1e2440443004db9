"""A database whose clock is minutes ahead of ours, or behind, delays and loses no mail.

In these tests it is our clock that is moved: the database stays where it was.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from database import queue
from letters.models import AnswerCopy, OfficialAnswer
from letters.officials.tasks import queue_answer
from outbox.claiming import claim
from outbox.dispatcher import collect, work_through
from supporters.models import Mailing, Visit
from tests.factories import (
    make_campaign,
    make_follow,
    make_letter,
    make_petition,
    make_recipients,
    make_staff,
    make_update,
    sign,
)
from tests.letters.makers import confirmed, states

pytestmark = pytest.mark.django_db
HANDED_OVER = "handed to our mail service: 250 OK"
WARD = "ward1@council.example"


@pytest.fixture(params=["ahead", "behind"], autouse=True)
def clock(request, time_machine):
    """Ours, beside which that of the database is 20 minutes ahead or behind."""
    ours = timedelta(minutes=-20 if request.param == "ahead" else 20)
    time_machine.move_to(timezone.now() + ours)
    return time_machine


def to_ward(mailbox):
    return [m for m in mailbox.messages if m.envelope_to == [WARD]]


def change_jobs(how, *values):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE procrastinate_jobs SET {how}", values)


def jobs_that_start():
    """The tasks whose jobs the queue gives to a worker now, by the database's clock."""
    tasks = []
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL)"
            )
            [task] = cursor.fetchone()
            if task is None:
                return tasks
            tasks.append(task.rpartition(".")[2])


def test_a_letter_leaves_at_once(mailbox, work):
    letter = confirmed(make_letter(recipients=make_recipients(1)))

    work()

    assert states(letter) == [HANDED_OVER]


def test_a_refused_letter_is_tried_again_after_its_wait(mailbox, work, clock):
    mailbox.refuse(WARD, "450 later")
    letter = confirmed(make_letter(recipients=make_recipients(1)))
    work()
    clock.shift(timedelta(minutes=4))
    work()
    assert not to_ward(mailbox)

    mailbox.answers.clear()
    clock.shift(timedelta(minutes=2))
    work()

    assert states(letter) == [HANDED_OVER]


def test_a_letter_that_staff_send_again_leaves_at_once(mailbox, work):
    mailbox.refuse(WARD, "550 no")
    letter = confirmed(make_letter(recipients=make_recipients(1)))
    work()

    mailbox.answers.clear()
    assert letter.deliveries.get().retry()
    work()

    assert states(letter) == [HANDED_OVER]


def test_nobody_takes_over_what_a_worker_has_just_claimed(mailbox):
    confirmed(make_letter(recipients=make_recipients(1)))
    collect()
    assert claim("letter", 1, is_bulk=True)

    work_through()

    assert not to_ward(mailbox)


def test_an_answer_to_everybody_leaves_at_once(mailbox, work):
    letter = make_letter()
    delivery = confirmed(letter).deliveries.first()
    work()
    mailbox.clear()
    answer = OfficialAnswer.objects.create(
        letter=letter, recipient=delivery.recipient, text="Yes."
    )

    answer.publish(by=make_staff(), kind="answered")
    work()

    assert AnswerCopy.objects.get().outcome == "sent"
    assert "answered everybody" in mailbox.last()["Subject"]


def test_an_update_leaves_when_it_is_published_and_its_page_is_there(
    client, mailbox, work
):
    campaign = make_campaign()
    make_follow(campaign)
    work()
    mailbox.clear()
    update = make_update(campaign, publish_at=timezone.now(), published_at=None)

    update.publish()
    Mailing.objects.send(update, by=None)
    work()

    assert mailbox.last()["Subject"] == "The Mayor answers"
    assert client.get(update.get_absolute_url()).status_code == 200


def test_the_way_to_my_page_is_good_for_as_long_as_its_mail_says(
    client, mailbox, work, clock, settings
):
    client.post("/mine/", {"email": "ada@mail.example"})
    work()
    minutes = settings.VISIT_LINK_MINUTES

    clock.shift(timedelta(minutes=minutes - 1))
    assert Visit.objects.waiting().exists()
    clock.shift(timedelta(minutes=2))
    assert not Visit.objects.waiting().exists()


def test_a_job_that_has_failed_starts_again_after_its_wait(clock):
    queue_answer.defer(answer_pk=1)
    change_jobs("scheduled_at = %s", timezone.now() + timedelta(minutes=5))
    clock.shift(timedelta(minutes=6))

    queue.start_what_is_due()

    assert jobs_that_start() == ["queue_answer"]


def test_a_queue_that_is_not_late_is_not_said_to_be(client):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    signature = sign(make_petition())

    health = client.get("/healthz").json()

    assert (health["queue_seconds"], health["worker"]) == (0, "ok")
    assert "minutes behind" not in client.get(signature.inbox_url).text
