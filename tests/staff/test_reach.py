"""Whoever has roles in one campaign alone sees and does nothing in another one.

Every address of the staff site is opened, by somebody who has both roles in the council
of Ardbeg, over a site on which one person has done everything in another campaign. What
is looked at is what the pages show, and what the forms change.
"""

import re
from itertools import islice
from urllib.parse import quote, unquote

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from campaign_site.menu import SECTIONS
from campaign_site.permissions import CAMPAIGN_OF, GROUPS
from campaigns.models import Campaign, CampaignRole, Update
from comments.models import Comment
from letters.models import Letter, Recipient
from petitions.models import Invalidation, Signature
from staff import reach
from tests.factories import (
    make_campaign,
    make_comment,
    make_counted,
    make_letter,
    make_petition,
    make_recipients,
    make_staff,
    make_update,
    sign,
    write_comment,
)
from tests.hostile.generator import routes
from tests.made_once import made_once
from tests.staff.forms import fields_of, run_action
from tests.supporters.markers import ADDRESS, WORD, do_everything

# One process makes the site of the other campaign once for all of them.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reach")]
ROUTES = sorted({route for route in routes() if route.startswith("admin/")})
SECRET = "Tzywarnoch"
# They are read and changed on a page of the campaign, and are no list of their own.
ON_A_PAGE = {"volunteers.translationrequest"} & set(CAMPAIGN_OF)
OF_THE_OTHER = re.compile(f"{SECRET}|{WORD}|{ADDRESS}", re.I)


def give(user, campaign, *groups):
    """Roles in one campaign."""
    for name in groups:
        group = Group.objects.get(name=name)
        CampaignRole.objects.create(user=user, group=group, campaign=campaign)
    return user


@pytest.fixture
def own():
    campaign = make_campaign(title="Ardbeg", slug="ardbeg")
    make_letter(campaign, recipients=make_recipients(2, name="Ardbeg council"))
    sign(make_petition(campaign), name="Grace Hopper", email="grace@mail.example")
    make_comment(campaign, "Well said.")
    return campaign


@pytest.fixture
def other(mailbox, work):
    """A campaign of others, with a row of each kind that names it or its people.

    A test names it before what else it needs.
    """
    made_once("a campaign of others", lambda: make_other(work))
    return Campaign.objects.get(slug=SECRET.lower())


def make_other(work):
    campaign = make_campaign(title=SECRET, slug=SECRET.lower())
    do_everything(campaign, work)
    suggested = campaign.letter
    suggested.recipient_list.name = f"{SECRET} council"
    suggested.recipient_list.save()
    Recipient.objects.filter(list=suggested.recipient_list).update(name=WORD)
    official = suggested.recipient_list.recipients.first()
    suggested.stances.create(
        recipient=official, kind="supports", day="2026-01-01", source=SECRET
    )
    petition = campaign.petition
    root = make_staff("root", is_superuser=True)
    Invalidation.start(
        petition, petition.signatures.all(), by=root, reason=SECRET, found_by=SECRET
    )
    sign(petition, name=f"{WORD} held", email=ADDRESS, held_for="flood")
    make_update(campaign, title=f"{SECRET} update")
    campaign.story_pictures.create(number=1, caption=SECRET)
    petition.referral_links.create(name=SECRET, code="s1")


@pytest.fixture
def bo(client, own):
    """In both roles, in one campaign."""
    bo = give(make_staff("bo"), own, *GROUPS)
    client.force_login(bo)
    return bo


def keys_of(label):
    """The keys of all rows, as they stand in addresses."""
    return [
        str(pk)
        for pk in apps.get_model(label)._base_manager.values_list("pk", flat=True)
    ]


VALUES = {
    "recipient": lambda: keys_of("letters.recipient"),
    "letter": lambda: keys_of("letters.suggestedletter"),
    "words": lambda: list(Letter.objects.values_list("words", flat=True)),
    "stance": lambda: keys_of("letters.stance"),
    "version": lambda: keys_of("versions.version"),
    "scan_pk": lambda: keys_of("paper.paperscan"),
    "kind": lambda: ["comments", "held", "names", "reports", "words"],
    "content_type_id": lambda: [
        str(ContentType.objects.get_for_model(model).pk)
        for model in (Signature, Campaign, Update)
    ],
    "app_label": lambda: ["campaigns", "letters", "petitions"],
    "name": lambda: ["confirmation"],
    "paper": lambda: ["a4"],
    "language": lambda: ["ko"],
    "part": lambda: [f"campaign-{pk}" for pk in keys_of("campaigns.campaign")],
    "number": lambda: [key for label in ON_A_PAGE for key in keys_of(label)],
}


def addresses(route):
    """The addresses of a route that name rows which are there: a few, or at most 40."""
    model = ".".join(route.split("/")[1:3])
    if "mailing/update/" in route:
        model = "campaigns.update"
    known = {m._meta.label_lower for m in admin.site._registry}
    if model == "editor.campaigns" or model.startswith("translations.<"):
        model = "campaigns.campaign"
    found = [f"/{route}"]
    for name in re.findall(r"<(\w+)>", route):
        if name in VALUES:
            values = VALUES[name]()
        else:
            values = keys_of(model) if model in known else []
        found = [
            address.replace(f"<{name}>", quote(value), 1)
            for address in found
            for value in values
        ]
    return found[:40]


def shown(client, path):
    """What of the other campaign an address shows, in its page or where it leads."""
    answer = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    text = body.decode(errors="replace") + answer.headers.get("Location", "")
    if asked := unquote(path.partition("?q=")[2]):  # the page says it again
        text = text.replace(asked, "")
    found = OF_THE_OTHER.search(text)
    return found and f"{path} shows {text[max(0, found.start() - 200) : found.end()]}"


def test_each_model_of_the_staff_site_says_where_its_rows_belong():
    registered = {model._meta.label_lower for model in admin.site._registry}
    of_groups = {label for models in GROUPS.values() for label in models}

    assert set(CAMPAIGN_OF) == registered | of_groups | ON_A_PAGE
    for label, place in CAMPAIGN_OF.items():
        if place not in (reach.SITE, reach.OWN):
            assert Campaign in leads_to(apps.get_model(label), place), label


def leads_to(model, place):
    for name in place.split("__") if place != "pk" else []:
        model = model._meta.get_field(name).related_model
    return [model]


@pytest.mark.usefixtures("other", "bo")
def test_no_address_shows_anything_of_another_campaign(client, other):
    opened = [address for route in ROUTES for address in addresses(route)]

    found = [said for path in opened if (said := shown(client, path))]

    assert found == []
    client.force_login(make_staff("di", is_superuser=True))
    seen = (path for path in opened if shown(client, path))
    assert len([*islice(seen, 60)]) == 60  # there was something to see


@pytest.mark.usefixtures("other", "bo")
def test_no_filter_search_or_period_shows_it_either(client, other):
    lists = [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for model in admin.site._registry
    ]
    petition = other.petition.pk

    found = [
        said
        for path in (
            *(
                f"{one}?q={asked}"
                for one in lists
                for asked in ("Lovelace", quote(ADDRESS))
            ),
            *(f"{one}?_facets=True" for one in lists),
            f"/admin/petitions/signature/fraud/?petition={petition}",
            f"/admin/petitions/signature/fraud/?petition={petition}&since=2020-01-01T00:00",
            f"/admin/petitions/bundle/add/?petition={petition}",
            f"/admin/campaigns/update/add/?campaign={other.pk}",
            *(f"/admin/inbox/{tab}/" for tab in ("names", "held")),
            *(
                f"/admin/inbox/names/?row={each.pk}"
                for each in other.petition.signatures.all()
            ),
        )
        if (said := shown(client, path))
    ]

    assert found == []


@pytest.mark.usefixtures("other", "bo")
def test_no_search_within_a_form_finds_it(client, other):
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation
    ]

    found = []
    for field in fields:
        label, name = field.model._meta.app_label, field.model._meta.model_name
        asked = f"app_label={label}&model_name={name}&field_name={field.name}&term="
        found.append(shown(client, f"/admin/autocomplete/?{asked}"))

    assert list(filter(None, found)) == []


@pytest.mark.usefixtures("other", "bo")
def test_the_own_campaign_is_all_there(client, own):
    signature = own.petition.signatures.get()

    first = client.get("/admin/").text
    home = client.get(f"/admin/editor/campaigns/{own.pk}/home/").text

    assert "Ardbeg" in first
    assert "All figures" in home
    assert "Grace Hopper" in client.get("/admin/petitions/signature/").text
    assert (
        client.get(f"/admin/petitions/signature/{signature.pk}/change/").status_code
        == 200
    )
    assert "Well said." in client.get("/admin/comments/comment/").text
    assert client.get(f"/admin/editor/campaigns/{own.pk}/").status_code == 200
    assert client.get("/admin/editor/campaigns/new/").status_code == 403


@pytest.mark.usefixtures("other", "bo")
def test_everything_of_the_menu_opens(client):
    page = client.get("/admin/advanced/").text
    menu = re.findall(r'<li><a href="(/admin/[^"]*)"', page)

    answers = {path: client.get(path, follow=True).status_code for path in menu}

    assert len(menu) > 15
    assert set(answers.values()) == {200}
    entries = [entry for part in SECTIONS for entry in part.entries]
    hidden = {entry.address for entry in entries} - set(menu)
    refused = {path: client.get(path, follow=True).status_code for path in hidden}
    assert set(refused.values()) == {403}


# Pages with a form or a button, in several spellings.
TO_SEND_TO = [
    "campaigns/campaign/{campaign}/change/",
    "campaigns/campaign/{campaign}/ending/",
    "campaigns/campaign/{campaign}/delete/",
    "campaigns/campaign/%20{campaign}/change/",
    "campaigns/campaign/+{campaign}/change/",
    "campaigns/campaign/_3{campaign}/change/",
    "editor/campaigns/{campaign}/",
    "editor/campaigns/{campaign}/unsaved/",
    "editor/campaigns/{campaign}/preview/",
    "petitions/petition/{petition}/pause/",
    "petitions/petition/{petition}/names/",
    "comments/comment/desk/{comment}/decisions/",
    "supporters/mailing/update/{update}/send/",
    "letters/suggestedletter/{letter}/test/",
    "letters/recipientlist/{list}/import/",
]


@pytest.mark.usefixtures("other", "bo")
def test_nothing_is_sent_to_a_page_of_another_campaign(client, other, subtests):
    rows = {
        "campaign": other.pk,
        "petition": other.petition.pk,
        "signature": other.petition.signatures.first().pk,
        "comment": other.comments.first().pk,
        "update": other.updates.first().pk,
        "letter": other.letter.pk,
        "list": other.letter.recipient_list_id,
    }
    before = LogEntry.objects.count()

    for path in TO_SEND_TO:
        with subtests.test(path):
            sent = {"close": "1", "reason": "x", "post": "yes"}
            answer = client.post(f"/admin/{path.format(**rows)}", sent)
            # Django leads to the first page when there is no such row.
            assert answer.status_code == 404 or answer.url == "/admin/"
    assert LogEntry.objects.count() == before
    other.refresh_from_db()
    assert not other.has_ended


@pytest.mark.usefixtures("other", "bo")
def test_no_row_is_made_in_or_moved_to_another_campaign(client, other, own):
    update = make_update(own, title="Ours")
    path = f"/admin/campaigns/update/{update.pk}/change/"
    fields = fields_of(client.get(path))

    moved = client.post(path, {**fields, "campaign": other.pk})
    added = client.post(
        "/admin/petitions/referrallink/add/",
        {"petition": other.petition.pk, "name": "Theirs", "code": "theirs"},
    )
    new_list = client.get("/admin/letters/recipientlist/add/")

    assert "from the list" in moved.text
    assert "from the list" in added.text
    assert new_list.status_code == 403
    update.refresh_from_db()
    assert update.campaign == own
    assert not other.petition.referral_links.filter(name="Theirs").exists()


def test_who_only_sees_rows_of_a_campaign_changes_none_there(client, bo, own):
    """Cy moderates here and sees there; a list shows the rows of both."""
    there = make_campaign(title="There")
    suggested = make_letter(there)
    only_sees = Group.objects.create(name="Onlookers")
    view = Permission.objects.filter(codename__startswith="view_")
    only_sees.permissions.set(view)
    give(bo, there, "Onlookers")
    held = [
        sign(petition, email=f"x{n}@mail.example", held_for="flood")
        for n, petition in enumerate([own.petition, make_petition(there)])
    ]

    page = client.get("/admin/petitions/signature/")
    path = "/admin/petitions/signature/?q="
    opened = run_action(client, path, "release", *held)
    fields = fields_of(opened)
    fields["_selected_action"] = [row.pk for row in held]
    client.post(path, fields, follow=True)
    paused = run_action(
        client, "/admin/letters/suggestedletter/", "pause", own.letter, suggested
    )

    assert page.text.count("Ada Lovelace") >= 2
    assert list(Signature.objects.held()) == [held[1]]
    assert paused.status_code == 200
    suggested.refresh_from_db()
    own.letter.refresh_from_db()
    assert own.letter.paused_at
    assert not suggested.paused_at
    form = client.get(f"/admin/campaigns/campaign/{there.pk}/change/")
    assert form.status_code == 200
    assert 'name="_save"' not in form.text
    assert (
        client.post(f"/admin/campaigns/campaign/{there.pk}/change/").status_code == 403
    )
    assert client.get(f"/admin/editor/campaigns/{there.pk}/").status_code == 403


def test_a_list_that_others_use_too_is_seen_and_not_changed(client, bo, own):
    shared = own.letter.recipient_list
    path = f"/admin/letters/recipientlist/{shared.pk}/change/"
    assert 'name="_save"' in client.get(path).text
    make_letter(make_campaign(), recipients=shared)
    new = {"list": shared.pk, "name": "Eve", "office": "", "email": "e@x.example"}

    page = client.get(path)
    added = client.post("/admin/letters/recipient/add/", new)

    assert "Ardbeg council" in page.text
    assert 'name="_save"' not in page.text
    assert client.post(path, {"name": "Changed"}).status_code == 403
    assert "from the list" in added.text


def test_a_moderator_decides_on_comments_of_their_campaigns_alone(client, bo, own):
    there = make_campaign(title="There")
    ours, theirs = (
        write_comment(one, "Wait.", email=f"{one.pk}@x.example") for one in (own, there)
    )
    for comment in (ours, theirs):
        comment.confirm()
    rows = [f"{each.pk}-{each.version}" for each in (ours, theirs)]

    client.post("/admin/inbox/comments/", {"decision": "show", "row": rows})

    assert [
        c for c in Comment.objects.all() if c.pk in (ours.pk, theirs.pk) and c.is_shown
    ] == [ours]


def test_a_moderator_decides_on_names_of_their_campaigns_alone(client, other, bo, own):
    [ours] = make_counted(own.petition, name="Mayor Hall", name_found="posing")
    theirs = other.petition.signatures.counted().first()

    for row in (theirs, ours):
        client.post("/admin/inbox/names/", {"decision": "hide", "row": row.pk})
        undo = f"{row.pk}-show"
        client.post("/admin/inbox/names/", {"decision": "undo", "last": undo})

    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert theirs.name_decided_at is None
    assert ours.name_decided_by == bo
    assert client.get(f"/admin/inbox/names/?row={theirs.pk}").status_code == 404


def test_roles_for_all_campaigns_are_as_before(client, other, own):
    cy = make_staff("cyd", "Moderators")
    give(cy, own, "Campaigners")
    client.force_login(cy)

    assert SECRET in client.get("/admin/campaigns/campaign/").text
    assert (
        client.get(f"/admin/campaigns/campaign/{other.pk}/change/").status_code == 200
    )
    assert client.get(f"/admin/editor/campaigns/{other.pk}/").status_code == 403
    assert client.get(f"/admin/editor/campaigns/{own.pk}/").status_code == 200


def test_lists_cost_as_much_with_many_roles(
    client, bo, own, django_assert_max_num_queries
):
    def cost(path):
        with django_assert_max_num_queries(60) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    paths = ["/admin/", "/admin/petitions/signature/", "/admin/campaigns/campaign/"]
    client.get("/admin/")
    one = [cost(path) for path in paths]
    for _ in range(3):
        more = make_campaign()
        make_petition(more)
        give(bo, more, *GROUPS)

    assert [cost(path) for path in paths] == one
