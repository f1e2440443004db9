"""Who may see one kind of act sees no other: in lists, searches, exports and pages.

Every address of the admin is opened, as in `test_audit_everywhere`, with acts of each
kind that wait. What is looked at is the page itself.
"""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Q

from outbox.models import OutgoingMail
from supporters.acts.act import Act
from tests.factories import (
    follow,
    make_letter,
    make_petition,
    make_staff,
    sign,
    write_comment,
)
from tests.letters.makers import write
from tests.staff.test_audit_everywhere import ROUTES, addresses
from tests.staff.test_groups import THAT_ONLY_READ

pytestmark = [pytest.mark.django_db, pytest.mark.some]
MODELS = {kind._meta.label_lower: kind for kind in Act.kinds()}


@pytest.fixture
def waiting():
    """An act of each kind that waits for staff; its words name the kind."""
    petition = make_petition()
    campaign = petition.campaign
    waits = {"held_for": "flood"}
    acts = {
        "petitions.signature": sign(petition, **known("signature"), **waits),
        "letters.letter": write(make_letter(campaign), **known("letter"), **waits),
        "supporters.follow": follow(campaign, known("follow")["email"], **waits),
        "comments.comment": write_comment(campaign, **known("comment")),
    }
    # The mails that wait with them have a desk and a permission of their own.
    OutgoingMail.objects.all().delete()
    return acts


def known(kind):
    return {"name": f"Zyx{kind}seen", "email": f"zyx{kind}seen@mail.example"}


def test_an_act_of_each_kind_waits_here(waiting):
    assert {label: type(act) for label, act in waiting.items()} == MODELS


@pytest.mark.parametrize("label", MODELS)
def test_who_may_change_one_kind_finds_no_other(client, waiting, label):
    own = Q(codename__in=[f"{verb}_{model_of(label)}" for verb in ("view", "change")])
    client.force_login(staff_with(own))
    paths = [path for each in MODELS for path in where_it_is(each, waiting[each])]

    assert kinds_seen(client, paths) == {label}


@pytest.mark.parametrize("label", MODELS)
def test_who_may_do_all_but_with_one_kind_finds_nothing_of_it(client, waiting, label):
    app, model = label.split(".")
    of_kind = Q(content_type__app_label=app, content_type__model=model)
    client.force_login(staff_with(~of_kind))
    everywhere = [path for route in ROUTES for path in addresses(route)]
    paths = where_it_is(label, waiting[label])

    assert kinds_seen(client, everywhere + paths) == MODELS.keys() - {label}


def model_of(label):
    return label.partition(".")[2]


def staff_with(permissions):
    staff = make_staff("dee")
    staff.user_permissions.set(Permission.objects.filter(permissions))
    return staff


def where_it_is(label, act):
    """Pages of an act, the desk, and all that finds it: lists, searches, choices."""
    own = f"/admin/{label.replace('.', '/')}/"
    pages = [f"{own}{act.pk}/change/", f"{own}{act.pk}/history/", own]
    pages += [f"{own}?line={act.pk}-{act.pk}", f"/admin/held/?kind={label}"]
    pages += [f"/admin/comments/comment/desk/{act.pk}/"]
    # In capitals, which the page repeats and nothing that waits has.
    terms = [word.upper() for word in known(model_of(label)).values()]
    keys = keys_to(type(act))
    lists = {key.model._meta for key in keys if key.model in admin.site._registry}
    for opts in lists | {act._meta}:
        path = f"/admin/{opts.app_label}/{opts.model_name}/"
        pages += [f"{path}?q={term}" for term in terms]
    return pages + [choices(key) for key in keys]


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
    """The kinds of which these pages, or the files of any list, show what waits."""
    seen = {kind for path in paths for kind in named_in(client.get(path))}
    for own in admin.site._registry.values():
        for action in THAT_ONLY_READ.intersection(own.actions or ()):
            path = f"/admin/{own.opts.label_lower.replace('.', '/')}/"
            data = {"action": action, "_selected_action": ["1"], "select_across": "1"}
            seen |= named_in(client.post(path, data, follow=True))
    return seen


def named_in(answer):
    body = b"".join(answer) if answer.streaming else answer.content
    found = re.findall("[Zz]yx([a-z]+?)seen", body.decode(errors="replace"))
    return {label for label in MODELS if model_of(label) in found}
