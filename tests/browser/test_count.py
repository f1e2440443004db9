"""The count, in a browser: it moves, it can be checked, and so can a copy of it."""

from hashlib import sha256

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from petitions.counting import checker
from petitions.models import TallyEntry
from tests.browser.conftest import contexts_of
from tests.factories import make_counted, make_paper, make_petition, make_staff
from tests.rooms import with_paper


@pytest.fixture
def kept(browser):
    """A browser of our own: a clock that was stopped cannot be taken out again."""
    with contexts_of(browser) as context_with:
        yield context_with


@pytest.fixture
def petition(live_server):
    petition = make_petition()
    one, _two, _three = make_counted(petition, 3)
    one.withdraw()
    TallyEntry.roll_up()
    return petition


def test_a_page_that_is_open_follows_the_count(page, petition):
    page.clock.install()
    page.goto("/campaign-1/")
    card = page.get_by_role("region", name="Take part")
    expect(card).to_contain_text("2 people have signed")

    make_counted(petition, 1, name="Zoe", email="zoe@mail.example")
    cache.clear()
    page.clock.run_for(20_000)

    expect(card).to_contain_text("3 people have signed")


@pytest.mark.usefixtures("names_at_once")
def test_names_come_to_the_page_and_stand_on_their_own_without_javascript(
    page, petition
):
    page.goto("/campaign-1/")
    signers = page.get_by_role("region", name="Latest signatures")
    signers.scroll_into_view_if_needed()

    expect(signers.get_by_role("listitem")).to_have_count(2)
    signers.get_by_role("link", name="More signatures").click()
    expect(page.get_by_role("listitem").filter(has_text="Ada Lovelace")).to_have_count(
        2
    )


@with_paper
def test_a_visitor_checks_the_whole_count_also_with_names_on_paper(page, petition):
    cy = make_staff("cy")
    batch = make_paper(petition, "Paula", "Peter")
    batch.count(by=cy)
    batch.uncount()
    batch.count(by=cy)
    TallyEntry.roll_up()
    page.goto("/campaign-1/count/")

    page.get_by_role("button", name="Check the whole list").click()

    expect(page.get_by_role("status")).to_have_text(
        "All 7 lines are whole and in order. They add up to 4."
    )


def test_a_copy_is_checked_without_a_network_and_every_change_is_found(
    page, petition, tmp_path
):
    end = checker.hexadecimal(petition.links.get(number=4))
    file = tmp_path / "check.html"
    file.write_text(checker.offline_page(petition, end), encoding="utf-8")
    lines = "".join(checker.all_csv_lines(petition)).splitlines()
    page.context.set_offline(True)
    page.goto(file.as_uri())

    for number, (change, said) in enumerate(
        [
            (lines, "All 4 lines are whole and in order. They add up to 2."),
            (with_line(lines, 2, "1,+1", "1,+2"), "Line 1 was changed"),
            (lines[:2] + lines[3:], "Line 2 is missing"),
            (lines[:4], "The list ends too early: line 4 is missing"),
            ([*lines, lines[2]], "Line 5 is missing"),
            (
                chained(["+1 a", "+1 b", "+1 a", "+1 c"]),
                "Line 3 counts a signature twice",
            ),
            (chained(["+1 a", "-1 a", "+1 a", "+1 b"]), "This is a different list"),
        ]
    ):
        copy = tmp_path / f"links-{number}.csv"
        copy.write_text("\n".join(change), encoding="utf-8")
        page.get_by_label("Choose the file with the list").set_input_files(copy)
        expect(page.get_by_role("status")).to_contain_text(said)


def with_line(lines, number, old, new):
    return [*lines[: number - 1], lines[number - 1].replace(old, new), *lines[number:]]


def chained(steps):
    """Lines that somebody has made up, each following from the one before."""
    link, lines = "0" * 64, ["number,delta,commitment,link"]
    for number, step in enumerate(steps, 1):
        delta, commitment = step.split()
        link = sha256(f"{link} {number} {delta} {commitment}".encode()).hexdigest()
        lines.append(f"{number},{delta},{commitment},{link}")
    return lines
