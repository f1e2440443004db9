"""One person who has done everything, and all the places where traces could stay."""

import base64
import logging
import quopri
import socket
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection

from campaign_site.logs import Lines
from letters.models import OfficialAnswer
from outbox.models import IncomingMail, OutgoingMail
from outbox.suppressions import address_hash
from petitions.models import Bundle, Petition
from safeguards.blocks import Block
from supporters.models import Mailing, Report, Visit
from tests.factories import (
    ask_volunteer,
    make_comment,
    make_follow,
    make_letter,
    make_paper,
    make_staff,
    make_update,
    sign,
    write_comment,
)
from tests.letters.makers import bounce
from tests.letters.makers import write as write_letter
from tests.test_architecture import ROOT

WORD = "Zyxmärkerq"
ADDRESS = "zyxmarkerq.ada@mail.example"
NAME = f"{WORD} Lovelace"


def encodings(text):
    """A text as it may stand in a dump, by the name of the encoding."""
    plain = text.encode()
    return {
        "plain": [plain],
        "lower case": [text.lower().encode()],
        "percent": [quote(text, safe="").encode()],
        "base64": [_base64(plain, offset) for offset in range(3)],
        "quoted-printable": [quopri.encodestring(plain, quotetabs=True).strip()],
    }


def _base64(plain, offset):
    """The characters that do not depend on what stands before and after."""
    encoded = base64.b64encode(b"\0" * offset + plain)
    end = (offset + len(plain)) * 8 // 6
    return encoded[-(-offset * 8 // 6) : end]


def traces(data):
    """How the person stands in these bytes: the names of the encodings."""
    lower = data.lower()
    return {
        name
        for text in (WORD, ADDRESS)
        for name, forms in encodings(text).items()
        for form in forms
        if form in data or (name != "base64" and form.lower() in lower)
    }


def dump():
    """Every table of the database, as COPY writes it (which is what pg_dump does)."""
    tables = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                tables[table] = b"".join(bytes(chunk) for chunk in copy)
    return tables


def traces_in_database():
    return {table: found for table, data in dump().items() if (found := traces(data))}


def traces_in_files(folder):
    return {
        file.relative_to(folder).as_posix(): found
        for file in Path(folder).rglob("*")
        if file.is_file() and (found := traces(file.read_bytes()))
    }


@pytest.fixture
def var(tmp_path, settings):
    """The folder of mails, logs and uploads, filled as bin/dev fills it."""
    for name in ("mail", "log", "media"):
        (tmp_path / name).mkdir()
    settings.MAIL_SINK_DIR = str(tmp_path / "mail")
    settings.MEDIA_ROOT = str(tmp_path / "media")
    handler = logging.FileHandler(tmp_path / "log/web.log")
    handler.setFormatter(Lines("{levelname} {name}: {message}", style="{"))
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    spec = spec_from_file_location("mail_sink", ROOT / "bin/mail_sink.py")
    sink = module_from_spec(spec)
    spec.loader.exec_module(sink)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mailbox = sink.Mailbox(tmp_path / "mail")
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5},
        }
    }
    yield tmp_path
    server.stop()
    for logger in loggers:
        logger.removeHandler(handler)
    handler.close()


def do_everything(campaign, work):
    """Fill whatever can hold something of one person; returns the supporter."""
    cy = make_staff("cy")
    petition = Petition.objects.create(campaign=campaign, ask="Help.")
    details = {"name": NAME, "email": ADDRESS, "city": f"{WORD} City"}
    consents = [("shown name", f"In full: {NAME}", "1")]
    signature = sign(petition, **details, consents=consents)
    waiting = sign(petition, **{**details, "name": f"{WORD} Second"})
    work()
    signature.confirm()
    sent = write_letter(
        make_letter(campaign),
        name=NAME,
        email=ADDRESS,
        place=WORD,
        subject=f"From {WORD}",
        text=f"Dear Council:\n\nHelp {WORD}.",
    )
    work()
    sent.confirm()
    work()
    words = " ".join(
        form.decode()
        for text in (WORD, ADDRESS)
        for forms in encodings(text).values()
        for form in forms
    )
    line = {"name": NAME, "email": ADDRESS, "city": f"{WORD} City", "postcode": WORD}
    make_paper(petition, line, note=f"Call {ADDRESS}")
    Bundle.objects.create(petition=petition, to="the Mayor").make()
    first, second, _third = sent.deliveries.order_by("pk")
    replied = OutgoingMail.objects.filter(pk=first.mail_id)
    replied.update(reply=f"250 2.0.0 queued {words}"[:500])
    bounce(second, f"550 5.7.1 {ADDRESS} was refused by {WORD}")
    first.note_answer(was_answered=True, answer=f"Thank you, {WORD}.")
    comment = write_comment(
        campaign,
        f"I am {WORD}.",
        name=NAME,
        email=ADDRESS,
        wants_news=True,
        network_hash="a" * 32,
    )
    comment.confirm()
    comment.moderated_by(cy).show()
    comment.moderated_by(cy).note(f"{WORD} again")
    comment.report(reason="hate", words=f"{WORD} is wrong", network_hash="b" * 32)
    make_comment(campaign, "I agree.", comment, name="Bo")
    hidden = write_comment(campaign, f"Hide {WORD}.", name=NAME, email=ADDRESS)
    hidden.confirm()
    hidden.moderated_by(cy).hide("threat", f"Because {WORD}.")
    hidden.by_writer.appeal(f"{WORD} says no.")
    Block.objects.create(kind="address", value=ADDRESS, added_by=cy)
    make_follow(campaign, ADDRESS, consents=[("follow", f"Mail {ADDRESS}", "1")])
    Mailing.objects.send(make_update(campaign), by=cy)
    Report.objects.take(
        location=f"/{campaign.slug}/",
        content=f"/{campaign.slug}/",
        campaign=campaign,
        law="other",
        words=f"Because {WORD}.",
        name=NAME,
        email=ADDRESS,
        language="en",
        network_hash="c" * 32,
    )
    ask_volunteer(campaign, name=NAME, email=ADDRESS)
    Visit.objects.request(ADDRESS, "en")
    work()
    OutgoingMail.objects.exclude(purpose="letter").update(
        reply=f"250 2.0.0 for {ADDRESS}"
    )
    of_others(campaign, cy, work)
    IncomingMail.objects.create(
        digest=b"1", raw=ADDRESS.encode(), address_hash=address_hash(ADDRESS)
    )
    for changed in (signature, waiting, sent, comment, comment.confirmation.supporter):
        LogEntry.objects.log_actions(
            cy.pk, [changed], CHANGE, [{"changed": {"fields": [f"{changed}"]}}]
        )
    return signature.confirmation.supporter


def of_others(campaign, cy, work):
    """What others wrote with the person's address in it."""
    bo = {"name": "Bo", "email": "bo@mail.example"}
    named = f"Ask {ADDRESS.upper()}."
    comment = write_comment(campaign, named, **bo)
    comment.moderated_by(cy).hide("private", named)
    comment.moderated_by(cy).hide("private", f"{named} Still.")
    comment.by_writer.appeal(named)
    comment.moderated_by(cy).note(named)
    Block.objects.create(kind="word", value="bad", note=named, added_by=cy)
    letter = write_letter(campaign.letter, **bo, subject=named, text=named)
    letter.confirm()
    work()
    letter.deliveries.first().note_answer(was_answered=True, answer=named)
    official = letter.deliveries.first().recipient
    OfficialAnswer.objects.write(campaign.letter, official, "Yes.")
    OfficialAnswer.objects.get().publish(by=cy, kind="answered")
    # It is published with nobody's address any more; some were before.
    OfficialAnswer.objects.update(text=named, original=named)
    work()
