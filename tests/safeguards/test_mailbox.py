import re

import pytest

from safeguards.mailbox import Mailbox, MailDomain


@pytest.mark.parametrize(
    ("email", "seat", "counted_as"),
    [
        ("a.da+dogs@googlemail.com", "ada@gmail.com", "ada@gmail.com"),
        ("ada+dogs@mail.example", "ada+dogs@mail.example", "ada@mail.example"),
        ("a.da@mail.example", "a.da@mail.example", "a.da@mail.example"),
        ("ada-dogs@yahoo.com", "ada@yahoo.com", "ada@yahoo.com"),
        ("ada-dogs@mail.example", "ada-dogs@mail.example", "ada-dogs@mail.example"),
        ("ada+dogs@hotmail.com", "ada@hotmail.com", "ada@hotmail.com"),
        ("kim+a@naver.com", "kim+a@naver.com", "kim@naver.com"),
        ("+@mail.example", "+@mail.example", "+@mail.example"),
        ("x.y+z@ada.fastmail.com", "ada@fastmail.com", "ada@fastmail.com"),
        ("x@ada.fastmail.example", "x@ada.fastmail.example", "x@ada.fastmail.example"),
        ("Ada@Mail.Example", "ada@mail.example", "ada@mail.example"),
    ],
)
def test_spellings_of_one_mailbox_have_one_form(email, seat, counted_as):
    mailbox = Mailbox(email)

    assert (mailbox.seat, mailbox.key) == (seat, counted_as)
    assert mailbox == Mailbox(counted_as)


@pytest.mark.parametrize(
    ("email", "alike", "others"),
    [
        (
            "a.da+x@gmail.com",
            ["ada@gmail.com", "a.d.a+y@googlemail.com"],
            ["adab@gmail.com", "ada@mail.example", "xada@gmail.com"],
        ),
        (
            "a.b@mail.example",
            ["a.b@mail.example", "a.b+x@mail.example"],
            ["axb@mail.example", "ab@mail.example", "a.b@mailxexample"],
        ),
        ("ada@yahoo.com", ["ada-x@yahoo.com"], ["adax@yahoo.com"]),
        (
            "x@ada.fastmail.com",
            ["ada+x@fastmail.com", "y@ada.fastmail.com"],
            ["ada@fastmail.fm", "ada@x.fastmail.com", "x@adaxfastmail.com"],
        ),
        ("a*b$@mail.example", ["a*b$@mail.example"], ["aab@mail.example"]),
    ],
)
def test_a_pattern_finds_the_spellings_and_nobody_else(email, alike, others):
    mailbox = Mailbox(email)

    for other in (*alike, *others):
        is_same = bool(re.fullmatch(mailbox.pattern, other))
        assert is_same == (Mailbox(other) == mailbox) == (other in alike)


@pytest.mark.parametrize(
    ("email", "registered"),
    [
        ("a@b.c.council.example", "council.example"),
        ("a@mail.bucheon.go.kr", "bucheon.go.kr"),
        ("a@x.council.co.uk", "council.co.uk"),
        ("a@co.uk", "co.uk"),
        ("a@localhost", "localhost"),
    ],
)
def test_a_registered_domain_is_that_below_a_public_suffix(email, registered):
    assert MailDomain(email).registered.key == registered
