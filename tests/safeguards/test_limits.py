"""How high limits are: the site’s setting, or as staff have set them."""

import re

import pytest

from comments.models import Comment
from database import known
from safeguards import limits
from safeguards.counters import Limit
from safeguards.limits import LIMITS, OwnLimit
from safeguards.mail_allowance import MailAllowance, MailLimitReached
from staff.models import AuditEntry
from tests.factories import make_campaign, make_staff
from tests.test_architecture import app_files

PAGE = "/admin/safeguards/ownlimit/"
COMMENTS = "/campaign-1/comments/"
TESTED = MailAllowance("tested for limits")
TYPED = {"name": "Ada L.", "email": "ada@mail.example", "text": "Please help."}


@pytest.fixture
def bo(client, db):
    client.force_login(make_staff("bo", "Campaigners"))
    return client


def page_of(setting):
    return f"{PAGE}{OwnLimit.objects.get(setting=setting).pk}/change/"


def learn():
    """As each process does within seconds."""
    limits._own.learn()


def post_comments(client, number):
    return [
        client.post(COMMENTS, {**TYPED, "text": f"Number {n}."}).status_code
        for n in range(number)
    ]


def test_staff_read_every_limit_in_plain_words_with_the_number_of_the_settings(
    bo, settings
):
    settings.LIMIT_COMMENTS = 4321

    page = bo.get(PAGE)

    assert OwnLimit.objects.count() == len(LIMITS)
    for bounds in LIMITS.values():
        assert str(bounds.words) in page.text
    assert "4,321" in page.text


def test_a_limit_of_another_version_is_not_in_the_way(bo):
    other = OwnLimit.objects.create(setting="LIMIT_OF_NEXT_YEAR", own_number=3)

    page = bo.get(PAGE)

    assert page.status_code == 200
    assert f"/{other.pk}/change/" not in page.text
    assert bo.get(f"{PAGE}{other.pk}/change/").status_code in (302, 404)


def test_a_number_that_staff_set_holds_and_is_written_down(bo, client):
    make_campaign()
    page = page_of("LIMIT_COMMENTS")

    bo.post(page, {"own_number": "2"})
    learn()

    own = OwnLimit.objects.get(setting="LIMIT_COMMENTS")
    assert (own.own_number, own.changed_by.username) == (2, "bo")
    assert post_comments(client, 3) == [302, 302, 422]
    assert Comment.objects.count() == 2
    entry = AuditEntry.objects.filter(kind=AuditEntry.Kind.CHANGED).get()
    assert (entry.model, entry.keys) == ("safeguards.ownlimit", [str(own.pk)])
    assert "number set here" in bo.get(page.replace("change", "history")).text.lower()


def test_without_a_number_of_staff_the_settings_hold_again(bo, settings):
    settings.LIMIT_COMMENTS = 77
    page = page_of("LIMIT_COMMENTS")

    bo.post(page, {"own_number": "2"})
    learn()
    before = limits.number("LIMIT_COMMENTS")
    bo.post(page, {"own_number": ""})
    learn()

    assert (before, limits.number("LIMIT_COMMENTS")) == (2, 77)


@pytest.mark.parametrize("setting", LIMITS)
@pytest.mark.parametrize("beyond", [-1, +1])
def test_nobody_shuts_all_out_or_lets_all_in_by_a_slip(bo, setting, beyond):
    bounds = LIMITS[setting]
    number = bounds.least - 1 if beyond < 0 else bounds.most + 1

    page = bo.post(page_of(setting), {"own_number": str(number)})

    assert page.status_code == 200
    assert "errorlist" in page.text
    assert not OwnLimit.objects.exclude(own_number=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("group", "status"), [("Moderators", 403), (None, 403)])
def test_only_who_may_changes_a_limit(client, group, status):
    client.force_login(make_staff("cy", group))

    answer = client.post(page_of("LIMIT_COMMENTS"), {"own_number": "2"})

    assert answer.status_code == status
    assert not OwnLimit.objects.exclude(own_number=None).exists()


@pytest.mark.django_db
def test_the_settings_are_within_the_bounds(settings):
    for setting, bounds in LIMITS.items():
        assert bounds.least <= getattr(settings, setting) <= bounds.most, setting


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "own", "answers"),
    [
        ("LIMIT_COMMENTS", 2, [302, 302, 422, 422]),
        ("LIMIT_COMMENTS", 20, [302] * 4),
        ("LIMIT_POSTS_A_MINUTE", 1, [302, 429, 429, 429]),
    ],
)
def test_a_limit_that_another_process_has_changed_holds_for_the_next_form(
    client, settings, setting, own, answers
):
    make_campaign()
    settings.LIMIT_COMMENTS = 3
    learn()
    OwnLimit.objects.filter(setting=setting).update(own_number=own)

    assert post_comments(client, 4) == answers


@pytest.mark.django_db
def test_so_does_a_limit_of_mails_for_the_next_mail():
    learn()
    OwnLimit.objects.filter(setting="LIMIT_MAILS_TO_ADDRESS").update(own_number=1)

    with TESTED.one_for("ada@mail.example"):
        pass

    with pytest.raises(MailLimitReached), TESTED.one_for("ada@mail.example"):
        pass


@pytest.mark.django_db
def test_a_process_that_counts_nothing_knows_within_seconds(monkeypatch):
    learn()
    OwnLimit.objects.filter(setting="LIMIT_COMMENTS").update(own_number=3)
    before = limits.number("LIMIT_COMMENTS")

    later = known.time.monotonic() + known.KNOWN_SECONDS
    monkeypatch.setattr(known.time, "monotonic", lambda: later)

    assert (before, limits.number("LIMIT_COMMENTS")) == (10, 3)


def test_a_limit_that_staff_could_not_set_is_refused():
    with pytest.raises(TypeError):
        Limit("by nothing", of=(), window=60, setting="PUBLIC_FORM_MAX_BYTES")


def test_every_number_of_a_limit_is_read_in_one_place():
    """Else a number that staff have set would hold in one place alone."""
    names = "|".join(LIMITS)
    read = re.compile(rf"settings\.(LIMIT_\w+|{names})")
    found = {path for path, source in app_files() if read.search(source)}

    assert found - {"campaign_site/settings.py"} == set()


def test_nothing_but_the_counters_of_limits_counts_in_their_table():
    """A key that is built elsewhere would be one that an erasure does not find."""
    table = re.compile(r"safeguards_hits|\bHits\b|\bCounter\([^)]*limit")
    found = {path for path, source in app_files() if table.search(source)}

    assert found == {"safeguards/counters.py", "safeguards/models.py"}


def test_staff_read_the_number_in_force_and_what_happens_then(bo, client, settings):
    settings.LIMIT_COMMENTS = 4321
    OwnLimit.objects.filter(setting="LIMIT_COMMENTS").update(own_number=17)

    page = bo.get(PAGE).text

    rows = page.split("</tr>")
    [row] = [row for row in rows if "Comments an hour with one address" in row]
    assert ">17<" in row
    assert "keeps the text" in row
    for bounds in LIMITS.values():
        assert str(bounds.then) in page
