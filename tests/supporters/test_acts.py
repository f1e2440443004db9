"""What all acts that can be held have in common, shown for each kind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from letters.models import Letter, SuggestedLetter
from outbox.mailed_keys import Gone
from outbox.models import OutgoingMail
from petitions.models import Signature
from supporters.acts.act import Act, HoldableAct
from supporters.acts.held_lines import lines_of, put_acts_into
from supporters.models import Confirmation, Follow, Supporter
from tests.factories import (
    follow,
    make_counted,
    make_follow,
    make_petition,
    make_staff,
    reject,
    release,
    sign,
)
from tests.letters.makers import write
from tests.staff.forms import decide

pytestmark = pytest.mark.django_db
EMAIL = "ada@mail.example"
MAKERS = {
    Signature: lambda **fields: sign(make_petition(closes_at=None), **fields),
    Letter: lambda **fields: write(SuggestedLetter.objects.first(), **fields),
    Follow: lambda **fields: follow(None, **fields),
}
LISTS = {
    Letter: "/admin/letters/letter/",
    Follow: "/admin/supporters/follow/",
}


@pytest.fixture(params=MAKERS, ids=lambda model: model.__name__)
def model(request):
    return request.param


@pytest.fixture
def held(model):
    return MAKERS[model](email=EMAIL, held_for="word")


@pytest.fixture
def cy():
    return make_staff("cy", is_superuser=True)


def test_every_kind_of_act_is_shown_here():
    acts = {relation.related_model for relation in Confirmation._meta.related_objects}

    assert {act for act in acts if issubclass(act, Act)} == set(Act.kinds())
    assert set(HoldableAct.kinds()) == set(MAKERS)
    assert {act.__name__ for act in Act.kinds()} == {
        *(kind.__name__ for kind in MAKERS),
        "Comment",
    }


@pytest.mark.parametrize("kind", list(Act.kinds()))
def test_every_kind_says_what_the_rooms_below_need_to_know(kind):
    name = kind._meta.model_name

    assert str(kind.called)
    assert kind.counting.name == f"{name} of network"
    assert kind.personal_data.consents[name].button


def test_what_waits_is_the_same_for_one_and_for_all(model, held, cy):
    usual = MAKERS[model](email="bo@mail.example")
    assert (held.is_held, usual.is_held) == (True, False)
    assert model.objects.held().get() == held
    assert model.objects.pending().get() == usual
    assert held.undecided_since == held.held_at
    assert model.objects.undecided(timezone.now()).get() == held

    assert release(held, cy)

    assert not held.is_held
    assert held.undecided_since is None
    assert not model.objects.held().exists()
    assert model.objects.pending().count() == 2


@pytest.mark.parametrize("decision", ["confirm", "hold"])
def test_the_page_of_the_inbox_is_true_and_the_same_whatever_became_of_it(
    client, model, decision
):
    """Whoever typed the address has this page, also when it is somebody else's. So it
    tells nobody whether the owner has confirmed; and it must not say either that they
    have not. What it says holds before and after."""
    act = MAKERS[model](email=EMAIL)
    before = client.get(act.inbox_url)

    if decision == "confirm":
        act.confirm()
    else:
        held = model.objects.filter(pk=act.pk)
        held.update(held_at=timezone.now(), held_for="word")
    after = client.get(act.inbox_url)

    assert after.status_code == 200
    assert after.text == before.text
    assert "only after you have confirmed." in after.text
    assert "If you have already done that" in after.text
    assert "until you confirm" not in after.text


def test_whoever_posted_what_was_rejected_reads_so_there_without_a_mail(
    client, held, cy, mailbox, *, work, time_machine
):
    """An address that nobody has confirmed gets no mail of it. Its words are back."""
    time_machine.move_to(timezone.now() + timedelta(days=8))
    assert client.get(held.inbox_url).status_code == 410  # whatever became of it
    reject(held, cy)

    page = client.get(held.inbox_url)
    code = client.post(f"{held.inbox_url}code/", {"code": "123456"})

    for answer in (page, code):
        assert answer.status_code == 410
        assert answer.headers["Cache-Control"] == "no-store"
        assert "What you sent was not accepted" in answer.text
        for _label, words in held.typed:
            assert f"{words}</textarea>" in answer.text
        assert EMAIL not in answer.text
    work()
    assert not mailbox.messages


def test_who_was_released_is_asked_once(held, cy, mailbox, work):
    assert release(held, cy)
    assert not release(held, cy)
    assert not reject(held, cy)
    work()

    assert [mail["To"] for mail in mailbox.messages] == [EMAIL]
    assert (held.decided_by, held.rejected_at) == (cy, None)


def test_who_was_rejected_is_neither_asked_nor_released(held, cy, mailbox, work):
    assert reject(held, cy)
    assert not reject(held, cy)
    assert not release(held, cy)
    work()

    assert str(held.state) == "rejected"
    assert not any("onfirm" in mail["Subject"] for mail in mailbox.messages)


@pytest.mark.parametrize("decision", ["released_at", "confirmed_at"])
def test_nothing_is_rejected_and_released_or_confirmed(model, held, decision):
    now = timezone.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(rejected_at=now, **{decision: now})


def test_no_link_confirms_what_waits_or_was_rejected(model, client, cy, mailbox, work):
    act = MAKERS[model](email=EMAIL)
    work()
    link = mailbox.path_to("confirmation")
    model.objects.update(held_at=timezone.now(), held_for="word")

    answers = [client.get(link), client.post(link)]
    assert reject(act, cy)
    answers += [client.get(link), client.post(link)]

    assert {answer.status_code for answer in answers} == {410}
    assert "Nothing is confirmed in your name" in answers[-1].text
    act.refresh_from_db()
    assert act.confirmed_at is None
    assert Confirmation.objects.filter(used_at=None).count() == 1


def test_whose_address_is_known_is_told_of_a_rejection_in_one_mail(
    held, cy, mailbox, work, model
):
    make_counted(make_petition(), email=EMAIL)
    MAKERS[model](email=EMAIL, held_for="word")
    work()
    mailbox.clear()

    assert model.objects.all().reject(cy) == 2
    work()

    [mail] = mailbox.messages
    assert mail["To"] == EMAIL
    assert "was not accepted" in mail["Subject"]
    campaign = held.campaign
    about = campaign.full_title if campaign else "All campaigns"
    about = f": {about}"
    assert any(line.endswith(about) for line in mailbox.text().splitlines())
    assert "Lovelace" not in mail.as_string()
    text = mailbox.text()
    leads_on = "/unsent/" if model is Letter else "You can take part again"
    assert (leads_on in text) == (campaign is not None)


def test_a_rejected_flood_mails_no_stranger_whose_address_was_typed(
    held, cy, mailbox, work, model
):
    model.objects.update(held_for="flood")
    reject(held, cy)

    assert not OutgoingMail.objects.filter(purpose="rejected").exists()
    OutgoingMail.objects.queue("rejected", held.confirmation.supporter_id, EMAIL)
    work()
    assert mailbox.messages == []


def test_who_posts_with_the_address_of_somebody_has_them_told_three_times_a_day(
    cy, mailbox, work, model, time_machine
):
    time_machine.move_to("2026-11-20T01:00Z", tick=False)
    make_counted(make_petition(), email=EMAIL)

    for _time in range(5):
        reject(MAKERS[model](email=EMAIL, held_for="word"), cy)
        work()
        time_machine.shift(timedelta(hours=2))

    told = [mail["To"] for mail in mailbox.messages if "accepted" in mail["Subject"]]
    assert told == [EMAIL] * 3
    mailbox.clear()
    time_machine.move_to("2026-11-21T00:01Z", tick=False)
    work()
    assert [mail["To"] for mail in mailbox.messages] == [EMAIL]


def test_who_was_erased_before_the_mail_left_is_not_told(held, cy, mailbox, work):
    make_counted(make_petition(), email=EMAIL)
    work()
    mailbox.clear()
    reject(held, cy)

    Supporter.objects.get(email=EMAIL).erase()
    work()

    assert mailbox.messages == []


def test_a_held_one_that_was_one_of_many_passes_for_who_is_known(model):
    one = MAKERS[model](email=EMAIL, held_for="flood")
    other = MAKERS[model](email=EMAIL, held_for="word")
    assert not one.let_pass()
    Supporter.objects.update(confirmed_at=timezone.now())

    assert [one.let_pass(), other.let_pass()] == [False, False]  # read before
    one, other = (model.objects.get(pk=act.pk) for act in (one, other))
    assert [one.let_pass(), other.let_pass()] == [True, False]
    assert not one.let_pass()
    assert one.held_for == "flood"


@pytest.mark.parametrize("model", LISTS, indirect=True)
@pytest.mark.parametrize("decision", ["release", "reject"])
def test_staff_decide_on_many_at_once(client, model, held, cy, decision):
    more = MAKERS[model](email="bo@mail.example", held_for="flood")
    left = MAKERS[model](email="cy@mail.example", held_for="flood")
    client.force_login(cy)

    page = decide(client, LISTS[model], decision, held, more)

    assert f"2 {decision.rstrip('e')}ed." in page.text
    assert model.objects.held().get() == left
    questions = OutgoingMail.objects.filter(purpose=model.question)
    released = {held.pk, more.pk} if decision == "release" else set()
    assert set(questions.open().values_list("about", flat=True)) >= released


def test_the_list_of_each_kind_shows_what_the_desk_has_as_one_line(client, held, cy):
    other = MAKERS[type(held)](email="bo@mail.example", held_for="flood")
    client.force_login(cy)
    lines = lines_of(type(held).objects.held())
    put_acts_into(lines)
    assert {line.act for line in lines} == {held, other}

    for line in lines:
        shown = client.get(line.list_page)
        assert list(shown.context["cl"].result_list) == [line.act]


def test_a_later_yes_leaves_the_owners_first_one_as_it_was(time_machine):
    petition = make_petition()
    make_counted(petition)
    first = Supporter.objects.get().confirmed_at
    time_machine.move_to(timezone.now() + timedelta(days=1))

    make_follow(petition.campaign, "person0@mail.example")

    assert Supporter.objects.get().confirmed_at == first


def test_a_yes_that_comes_after_another_act_took_its_place_does_nothing():
    signature = sign(make_petition())
    Confirmation.objects.update(replaced_at=timezone.now())

    with pytest.raises(Gone):
        signature.confirm()

    assert not Confirmation.objects.filter(used_at__isnull=False).exists()
