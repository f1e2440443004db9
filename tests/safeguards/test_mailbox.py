import pytest

from safeguards.mailbox import Mailbox


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
        ("Ada@Mail.Example", "ada@mail.example", "ada@mail.example"),
    ],
)
def test_spellings_of_one_mailbox_have_one_form(email, seat, counted_as):
    mailbox = Mailbox(email)

    assert (mailbox.seat, mailbox.key) == (seat, counted_as)
    assert mailbox == Mailbox(counted_as)
