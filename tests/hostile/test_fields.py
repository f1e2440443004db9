"""Every field of every public form, with what nobody should send."""

from email import message_from_bytes, policy
from itertools import chain, cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitions.models import Signature
from tests.factories import ADA
from tests.hostile import (
    FORMS,
    HIDDEN,
    LETTER,
    LETTER_FIELDS,
    OF_TWO_LINES,
    REFUSED,
    SIGN_FIELDS,
    TYPED,
    URLENCODED,
    VALUES,
    as_read,
    assert_is_clear_page,
    path_of,
    row_counts,
    shows,
    urlencoded,
)

pytestmark = pytest.mark.django_db
many_examples = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def send(client, path, data):
    return client.generic("POST", path, urlencoded(data), URLENCODED)


# One rule looks at all values of a group: each field gets one of them, in turn.
GROUPS = [
    ["missing"],
    ["blank", "spaces"],
    ["64 KB"],
    ["1 MB"],
    sorted(HIDDEN),
    sorted(OF_TWO_LINES),
    ["markup", "template", "emoji", "SQL"],
]


def test_a_field_with_bad_input_gets_a_clear_page(client, pending, trying):
    before, turns = row_counts(), [cycle(group) for group in GROUPS]
    for name, form in FORMS.items():
        path = path_of(form, pending)
        for field, kind in form.fields.items():
            for value in map(next, turns):
                with trying(form=name, field=field, value=value):
                    sent = {**form.good, field: VALUES[value]}
                    response = send(client, path, sent)
                    assert_is_clear_answer(response, form, kind, value)
                    if response.status_code != 302:
                        assert row_counts() == before


def test_every_bad_value_is_in_a_group():
    assert sorted(chain(*GROUPS)) == sorted(VALUES)


def assert_is_clear_answer(response, form, kind, value):
    if value == "1 MB":
        assert_is_clear_page(response, 413)
    elif value in REFUSED[kind]:
        assert_is_clear_page(response, 422)
        assert "There is a problem" in response.text
        if kind in TYPED:
            assert shows(response, as_read(VALUES[value]))
    elif kind in ("box", "trap"):
        assert_is_clear_page(response, form.usual)
    elif response.headers["Content-Type"] != "message/rfc822":
        assert_is_clear_page(response, form.usual, 422)


def test_what_a_careless_pattern_would_scan_for_minutes_is_read_at_once(
    client, pending, trying
):
    """Each form full of it, as full as a form may be."""
    forms = [form for form in FORMS.values() if TYPED & {*form.fields.values()}]
    for sample in ("[", "www.", "a@", " ", "{{", "1-"):
        value = "a" + sample * (60_000 // len(sample.encode())) + "!"
        for form in forms:
            typed = dict.fromkeys(list(form.fields)[:4], value)
            with trying(form=form.name, sample=sample):
                response = send(client, path_of(form, pending), form.good | typed)
                assert response.status_code in (200, 302, 413, 422)


def test_a_form_that_is_filled_in_well_gets_its_usual_answer(client, pending, trying):
    for name, form in FORMS.items():
        with trying(form=name):
            response = send(client, path_of(form, pending), form.good)

            assert response.status_code == form.usual


def test_an_empty_form_gets_a_clear_page_and_leaves_no_half(client, pending, trying):
    before = row_counts()
    for name, form in FORMS.items():
        with trying(form=name):
            response = send(client, path_of(form, pending), {})

            # A button alone confirms and withdraws; a letter without words is not sent.
            alone = name in ("confirmation", "withdrawal", "official")
            assert_is_clear_page(response, form.usual if alone else 422)
            assert alone or row_counts() == before


@pytest.mark.parametrize("value", ['🐕 O\'Neill & "B" < 3', "a  lot   of    space"])
def test_a_name_is_stored_whole_and_shown_escaped(client, pending, value):
    send(client, "/campaign-1/signatures/", {**ADA, "name": value})
    signature = Signature.objects.latest("pk")
    path = path_of(FORMS["confirmation"], signature)

    page = client.get(path)

    assert signature.name == " ".join(value.split())
    assert_is_clear_page(page, 200)
    assert shows(page, signature.name)


def test_64_kb_in_another_script_are_kept_too(client, pending):
    typed = "가" * (64 * 1024 // 3)

    page = send(client, "/campaign-1/letter/", {**LETTER, "body": typed})

    assert_is_clear_page(page, 422)
    assert shows(page, typed)


def test_several_faults_are_named_together_and_all_is_kept(client, pending):
    typed = {"name": "Ada\x00", "email": "ada@", "city": "x" * 101, "country": "XX"}

    page = send(client, "/campaign-1/signatures/", typed)

    assert page.text.count('class="field-error"') == 4
    assert all(shows(page, typed[field]) for field in ("name", "email", "city"))


def test_the_same_field_many_times_is_the_last_one(client, pending):
    body = urlencoded(ADA) + b"&name=" + b"&name=".join([b"Eve", b"Bo"])

    client.generic("POST", "/campaign-1/signatures/", body, URLENCODED)

    assert Signature.objects.latest("pk").name == "Bo"


def test_fields_that_the_form_does_not_have_are_ignored(client, pending):
    extra = {
        "counted": "on",
        "confirmed_at": "2026-01-01",
        "petition": "999",
        "id": "1",
    }

    send(client, "/campaign-1/signatures/", {**ADA, **extra})

    signature = Signature.objects.latest("pk")
    assert (signature.counted, signature.confirmed_at) == (False, None)
    assert signature.petition == pending.petition


def any_fields(fields, good):
    """Each field good, missing, or any text at all."""
    odd = st.text(max_size=200) | st.sampled_from(
        [as_read(value)[:200] for value in VALUES.values()]
    )
    return st.fixed_dictionaries(
        {name: st.just(good.get(name)) | odd for name in fields}
    )


@many_examples
@given(typed=any_fields(SIGN_FIELDS, ADA))
def test_whatever_is_typed_is_signed_whole_or_refused_whole(client, pending, typed):
    before = row_counts()

    response = send(client, "/campaign-1/signatures/", typed)

    after = row_counts()
    more = {label for label in after if after[label] != before[label]}
    assert_is_clear_page(response, 302, 422)
    if response.status_code == 302:
        signature = Signature.objects.latest("pk")
        assert more - {"supporters.Supporter"} == {
            "petitions.Signature",
            "supporters.Confirmation",
            "supporters.Consent",
            "outbox.OutgoingMail",
            "supporters.MailToSupporter",
        }
        assert signature.is_held is bool(typed["website"])
        assert signature.name.isprintable() or not signature.name.isascii()
    else:
        assert more == set()
        for field in ("name", "email", "city"):
            assert shows(response, typed[field] or "")


@many_examples
@given(
    typed=any_fields(LETTER_FIELDS, LETTER),
    button=st.sampled_from(["preview", "draft"]),
)
def test_whatever_is_written_makes_a_letter_or_a_clear_page(
    client, pending, typed, button
):
    before = row_counts()

    response = send(client, "/campaign-1/letter/", {**typed, button: ""})

    assert row_counts() == before
    if response["Content-Type"] == "message/rfc822":
        draft = message_from_bytes(response.content, policy=policy.strict)
        assert set(draft.keys()) == {
            "X-Unsent",
            "To",
            "Subject",
            "Content-Type",
            "Content-Transfer-Encoding",
            "MIME-Version",
        }
        assert len(draft["To"].addresses) == 2  # one of three supports it already
    else:
        assert_is_clear_page(response, 200, 422)
        for text in typed.values():
            assert shows(response, text or "")
