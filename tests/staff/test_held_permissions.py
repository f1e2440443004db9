"""Who may see one kind of act sees no other: in lists, searches, exports and pages.

Every address of the admin is opened, as in `test_audit_everywhere`, with acts of each
kind that wait, and with all that hangs on them: mails, consents, decisions, letters on
their way. What is looked at is the page itself.
"""

import re
from collections import defaultdict
from datetime import timedelta
from functools import reduce
from itertools import permutations
from operator import or_

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils import timezone

from outbox.models import OutgoingMail
from outbox.purposes import all_purposes
from staff.waiting import waiting_for
from supporters.acts.act import Act
from tests.factories import (
    follow,
    make_counted,
    make_letter,
    make_paper,
    make_petition,
    make_staff,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed, write
from tests.rooms import MAILS_LEFT_OUT, MAILS_OF_VOLUNTEERS
from tests.staff.forms import run_action
from tests.staff.test_audit_everywhere import ROUTES, addresses
from tests.staff.test_groups import THAT_ONLY_READ

pytestmark = pytest.mark.django_db
MODELS = {kind._meta.label_lower: kind for kind in Act.kinds()}
KINDS = [label.partition(".")[2] for label in MODELS]
# The purposes of the mails that tell of an act of each kind, or go to its owner.
MAILS = {
    "petitions.signature": [
        "signature_question",
        "signature_reminder",
        "signature_thanks",
    ],
    "letters.letter": [
        "letter_question",
        "letter_receipt",
        "letter_failed",
        "letter_waits",
        "letter_answer",
        "official_answer",
        "letter",
        "letters",
    ],
    "supporters.follow": ["follow_question", "update"],
    "comments.comment": [
        "comment_question",
        "comment_question_again",
        "comment_news",
        "hidden_comment_question",
        "replies_to_comment",
    ],
}
# These tell an owner of acts of any kind.
OF_ANY_KIND = ["held_ends", "rejected"]
# These tell of no act, but of my page or a notice, or go to officials and staff.
OF_NONE = [
    *("notice_received", "notice_decided"),
    *("my_page", "official_page", "official_address", "official_address_notice"),
    *("official_address_changed", "official_answer_decided"),
    *("alert", "comment_digest", "recipient_bounced"),
    *("invitation", "password_reset"),
    *("letter_test", "test_mail", "update_test"),
    *(MAILS_OF_VOLUNTEERS - MAILS_LEFT_OUT),
    *("reply_explained", "reply_forwarded"),
]


@pytest.fixture
def waiting():
    """An act of each kind that waits for staff; its words name the kind."""
    petition = make_petition()
    campaign = petition.campaign
    suggested = make_letter(campaign)
    waits = {kind: {**known(kind), "consents": agreed(kind)} for kind in KINDS}
    held = {"held_for": "flood"}
    acts = {
        "petitions.signature": sign(petition, **waits["signature"], **held),
        "letters.letter": write(suggested, **waits["letter"], **held),
        "supporters.follow": follow(
            campaign, known("follow")["email"], consents=agreed("follow"), **held
        ),
        "comments.comment": write_comment(campaign, **waits["comment"]),
    }
    # Only what is not held has signatures on paper beside it, and is on its way.
    [counted] = make_counted(petition, **known("signature"))
    # The paper has the same name in another spelling.
    make_paper(petition, counted.name.replace("Z", "Ž"))
    confirmed(suggested, **known("letter"))
    comment = acts["comments.comment"]
    comment.moderated_by(make_staff("cy")).show()
    comment.report(reason="hate", words="zyxcommentseen", network_hash="b" * 32)
    mail_each(acts)
    return acts


def mail_each(acts):
    """Mails about each act and to its owner, among them one that is late."""
    owners = {label: act.confirmation.supporter for label, act in acts.items()}
    for label, about in MAILS.items():
        owner = owners[label]
        for purpose in [*about, *OF_ANY_KIND]:
            OutgoingMail.objects.queue(purpose, acts[label].pk, owner.email)


def known(kind):
    word = f"zyx{kind}seen"
    return {"name": word.title(), "email": f"{word}@{word}.example"}


def agreed(kind):
    return [(kind, f"I agree, zyx{kind}seen.", "1")]


def test_an_act_of_each_kind_waits_here(waiting):
    assert {label: type(act) for label, act in waiting.items()} == MODELS


def test_every_purpose_says_here_of_which_acts_its_mails_tell():
    of_one = [purpose for purposes in MAILS.values() for purpose in purposes]

    known = all_purposes().items()
    ours = [name for name, kind in known if not is_of_tests(kind)]
    assert sorted([*of_one, *OF_ANY_KIND, *OF_NONE]) == ours


# Each kind is hidden from whoever may see each other one, by halves that cross.
LABELS = [*MODELS]
ANYWHERE = [LABELS[:2], LABELS[2:]]
WHERE_ACTS_STAND = [LABELS[::2], LABELS[1::2]]


@pytest.mark.parametrize("hidden", ANYWHERE + WHERE_ACTS_STAND)
def test_who_may_do_all_but_with_some_kinds_finds_nothing_of_them(
    client, waiting, hidden
):
    """On any page, or for the other pairs of kinds where acts stand."""
    client.force_login(staff_with(~reduce(or_, map(of_kind, hidden))))
    paths = [path for label in hidden for path in where_it_is(label, waiting[label])]
    if hidden in ANYWHERE:
        paths += [path for route in ROUTES for path in addresses(route)]
    else:
        paths += map(list_of, LABELS)

    seen = kinds_seen(client, paths)
    others = MODELS.keys() - {*hidden}
    assert seen.keys() == others, leaks(seen, others)


def test_the_halves_part_each_kind_from_each_other():
    parted = {
        (hidden, seen)
        for half in ANYWHERE + WHERE_ACTS_STAND
        for hidden in half
        for seen in MODELS.keys() - {*half}
    }

    assert parted == {*permutations(MODELS, 2)}


def test_who_may_do_nothing_with_acts_has_nothing_to_do_with_their_mails(
    client, waiting
):
    late = timezone.now() - timedelta(days=1)
    OutgoingMail.objects.update(due_at=late)
    mail = OutgoingMail.objects.earliest("pk")
    staff = staff_with(~reduce(or_, [of_kind(label) for label in MODELS]))
    client.force_login(staff)

    page = run_action(client, "/admin/outbox/outgoingmail/", "stop", mail)

    assert page.context["cl"].result_count == 0
    assert [each.words for each in waiting_for(staff) if "late" in each.words] == []
    assert not OutgoingMail.objects.exclude(settled_at=None).exists()


def is_of_tests(purpose):
    return type(purpose).__module__.startswith("tests.")


def of_kind(label):
    app, model = label.split(".")
    return Q(content_type__app_label=app, content_type__model=model)


def model_of(label):
    return label.partition(".")[2]


def staff_with(permissions):
    staff = make_staff("dee")
    staff.user_permissions.set(Permission.objects.filter(permissions))
    return staff


def list_of(label):
    return f"/admin/{label.replace('.', '/')}/"


def where_it_is(label, act):
    """Pages of an act, the desk, and all that finds it: lists, searches, choices."""
    own = list_of(label)
    pages = [f"{own}{act.pk}/change/", f"{own}{act.pk}/history/", own]
    pages += [f"{own}?line={act.pk}-{act.pk}", "/admin/inbox/held/"]
    pages += [f"/admin/inbox/names/?row={act.pk}"]
    pages += [f"/admin/comments/comment/desk/{act.pk}/"]
    mails = OutgoingMail.objects.to_address(act.confirmation.email)
    pages += [f"/admin/outbox/outgoingmail/{mail.pk}/change/" for mail in mails]
    # In capitals, which the page repeats and nothing that waits has.
    terms = [word.upper() for word in known(model_of(label)).values()]
    searches = [choices(key) for key in keys_to(type(act))]
    for model, own in admin.site._registry.items():
        if own.search_fields or model is type(act):
            path = list_of(model._meta.label_lower)
            searches += [f"{path}?q={term}" for term in terms]
    return pages + searches


def keys_to(model):
    fields = [key for other in apps.get_models() for key in other._meta.concrete_fields]
    return [key for key in fields if key.related_model is model]


def choices(key):
    """The search within a form by this key; an address may name any."""
    opts = key.model._meta
    return (
        f"/admin/autocomplete/?app_label={opts.app_label}"
        f"&model_name={opts.model_name}&field_name={key.name}&term="
    )


def kinds_seen(client, paths):
    """By kind, which of these pages, or files of any list, show what waits of it."""
    seen = defaultdict(list)
    for path in paths:
        for kind in named_in(client.get(path)):
            seen[kind].append(path)
    for own in admin.site._registry.values():
        for action in THAT_ONLY_READ.intersection(own.actions or ()):
            path = list_of(own.opts.label_lower)
            data = {"action": action, "_selected_action": ["1"], "select_across": "1"}
            for kind in named_in(client.post(path, data, follow=True)):
                seen[kind].append(f"{path}: {action}")
    return seen


def leaks(seen, wanted):
    return {kind: paths for kind, paths in seen.items() if kind not in wanted}


def named_in(answer):
    body = b"".join(answer) if answer.streaming else answer.content
    found = re.findall("[Zz]yx([a-z]+?)seen", body.decode(errors="replace"))
    return {label for label in MODELS if model_of(label) in found}
