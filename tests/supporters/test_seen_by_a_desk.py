"""Whatever waits for a person stands on a list of some desk, for whatever reason."""

import re

import pytest

from comments.models import Comment
from comments.rules import RULES, RuleFinding
from letters.models import SuggestedLetter
from petitions.models import Petition
from supporters.acts.act import HoldableAct
from supporters.acts.holding import HELD_FOR
from tests.comments.desk import DESK
from tests.factories import follow, make_petition, make_staff, sign, write_comment
from tests.letters.makers import write

pytestmark = pytest.mark.django_db
MAKERS = {
    "signature": lambda **fields: sign(Petition.objects.get(), **fields),
    "letter": lambda **fields: write(SuggestedLetter.objects.first(), **fields),
    "follow": lambda **fields: follow(None, **fields),
}


@pytest.fixture(autouse=True)
def desk(client):
    """Cy, who may see all, at the desk."""
    make_petition(closes_at=None)
    client.force_login(make_staff("cy", is_superuser=True))


def posted_again(act):
    return act.post_again("bo@mail.example", held_for="")


def denied_and_put_back(act):
    act.deny()
    act.undo_denial()
    return act


HELD_STATES = {
    "held": lambda act: act,
    "posted again": posted_again,
    "put back": denied_and_put_back,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_each_kind_of_act_that_is_held_for_whatever_reason(client, kind):
    held = [MAKERS[kind](held_for=reason) for reason in HELD_FOR]

    for act in held:
        assert stands_on_the_list(client, act), act.held_for


@pytest.mark.parametrize("state", HELD_STATES)
@pytest.mark.parametrize("kind", MAKERS)
def test_each_kind_of_act_that_is_held_however_it_came_to_it(client, kind, state):
    assert stands_on_the_list(client, HELD_STATES[state](MAKERS[kind](held_for="word")))


def stands_on_the_list(client, act):
    """Whether a line of held acts has it; the lines are those that say the same."""
    page = client.get("/admin/inbox/held/").text
    label = act._meta.label_lower
    lines = re.findall(rf'name="row" value="{label}-(\d+)-(\d+)"', page)
    return any(int(oldest) <= act.pk <= int(newest) for oldest, newest in lines)


def test_no_kind_of_act_is_left_out():
    assert {kind._meta.model_name for kind in HoldableAct.kinds()} == set(MAKERS)


def a_comment(text="Please stop.", **fields):
    campaign = Petition.objects.get().campaign
    return write_comment(campaign, text, network_hash="a" * 32, **fields)


def shown(**fields):
    comment = a_comment(**fields)
    comment.moderated_by(None).show()
    return comment


def hidden():
    comment = a_comment()
    comment.moderated_by(make_staff("di")).hide("hate")
    return comment


def edited():
    comment = shown()
    comment.by_writer.edit("Other words.", [])
    return comment


def edited_after_hiding():
    comment = hidden()
    comment.by_writer.edit("Other words.", [])
    return comment


def appealed():
    comment = hidden()
    assert comment.by_writer.appeal("It is fair.")
    return comment


def appealed_after_undo():
    comment = appealed()
    comment.moderated_by(make_staff("ed")).show()
    comment.moderated_by(None).undo()
    return comment


def undone():
    comment = shown()
    comment.moderated_by(None).undo()
    return comment


def reported():
    comment = shown()
    comment.report(reason="hate", words="", network_hash="b" * 32)
    return comment


def heir_of_what_was_removed():
    first, heir = a_comment(), a_comment(email="bo@mail.example")
    first.remove()
    return heir


def heir_of_what_was_denied():
    first, heir = a_comment(), a_comment(email="bo@mail.example")
    first.deny()
    return heir


def confirmed_repeat():
    shown()
    repeat = Comment.objects.get(pk=a_comment(email="bo@mail.example").pk)
    repeat.confirm()
    return repeat


def edited_repeat():
    shown()
    repeat = a_comment(email="bo@mail.example")
    repeat.by_writer.edit("My own words.", [])
    return repeat


def put_back():
    return denied_and_put_back(a_comment())


def put_back_repeat():
    shown()
    return denied_and_put_back(a_comment(email="bo@mail.example"))


def other_address():
    return a_comment().post_again("bo@mail.example", findings=[])


WAITING = [
    *(edited, edited_after_hiding, appealed, appealed_after_undo, undone, reported),
    *(heir_of_what_was_removed, heir_of_what_was_denied, confirmed_repeat),
    *(edited_repeat, put_back, put_back_repeat, other_address),
]


@pytest.mark.parametrize("made", WAITING, ids=lambda made: made.__name__)
def test_each_way_in_which_a_comment_comes_to_wait(client, made):
    comment = made()

    assert comment in Comment.objects.queued()
    assert f"{DESK}{comment.pk}/" in client.get(DESK, follow=True).text


@pytest.mark.parametrize("rule", RULES)
def test_a_comment_that_waits_for_whatever_rule(client, rule):
    comment = a_comment(findings=[RuleFinding(rule, "1")])

    assert comment in Comment.objects.queued()
    assert f"{DESK}{comment.pk}/" in client.get(DESK, follow=True).text
