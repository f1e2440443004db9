"""What conftest.watch() notes: the tests above all others rely on it."""

import pytest
from playwright.sync_api import Error

ADD = "(html) => document.body.insertAdjacentHTML('beforeend', html)"
ELSEWHERE = "http://127.0.0.1:9/"


@pytest.mark.parametrize(
    ("content", "noted"),
    [
        ("<img src='data:,' onerror='alert(1)'>", "Content Security Policy"),
        ("<p style='color: red'>", "Content Security Policy"),
        (f"<img src='{ELSEWHERE}'>", "Content Security Policy"),
        ("<img src='/static/nothing.png'>", "404: http"),
        (f"<iframe src='{ELSEWHERE}'></iframe>", "Content Security Policy"),
    ],
    ids=["script", "style", "picture", "missing file", "frame"],
)
def test_what_a_page_must_not_hold_is_noticed(page, faults, content, noted):
    page.goto("/privacy/")

    with page.expect_console_message():
        page.evaluate(ADD, content)

    assert noted in faults[0]
    faults.clear()


def test_a_visit_to_another_host_is_noticed(page, faults):
    with pytest.raises(Error):
        page.goto(ELSEWHERE)

    assert faults == [f"asked another host: {ELSEWHERE}"]
    faults.clear()
