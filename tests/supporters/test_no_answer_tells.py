"""Who posts a form sees nothing of what was posted before, nor that the act is held.

Status, address, headers, cookies, statements and the page that follows are the same for
each kind of act, whatever became of the same post of a moment ago.
"""

import pytest
from django.utils import timezone

from comments.models import Comment
from letters.models import Letter, SuggestedLetter
from petitions.models import Signature
from safeguards.blocks import Block
from supporters.models import Follow
from tests.answers import new_browser, seen_after
from tests.comments.test_writing import TYPED
from tests.factories import ADA, make_letter, make_petition, make_staff
from tests.letters.test_sending import form

pytestmark = pytest.mark.django_db
POSTED_AGAIN = ["repeat", "confirmed", "held", "rejected", "discarded", "put back"]
# What only this kind of act can become, besides.
OWN_ENDS = {
    "signature": ["withdrawn"],
    "letter": ["erased"],
    "follow": ["stopped"],
    "comment": ["removed"],
}
FOLLOW = {"email": ADA["email"], "frequency": "daily"}
WHERE = {
    "signature": (Signature, "signatures", lambda: {**ADA, "shown_as": "full"}),
    "letter": (Letter, "letter", lambda: form(SuggestedLetter.objects.get())),
    "follow": (Follow, "follows", lambda: FOLLOW),
    "comment": (Comment, "comments", lambda: {**TYPED, "wants_news": "on"}),
}


@pytest.fixture(params=WHERE)
def kind(request):
    make_letter(make_petition().campaign)
    return request.param


def post(kind, browser, **others):
    """Send the form of this kind, from ada@mail.example or another address."""
    _model, name, typed = WHERE[kind]
    return browser.post(f"/campaign-1/{name}/", {**typed(), **others})


def prepare(kind, state):
    """What somebody has posted a moment ago, in this state.

    Comments are the same whoever writes them, so somebody else has written this one.
    """
    if state == "first":
        return
    others = {"email": "bo@mail.example"} if kind == "comment" else {}
    post(kind, new_browser(), **others)
    act = WHERE[kind][0].objects.latest("pk")
    match state:
        case "confirmed":
            act.confirm()
        case "held" | "rejected" if kind == "comment":
            Comment.objects.update(findings=[["flood", ""]])
            if state == "rejected":
                act.moderated_by(make_staff()).hide("hate")
        case "held" | "rejected":
            type(act).objects.update(held_at=timezone.now(), held_for="flood")
            if state == "rejected":
                assert type(act).objects.held().reject(make_staff())
        case "discarded":
            act.deny()
        case "put back":
            act.deny()
            act.undo_denial()
        case "withdrawn":
            act.withdraw()
        case "stopped":
            act.confirm()
            Follow.objects.get().stop()
        case "erased":
            act.confirm()
            act.confirmation.supporter.erase()
        case "removed":
            act.remove()


def test_no_answer_tells_what_was_posted_before(kind):
    states = ["first", *POSTED_AGAIN, *OWN_ENDS[kind]]

    seen = seen_after(
        states,
        lambda state: prepare(kind, state),
        lambda browser: post(kind, browser),
        WHERE[kind][0].objects,
    )

    for state in states:
        assert seen[state] == seen["first"], state
    assert len(seen["first"]["statements"]) > 1


@pytest.mark.parametrize("why", ["flood", "address"])
def test_no_answer_tells_that_the_act_itself_is_held(kind, settings, why):
    found, usual = [], settings.LIMIT_ACTS_BEFORE_HELD
    acts = WHERE[kind][0].objects

    def hold(state):
        is_flood = state == "held" and why == "flood"
        settings.LIMIT_ACTS_BEFORE_HELD = 0 if is_flood else usual
        if state == "held" and why == "address":
            Block.objects.create(kind="address", value="mail.example")

    def post_and_look(browser):
        answer = post(kind, browser)
        found.append(reasons_of(acts.latest("pk")))
        return answer

    seen = seen_after(["usual", "held"], hold, post_and_look, acts)

    assert seen["held"] == seen["usual"]
    assert found == [[], [], [why]]


def reasons_of(act):
    """Why an act waits for a person; of a comment, what was found about its sender."""
    if isinstance(act, Comment):
        return [rule for rule, _detail in act.findings]
    return [act.held_for] if act.is_held else []
