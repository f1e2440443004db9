"""What is remembered of a domain changes nothing about which addresses are taken."""

import pytest
from email_validator import EmailNotValidError, validate_email

from pages.form_fields import normal_address

LOCALS = (
    *("ada", "Ada.Lovelace", "ada+dogs", "_a-1", "a" * 64, "a" * 65, ""),
    *(".ada", "ada.", "a..da", "ada!", '"ada"', "a da", "ada@home", "김", "ada\n"),
)
DOMAINS = (
    *("mail.example", "MAIL.Example", "many.mail.example", "xn--9n2bp8q.kr", "한국.kr"),
    *("example", "localhost", "mail.test", "mail.local", "mail.example.", ".example"),
    *("-mail.example", "mail-.example", "mail..example", "mail_1.example", "mail.ex\n"),
    *("ma--il.example", "xn--.example", "[127.0.0.1]", "127.0.0.1", "", "mail.1"),
    *(f"{'b' * 63}.example", f"{'b' * 64}.example", f"{'b.' * 124}example"),
)


def taken_whole(address):
    try:
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False
        )
    except EmailNotValidError:
        return None
    return found.ascii_email.lower()


def taken(address):
    try:
        return normal_address(address)
    except ValueError:
        return None


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_address_is_taken_as_when_all_of_it_is_looked_at(domain):
    addresses = [f"{local}@{domain}" for local in LOCALS]

    # The second time, the domain is remembered.
    for _time in range(2):
        assert [taken(each) for each in addresses] == list(map(taken_whole, addresses))
