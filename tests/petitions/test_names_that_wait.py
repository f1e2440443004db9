"""A name that may be a forgery, an accusation or an advertisement counts, and waits."""

import pytest

from branding.models import Branding
from letters.models import Recipient
from petitions.handover import archive
from petitions.models import NameDecision, Signature
from safeguards.blocks import Block
from staff.models import AuditEntry
from tests.factories import (
    ADA,
    make_campaign,
    make_counted,
    make_letter,
    make_petition,
    make_staff,
    make_staff_who,
    sign,
)
from tests.staff.forms import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names_at_once")]
FORM = {**ADA, "shown_as": "full"}
HERE = "/campaign-1/signatures/"
NEWEST = f"{HERE}newest/"
NAMES = "/admin/inbox/names/"


@pytest.fixture
def petition(settings):
    settings.SITE_NAME = "Letters for Animals"
    letter = make_letter(make_petition(title="Stop dog meat").campaign)
    mayor = {"name": "Harvey L. Hall", "office": "Mayor", "email": "mayor@city.example"}
    Recipient.objects.create(list=letter.recipient_list, **mayor)
    return letter.campaign.petition


@pytest.fixture
def sign_as(client, mailbox, work):
    """Sign by the form and confirm by the mail's code; returns what the signer saw."""

    def sign_as(name, city="Leeds", email="bo@mail.example", **fields):
        typed = {**FORM, "name": name, "city": city, "email": email, **fields}
        sent = client.post(HERE, typed)
        seen = [sent.status_code, client.get(sent.url).text]
        work()
        seen.append(client.get(mailbox.path_to("confirmation")).text)
        done = client.post(f"{sent.url}code/", {"code": mailbox.code()}, follow=True)
        return [*seen, done.text]

    return sign_as


def csv_of(petition):
    return "".join(archive.csv_lines(petition))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Harvey Hall Mayor of Bakersfield, Leeds", "posing"),
        ("Hаrvеy Hаll, Leeds", "posing"),
        ("Harvey, Hall", "posing"),
        ("Letters for Animals Team says petition is cancelled", "posing"),
        ("Stop dog meat", "posing"),
        ("Bo Lee beats dogs 12 Oak Street", "street"),
        ("Cheap pills, Call 661 555 0199", "phone"),
        ("Best Casino", "word"),
        ("Best ｃａ\u200bｓіnо", "word"),
    ],
)
def test_a_doubtful_name_is_counted_and_shows_nowhere(
    client, petition, sign_as, line, reason
):
    name, _comma, city = line.partition(", ")
    Block.objects.create(kind="word", value="casino")
    make_counted(petition, name="Eve Adams", city="York")

    sign_as(name, city)

    signature = Signature.objects.latest("pk")
    assert signature.counted
    assert (signature.name, signature.name_hidden_for) == (name, reason)
    assert petition.standing.count == 2
    page, sheet = client.get(NEWEST).text, csv_of(petition)
    assert "Eve Adams" in page
    assert f"<bdi>{name}" not in page
    assert sheet.count("\n") == 3
    assert "Eve Adams" in sheet
    assert "(name withheld),,GB" in sheet
    assert name not in sheet
    assert [s.name for s in archive.shown_names(petition)] == ["Eve Adams"]


def test_the_signer_sees_what_everybody_sees(petition, sign_as):
    usual = sign_as("Harvey Wall", email="bo@mail.example")
    doubtful = sign_as("Harvey Hall", email="cy@mail.example")

    def alike(seen):
        words = str(seen)
        for own in ("bo@mail.example", "cy@mail.example", "Wall", "Hall"):
            words = words.replace(own, "…")
        return words

    assert len(Signature.objects.exclude(name_hidden_at=None)) == 1
    assert alike(usual[0]) == alike(doubtful[0])
    for one, other in zip(usual[2:], doubtful[2:], strict=True):
        assert len(alike(one).split()) == len(alike(other).split())
    assert "Shown as" in doubtful[2]
    assert "<bdi>Harvey Hall</bdi>" in doubtful[2]


def test_judging_costs_signing_no_statement(
    client, petition, django_assert_num_queries
):
    def statements(name):
        with django_assert_num_queries(7) as asked:
            assert client.post(HERE, {**FORM, "name": name}).status_code == 302
        return [query["sql"].split(" ")[0] for query in asked]

    client.post(HERE, FORM)  # learns the names

    assert statements("Ada Lovelace") == statements("Harvey Hall")


def test_a_name_is_protected_from_when_it_is_known_until_it_is_gone(client, petition):
    def is_held(name):
        client.post(HERE, {**FORM, "name": name})
        return Signature.objects.latest("pk").name_hidden_at is not None

    assert not is_held("Rosa Parks")
    recipients = petition.campaign.letter.recipient_list
    rosa = recipients.recipients.create(
        name="Rosa Parks", office="Clerk", email="clerk@city.example"
    )
    assert is_held("Rosa Parks")

    rosa.name = "Rosa Luxemburg"
    rosa.save()
    assert is_held("Rosa Luxemburg")
    assert not is_held("Rosa Parks")

    rosa.delete()
    assert not is_held("Rosa Luxemburg")

    make_campaign(title="Free the bears")
    Branding(name="Paws United", sender_name="Voice of Paws").save()
    assert is_held("Free the bears")
    assert is_held("Paws United Team")
    assert is_held("Voice of Paws")

    recipients.recipients.bulk_create(
        recipients.recipients.model(list=recipients, email=e, name=n, office="Clerk")
        for e, n in [("x@city.example", "Bo Diddley"), ("y@city.example", "Nina Hagen")]
    )
    assert is_held("Nina Hagen")
    recipients.recipients.filter(name="Nina Hagen").delete()
    assert not is_held("Nina Hagen")
    assert is_held("Bo Diddley")

    recipients.place = "Porto"
    recipients.save()
    assert is_held("The Mayor of Porto")
    assert is_held("Harvey Hall")
    petition.campaign.letter.delete()
    recipients.delete()
    assert not is_held("Harvey Hall")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "Bo <b>Lee</b>"}, "Write this without formatting code."),
        ({"name": "cheap-pills.com"}, "Enter your name without a web or email"),
        ({"name": "bo＠mail.example"}, "Enter your name without a web or email"),
        ({"city": "www.pills.example"}, "Write this without a web or email"),
        ({"city": "[url=x]Leeds[/url]"}, "Write this without formatting code."),
    ],
)
def test_what_the_signer_can_mend_comes_back_with_a_sentence(
    client, petition, typed, sentence
):
    page = client.post(HERE, {**FORM, **typed})

    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="ada@mail.example"' in page.text
    assert not Signature.objects.exists()


@pytest.mark.parametrize("name", ["\u3164", "\u115f\u1160", "\u2800 \uffa0", "\u200b"])
def test_a_name_that_is_drawn_as_nothing_is_no_name(client, petition, name):
    page = client.post(HERE, {**FORM, "name": name})

    assert page.status_code == 422
    assert "Enter your full name." in page.text
    assert not Signature.objects.exists()


def test_blanks_inside_a_name_are_one_blank(client, petition):
    client.post(
        HERE, {**FORM, "name": " Kim\u3000\u3164  Minsu\u2800", "city": "\u3164"}
    )

    signature = Signature.objects.get()
    assert (signature.name, signature.city) == ("Kim Minsu", "")


def change(signature, name=None, city=None):
    """Change what shows, and say whether it shows now."""
    if name:
        signature.public_name.choose("full", name)
    if city:
        signature.signer.correct(name="Ada", city=city, country="GB")
    return Signature.objects.shown().filter(pk=signature.pk).exists()


def test_another_name_is_judged_like_the_first_one(petition):
    [signature] = make_counted(petition)
    cy = make_staff("cy")

    assert change(signature, "Ada King")
    assert not change(signature, "Harvey Hall")
    assert change(signature, "Ada King")  # nobody had decided anything
    assert not change(signature, city="Call 661 555 0199")
    assert change(signature, city="York")
    assert not change(signature, "Harvey Hall")
    signature.public_name.decide(NameDecision.SHOW, by=cy)
    assert change(signature, "Harvey Hall")
    assert not change(signature, "Mayor Hall")
    signature.public_name.decide(NameDecision.HIDE, by=cy)
    assert not change(signature, "Ada King")  # a person looks at it first
    assert signature.public_name.state == "waits for a moderator"


@pytest.mark.parametrize("between", ["Ada King", "Harvey Hall", "Best Casino"])
def test_a_hidden_name_does_not_come_back_by_changing_it_twice(petition, between):
    Block.objects.create(kind="word", value="casino")
    [signature] = make_counted(petition, name="Bo Lee beats dogs")
    cy = make_staff("cy")
    signature.public_name.decide(NameDecision.HIDE, by=cy)

    assert not change(signature, between)
    assert not change(signature, city="York")
    assert not change(signature, "Bo Lee beats dogs")

    signature.public_name.choose("no", "")
    assert not change(signature, "Bo Lee beats dogs")
    signature.public_name.decide(NameDecision.SHOW, by=cy)
    assert change(signature, "Ada King")  # as for everybody, from now on


def test_a_hidden_name_does_not_come_back_by_signing_anew(petition, mailbox, work):
    [signature] = make_counted(petition, name="Bo Lee beats dogs")
    waiting = sign(petition, name="B. Lee", email="person0@mail.example")
    signature.public_name.decide(NameDecision.HIDE, by=make_staff("cy"))
    signature.withdraw()

    anew = sign(petition, name="Bo Lee", email="person0+x@mail.example")
    of_another = sign(petition, name="Bo lee beats dogs", email="friend@mail.example")
    honest = sign(petition, name="Ada King", email="ada@mail.example")
    work()
    for one in (waiting, anew, of_another, honest):
        one.refresh_from_db()
        one.confirm()

    assert petition.standing.count == 4
    assert list(petition.signatures.shown()) == [honest]


# Moderators.


@pytest.fixture
def held(client, petition):
    """A signature whose name waits, and a moderator who has signed in."""
    [signature] = make_counted(petition, name="Harvey Hall", name_found="posing")
    client.force_login(make_staff("cy", "Moderators"))
    return signature


@pytest.fixture
def decide(client, django_capture_on_commit_callbacks):
    """Press a button of the inbox; returns the page that follows."""

    def decide(signature, act, after=None):
        typed = {**(fields_of(after) if after else {}), "row": signature.pk}
        typed["decision"] = act
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(NAMES, typed, follow=True)

    return decide


def is_shown(client):
    return "Harvey Hall" in client.get(NEWEST).text


def test_moderators_find_what_waits_on_their_first_page(client, held):
    first = client.get("/admin/").text

    assert "signer’s name to check: show or hide it" in first
    assert f'href="{NAMES}"' in first
    listed = client.get(NAMES).text
    assert "Harvey Hall" in listed
    assert "Could be taken for somebody else: Harvey L. Hall" in listed


def test_a_moderator_shows_a_name_and_undoes_it(client, held, decide):
    assert not is_shown(client)

    done = decide(held, f"show:{held.pk}")

    assert "1 name is shown." in done.text
    assert is_shown(client)
    decide(held, "show")
    assert is_shown(client)

    undone = decide(held, "undo", after=done)
    assert "Undone" in undone.text
    assert 'value="undo"' not in undone.text
    assert not is_shown(client)
    assert "Harvey Hall" in client.get(NAMES).text


def test_a_moderator_hides_a_name_and_undoes_it(client, held, decide, petition):
    [other] = make_counted(petition, name="Vile Words", email="v@mail.example")
    assert "Vile Words" in client.get(NEWEST).text
    change = client.get(f"/admin/petitions/signature/{other.pk}/change/").text
    assert f"{NAMES}?row={other.pk}" in change
    assert "Vile Words" in client.get(f"{NAMES}?row={other.pk}").text

    done = decide(other, "hide")

    other.refresh_from_db()
    assert other.counted
    assert other.name_decided_by.username == "cy"
    assert "Vile Words" not in client.get(NEWEST).text
    assert "Vile Words" not in csv_of(petition)
    assert "hidden by a moderator" in client.get(f"{NAMES}?row={other.pk}").text
    decide(other, "undo", after=done)
    assert "Vile Words" in client.get(NEWEST).text


def test_several_names_are_decided_on_and_undone_together(client, held, petition):
    others = make_counted(petition, 2, name="Mayor Hall", name_found="posing")
    rows = [each.pk for each in (held, *others)]

    done = client.post(NAMES, {"decision": "show", "row": rows}, follow=True)

    assert "3 names are shown." in done.text
    assert Signature.objects.shown().count() == 3
    client.post(NAMES, {**fields_of(done), "decision": "undo"})
    assert Signature.objects.shown().count() == 0
    assert client.get(NAMES).text.count('name="row"') == 3


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"decision": "show"},
        {"decision": "destroy", "row": "1"},
        {"decision": "show", "row": "x"},
        {"decision": f"show:{'9' * 30}"},
        {"decision": "undo", "last": "x-show 1 1- -"},
        {"decision": "undo", "last": "show 1-wait x-show 1- -"},
        {"decision": "undo"},
    ],
)
def test_a_strange_form_of_the_inbox_changes_nothing(client, held, typed):
    assert client.post(NAMES, typed, follow=True).status_code == 200
    assert client.get(f"{NAMES}?row=x").status_code == 404
    assert client.get(f"{NAMES}?row=0").status_code == 404

    held.refresh_from_db()
    assert held.name_decided_at is None


@pytest.mark.parametrize("is_by_another", [True, False])
def test_an_undo_that_comes_late_changes_no_later_decision(
    client, held, decide, is_by_another
):
    done = decide(held, "show")
    if is_by_another:
        held.public_name.decide(NameDecision.HIDE, by=make_staff("di", "Moderators"))
    else:
        decide(held, "hide")

    late = decide(held, "undo", after=done)

    assert "Somebody has already decided on these." in late.text
    held.refresh_from_db()
    assert held.public_name.decision == NameDecision.HIDE
    assert not is_shown(client)


def test_an_undo_does_not_show_a_name_that_its_owner_has_changed(client, held, decide):
    held.public_name.decide(NameDecision.SHOW, by=None)
    done = decide(held, "hide")
    held.refresh_from_db()
    held.public_name.choose("full", "Another Mayor")

    decide(held, "undo", after=done)

    assert "Another Mayor" not in client.get(NEWEST).text


def test_an_undo_leaves_a_signature_that_no_longer_counts(client, held, decide):
    done = decide(held, "show")
    held.refresh_from_db()
    held.withdraw()

    late = decide(held, "undo", after=done)

    assert "Undone" not in late.text


def test_every_look_and_act_is_in_the_audit_trail(client, held):
    client.get(NAMES)
    client.get(f"{NAMES}?row={held.pk}")
    client.post(NAMES, {"decision": "hide", "row": held.pk})

    acts = AuditEntry.objects.order_by("pk").values_list("model", "keys", "action")
    assert {(model, tuple(keys)) for model, keys, _action in acts} == {
        ("petitions.signature", (str(held.pk),))
    }
    assert [action for *_rest, action in acts][-1] == "hide"


def test_who_may_not_change_signatures_sees_no_button_and_decides_nothing(client, held):
    client.force_login(make_staff("eve"))
    typed = {"decision": "show", "row": held.pk}

    assert client.post(NAMES, typed).status_code == 403
    assert client.get(NAMES).status_code == 403
    client.force_login(make_staff_who("view_signature"))
    assert "Show the name" not in client.get(NAMES).text
    assert client.post(NAMES, typed).status_code == 403
    assert not is_shown(client)


def test_files_that_were_made_before_lose_a_name_that_is_hidden(
    client, petition, media, django_capture_on_commit_callbacks
):
    [signature] = make_counted(petition, name="Vile Words")
    bundle = petition.bundles.create(to="the Mayor")
    bundle.make()
    assert bundle.size

    with django_capture_on_commit_callbacks(execute=True):
        signature.public_name.decide(NameDecision.HIDE, by=make_staff("cy"))

    assert petition.bundles.get().size is None


# Readers.
