"""What an official receives, read back with Python's strict parser."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from letters.models import Delivery
from letters.sending.message import message_for, message_in
from outbox.bounce_reports import NotAReport
from outbox.dispatcher import collect
from outbox.models import Outcome, OutgoingMail
from tests.factories import LETTER, make_letter, make_recipients, make_stance
from tests.letters.makers import confirmed, unchanged
from tests.letters.reports import receive, report

pytestmark = pytest.mark.django_db
STRICT = policy.SMTP.clone(raise_on_defect=True)
BODY_FOR_EACH = "[Salutation]\n\nPlease help.\n\n[Your Name & City/Country]"


def messages(letter):
    collect()
    raw = [message_for(d) for d in letter.deliveries.order_by("pk")]
    return raw, [message_from_bytes(content, policy=STRICT) for content in raw]


def test_each_official_gets_it_alone_and_reads_who_else_does():
    _raw, mails = messages(confirmed())

    wards = [f"Council Member, Ward {n}" for n in (1, 2, 3)]
    for mail, own in zip(mails, wards, strict=True):
        [to] = mail["To"].addresses
        assert to.display_name == own
        others = "; ".join(ward for ward in wards if ward != own)
        assert f"\r\nThe same letter goes to: {others}\r\n" in mail.get_content()
    assert len({mail["Message-ID"] for mail in mails}) == 3


def test_it_does_not_look_like_a_mail_to_many():
    _raw, mails = messages(confirmed())

    for mail in mails:
        names = {name.lower() for name in mail}
        assert not [name for name in names if name.startswith("list-")]
        assert not names & {"feedback-id", "precedence", "auto-submitted"}


def test_of_many_others_the_number_is_said():
    letter = confirmed(make_letter(recipients=make_recipients(40)))
    collect()

    mail = message_from_bytes(message_for(letter.deliveries.first()), policy=STRICT)

    assert "The same letter goes to: 39 officials" in mail.get_content()


def test_who_got_it_before_or_agrees_is_not_named():
    suggested = make_letter()
    confirmed(suggested)  # to ward 1, 2 and 3
    make_stance(suggested, suggested.recipient_list.recipients.get(order=2))
    suggested.recipient_list.recipients.create(office="Mayor", email="m@c.example")
    suggested.recipient_list.recipients.create(office="Clerk", email="c@c.example")

    again = confirmed(suggested)

    collect()
    mayor = again.deliveries.get(label="Mayor")
    mail = message_from_bytes(message_for(mayor), policy=STRICT)
    assert "The same letter goes to: Clerk\r\n" in mail.get_content()


def test_whose_letter_was_stopped_is_not_named():
    letter = confirmed(make_letter())
    letter.deliveries.filter(label="Council Member, Ward 2").end(Outcome.STOPPED)
    collect()

    first = letter.deliveries.order_by("pk").first()
    mail = message_for(first).decode()
    assert "Ward 2" not in mail
    assert "Ward 3" in mail


def test_each_letter_of_a_mail_with_several_says_who_else_gets_it(
    django_assert_max_num_queries,
):
    suggested = make_letter()
    recipient = suggested.recipient_list.recipients.get(order=1)
    written = [
        confirmed(suggested, email=f"{name}@mail.example", text=f"{name}.\n\nHelp.")
        for name in ("ada", "bo", "cy", "dee")
    ]
    inside = Delivery.objects.filter(letter__in=written, recipient=recipient)
    inside = list(
        inside.order_by("pk").select_related(
            "letter__suggested_letter__campaign",
            "letter__confirmation__supporter",
            "recipient__list",
        )
    )
    mail = OutgoingMail(pk=1, email=recipient.email, about=recipient.pk)

    with django_assert_max_num_queries(2):
        content = message_in(mail, recipient, inside)

    text = message_from_bytes(content, policy=STRICT).get_content()
    assert text.count("The same letter goes to: Council Member, W") == 4
    for part in text.split("Subject: ")[1:]:
        assert "Ward 1" not in part.split("Help.")[0]


@pytest.mark.parametrize("body", [LETTER, BODY_FOR_EACH])
@pytest.mark.parametrize("with_another", [False, True])
def test_one_letter_of_many_people_says_who_else_gets_it(body, with_another):
    """Also beside letters in people's own words; those who agree do not get it."""
    suggested = make_letter(body=body)
    first, second, third = suggested.recipient_list.recipients.order_by("order")
    written = [unchanged(suggested, name) for name in ("Ada", "Bo")]
    if with_another:
        written.append(confirmed(suggested, email="cy@mail.example", text="No.\n\nCy."))
    make_stance(suggested, third)
    inside = Delivery.objects.filter(letter__in=written, recipient=first)
    mail = OutgoingMail(pk=1, email=first.email, about=first.pk)

    content = message_in(mail, first, list(inside.order_by("pk")))

    text = message_from_bytes(content, policy=STRICT).get_content()
    line = f"The same letter goes to: {second.label}\r\n"
    assert text.count(line) == 1 + with_another
    assert third.label not in text


def test_one_message_each_has_its_own_salutation_and_message_id():
    recipients = make_recipients(2)
    recipients.recipients.filter(order=1).update(salutation="Dear Mayor Hall:")
    suggested = make_letter(recipients=recipients, body=BODY_FOR_EACH)

    _raw, [one, two] = messages(
        confirmed(suggested, text="[Salutation]\n\nPlease help.\n\nAda")
    )

    assert one.get_content().startswith("Dear Mayor Hall:\r\n")
    assert two.get_content().startswith("Dear Council Member, Ward 2:\r\n")
    assert len(one["To"].addresses) == len(two["To"].addresses) == 1
    assert one["Message-ID"] != two["Message-ID"]
    assert "The same letter goes to: Council Member, Ward 2" in one.get_content()


def test_the_headers_say_who_wrote_who_sent_and_where_to_reply(settings):
    settings.SITE_NAME = "Letters for Animals"
    settings.LETTERS_FROM_EMAIL = "letters@site.example"

    _raw, [mail, *_rest] = messages(confirmed())

    [sender] = mail["From"].addresses
    [reply] = mail["Reply-To"].addresses
    assert sender.display_name == "Ada Lovelace via Letters for Animals"
    assert sender.addr_spec == "letters@site.example"
    assert (reply.display_name, reply.addr_spec) == ("Ada Lovelace", "ada@mail.example")
    assert mail["Subject"] == "Please help"
    assert mail["Date"].datetime is not None
    assert mail["MIME-Version"] == "1.0"
    assert mail["Auto-Submitted"] is None
    for header in ("From", "To", "Date", "Message-ID", "Subject", "Reply-To"):
        assert len(mail.get_all(header)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "김민수",
        "Ångström Ñandú-Ørsted",
        "A" * 60,
        " ".join(["Long"] * 12),
        'Ada "the Countess" Lovelace, Esq.',
        "محمد علي",
    ],
)
def test_any_name_arrives_as_it_was_written(name):
    subject = f"From {name[:60]} please help 김"
    text = f"{'word ' * 200}end\n\n{'x' * 900}\n\n.\n..\n{name}\nFrom the start"

    [content, *_others], [mail, *_rest] = messages(
        confirmed(name=name, subject=subject, text=text)
    )

    assert mail["Reply-To"].addresses[0].display_name == name
    assert mail["From"].addresses[0].display_name.startswith(name)
    assert mail["Subject"] == subject
    assert mail.get_content().replace("\r\n", "\n").startswith(text)
    assert max(map(len, content.split(b"\r\n"))) <= 76
    assert not re.search(rb"(?m)^[\w-]+:[ \t]*\r$", content.partition(b"\r\n\r\n")[0])
    assert not re.search(rb"(?<!\r)\n", content)


def test_an_official_learns_nothing_that_opens_the_receipt():
    letter = confirmed(make_letter(), text="[Salutation]\n\nPlease help.")

    raw, _mails = messages(letter)

    assert letter.receipt_key.encode() not in b"".join(raw)
    senders = " ".join(d.mail.bounce_address for d in letter.deliveries.all())
    assert letter.receipt_key not in senders


def test_the_envelope_names_the_delivery(relay, work):
    letter = confirmed()

    work()

    for delivery in letter.deliveries.all():
        [sender] = [s for s, to, _c, _m in relay.taken if to == delivery.email]
        assert sender == delivery.mail.bounce_address
        accepted = report(sender.upper(), action="delivered", status="2.0.0")
        assert receive(accepted) == delivery.mail
        delivery.refresh_from_db()
        assert delivery.accepted_at


def test_its_date_is_when_it_leaves(relay, work, time_machine):
    suggested = make_letter()
    suggested.pause()
    confirmed(suggested)
    leaves = timezone.now().replace(microsecond=0) + timedelta(days=2)
    time_machine.move_to(leaves, tick=False)
    suggested.resume()

    work()

    dates = {m["Date"].datetime for _s, to, _c, m in relay.taken if "council" in to}
    assert dates == {leaves}


@pytest.mark.parametrize("address", ["", "bounces+1@x", "bounces+1-abc@x", "a@b"])
def test_a_made_up_envelope_address_names_nothing(address):
    confirmed()
    collect()

    with pytest.raises(NotAReport):
        receive(report(address))
