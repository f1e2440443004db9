import pytest

from petitions.canonical import canonical


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("a.da+dogs@googlemail.com", "ada@gmail.com"),
        ("ada+dogs@mail.example", "ada@mail.example"),
        ("a.da@mail.example", "a.da@mail.example"),
        ("ada-dogs@yahoo.com", "ada@yahoo.com"),
        ("ada-dogs@mail.example", "ada-dogs@mail.example"),
        ("kim+a@naver.com", "kim+a@naver.com"),
        ("+@mail.example", "+@mail.example"),
    ],
)
def test_spellings_of_one_mailbox_have_one_form(email, mailbox):
    assert canonical(email) == mailbox
