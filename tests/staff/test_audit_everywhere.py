"""Whatever page of the staff shows something about somebody, the audit trail says so.

Every address of the admin is opened, in several spellings, over a site that knows one
person everywhere. What is looked at is the page itself, not how the trail is made.
"""

import re
from itertools import cycle
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from campaigns.models import Campaign
from letters.models import Letter, Recipient
from petitions.models import Invalidation, Signature
from staff.audit import trail
from staff.models import AuditEntry, Invitation, User
from supporters.models import ErasureRequest
from tests.factories import make_campaign, make_recipients, make_staff
from tests.hostile.generator import routes
from tests.staff.forms import fields_of
from tests.supporters.markers import ADDRESS, WORD, do_everything
from tests.translations.left import of_programs
from versions.models import Deleted, Version

pytestmark = pytest.mark.django_db
ROUTES = sorted({route for route in routes() if route.startswith("admin/")})
OFFICIAL = f"{WORD.lower()}@council.example"
COLLEAGUE = "zyxcolleague"
ABOUT_SOMEBODY = re.compile(f"{WORD}|{ADDRESS}|{OFFICIAL}|{COLLEAGUE}", re.I)
# Other ways to write a path; the addresses take them in turn.
SPELLINGS = [
    lambda path: path.rstrip("/"),
    lambda path: path.replace("/admin/", "/admin//"),
    lambda path: path.replace("/admin/", "/%61dmin/"),
    str.upper,
    str.title,
    lambda path: f"{path}?_popup=1",
    lambda path: f"{path}?all=&q=a",
]


@pytest.fixture
def root(client, mailbox, work):
    """A superuser's browser, on a site where one of each row is about somebody."""
    root = make_staff("root", is_superuser=True, email="root@group.example")
    campaign = make_campaign()
    do_everything(campaign, work)
    Recipient.objects.filter(list=campaign.letter.recipient_list).update(name=WORD)
    official = campaign.letter.recipient_list.recipients.first()
    Recipient.objects.filter(pk=official.pk).update(email=OFFICIAL)
    campaign.letter.stances.create(
        recipient=official, kind="supports", day="2026-01-01", source="Council"
    )
    petition = campaign.petition
    Invalidation.start(
        petition, petition.signatures.all(), by=root, reason=WORD, found_by=WORD
    )
    cy = make_staff(COLLEAGUE, "Campaigners", email=ADDRESS)
    Invitation.objects.create(email=ADDRESS, invited_by=cy)
    ErasureRequest.objects.create(email=ADDRESS, reason="Rang.", asked_by=cy)
    there = Client()
    there.force_login(cy)
    there.get("/admin/")
    Version.objects.note(campaign.letter.recipient_list)
    Deleted.objects.put(make_recipients(1, name="Old"), by=cy)
    signed = petition.signatures.all()[:1]
    LogEntry.objects.log_actions(root.pk, signed, CHANGE, "", single_object=True)
    client.force_login(root)
    client.get("/admin/")
    return client


def first_key(label):
    """The key of a row, as it stands in addresses; none when there is no row."""
    keys = apps.get_model(label)._base_manager.order_by("pk").values_list("pk")
    return [str(pk) for (pk,) in keys[:1]]


def addresses(route):
    """The addresses of a route that name rows which are there."""
    model = ".".join(route.split("/")[1:3])
    found = [f"/{route}"]
    for name in re.findall(r"<(\w+)>", route):
        values = VALUES[name]() if name in VALUES else keys_for(model)
        found = [
            address.replace(f"<{name}>", quote(value), 1)
            for address in found
            for value in values
        ]
    return found


def keys_for(model):
    known = {m._meta.label_lower for m in admin.site._registry}
    model = "campaigns.campaign" if model == "campaign_editor.campaigns" else model
    return first_key(model) if model in known else []


VALUES = {
    "recipient": lambda: first_key("letters.recipient"),
    "letter": lambda: first_key("letters.suggestedletter"),
    "words": lambda: list(Letter.objects.values_list("words", flat=True)),
    "stance": lambda: first_key("letters.stance"),
    "version": lambda: first_key("versions.version"),
    "scan_pk": lambda: first_key("paper.paperscan"),
    "content_type_id": lambda: [
        str(ContentType.objects.get_for_model(Signature).pk),
        str(ContentType.objects.get_for_model(Campaign).pk),
    ],
    "app_label": lambda: ["staff", "supporters"],
    "name": lambda: ["confirmation"],
}


def body_of(answer):
    return b"".join(answer) if answer.streaming else answer.content


def shown(client, path):
    """What of somebody an address shows, and whether the trail got longer."""
    before = AuditEntry.objects.count()
    answer = client.get(path)
    page = body_of(answer).decode(errors="replace")
    assert not of_programs(page), path
    found = ABOUT_SOMEBODY.search(page)
    if found and "attachment" in answer.get("Content-Disposition", ""):
        assert AuditEntry.objects.first().kind == "exported", path
    return found and found.group(), AuditEntry.objects.count() > before


def test_every_address_in_every_spelling(root):
    unseen, seen, others = [], set(), cycle(SPELLINGS)
    for route in ROUTES:
        for path in addresses(route):
            for spell in (str, next(others)):
                spelling = spell(path)
                found, is_traced = shown(root, spelling)
                if found:
                    seen.add(route)
                if found and not is_traced:
                    unseen.append(f"{spelling} shows {found}")

    assert unseen == []
    # There was something to see: on the lists, rows and desks of people's data.
    assert len(seen) > 50


def audited():
    """The admins of what is about people, each with the key of one of its rows."""
    for model, own in admin.site._registry.items():
        label = model._meta.label_lower
        for key in first_key(label) if trail.is_audited(label) else []:
            yield own, label, key


def test_every_action_of_every_list(root, rf):
    asking = rf.get("/")
    asking.user = User.objects.get(username="root")
    tried = set()
    for own, label, key in audited():
        page = f"/admin/{label.replace('.', '/')}/"
        root.force_login(asking.user)  # one of the actions ends sessions
        for action in own.get_actions(asking):
            sent = {"action": action, "_selected_action": key}
            before = AuditEntry.objects.count()
            answer = root.post(page, sent)
            assert AuditEntry.objects.count() == before + 1, (page, action)
            said = AuditEntry.objects.first()
            kind = "listed" if answer.status_code == 200 else "action"
            if "attachment" in answer.get("Content-Disposition", ""):
                kind = "exported"
            if (label, action) == ("staff.user", "delete_selected"):
                kind = "refused"  # the last superuser stays
            assert (said.kind, said.action) == (kind, action)
            assert (said.model, said.keys) == (label, [key])
            tried.add(action)

    assert {"as_csv", "delete_selected", "reject", "retry"} <= tried


def test_every_form_that_is_sent_as_it_stands(root):
    """Whatever the admin's own log says was done with people's data is in the trail."""
    logged = set()
    for route in ROUTES:
        if "logout" in route or "account/" in route or "user/" in route:
            continue  # they would end this session
        for path in addresses(route):
            logged_before = LogEntry.objects.count()
            opened = root.get(path)
            body_of(opened)
            is_page = opened.get("Content-Type", "").startswith("text/html")
            form = fields_of(opened) if is_page else {}
            looked = AuditEntry.objects.count()
            body_of(root.post(path, form))
            if LogEntry.objects.count() == logged_before:
                continue
            done = LogEntry.objects.order_by("pk").last().content_type
            if trail.is_audited(f"{done.app_label}.{done.model}"):
                assert AuditEntry.objects.count() > looked, path
                said = AuditEntry.objects.first().kind
                assert said in ("action", "changed", "erased"), (path, said)
                logged.add(route)

    assert len(logged) > 10


def test_every_search_within_a_form_in_every_spelling(root):
    unseen = []
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation
    ]
    for field in fields:
        label, name = field.model._meta.app_label, field.model._meta.object_name
        for spelling in (name, name.lower(), name.upper()):
            asked = f"app_label={label}&model_name={spelling}&field_name={field.name}"
            path = f"/admin/autocomplete/?{asked}&term="
            found, is_traced = shown(root, path)
            if found and not is_traced:
                unseen.append(f"{path} shows {found}")

    assert len(fields) > 50
    assert unseen == []
