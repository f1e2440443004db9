"""Nothing of a person is left anywhere, and what others need stays right."""

import io
import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.utils import timezone

from comments.models import Comment
from comments.rules import findings
from letters.models import Letter, OfficialAnswer, ReportedLetter
from outbox.mailed_keys import CODES
from outbox.models import OutgoingMail
from petitions.models import Signature
from safeguards.blocks import Block
from safeguards.counters import count, hit
from safeguards.mailbox import Mailbox
from safeguards.redaction import without_address
from supporters.acts.holding import examine_again
from supporters.models import Erasure, Mailing, Report, RetentionRun, Supporter
from tests.factories import (
    hand_over,
    make_campaign,
    make_comment,
    make_counted,
    make_letter,
    make_petition,
    sign,
    write_comment,
)
from tests.letters.makers import bounce, confirmed, states
from tests.supporters.markers import (
    ADDRESS,
    WORD,
    do_everything,
    traces_in_database,
    traces_in_files,
    var,  # noqa: F401  a fixture
)

pytestmark = pytest.mark.django_db
ENCODINGS = {"plain", "lower case", "percent", "base64", "quoted-printable"}


def ada_of(signature):
    return signature.confirmation.supporter


@pytest.mark.parametrize("has_ended", [False, True], ids=["open", "ended"])
def test_nothing_of_an_erased_person_is_left_anywhere(var, work, has_ended):  # noqa: F811
    campaign = make_campaign()
    ada = do_everything(campaign, work)
    try:
        raise SMTPRecipientsRefused({ADDRESS: (450, b"later")})
    except SMTPRecipientsRefused:
        logging.getLogger("procrastinate.worker").exception("Job failed")
    if has_ended:
        campaign.close()
    before = traces_in_database()

    ada.erase()

    assert len(before) >= 10, sorted(before)
    assert set().union(*before.values()) == ENCODINGS
    assert traces_in_database() == {}
    assert traces_in_files(var) == {}
    assert "Job failed" in (var / "log/web.log").read_text()
    left = Comment.objects.get(name="Bo", hidden_at__isnull=False)
    assert (left.text, left.appeal) == ("Ask […].",) * 2
    assert left.moderations.get(decision="note").words == "Ask […]."
    assert left.hidden_words.startswith("Ask […].")


def test_the_mails_of_an_erased_person_were_there(var, work):  # noqa: F811
    do_everything(make_campaign(), work)

    found = traces_in_files(var / "mail")

    assert len(found) >= 6
    assert {"lower case", "quoted-printable"} <= set().union(*found.values())


def test_erasing_takes_the_name_off_an_open_petition():
    petition = make_petition()
    make_counted(petition, 2)
    signature = sign(petition)
    signature.confirm()

    ada_of(signature).erase()

    assert petition.signatures.count() == petition.standing.count - 0 == 2


def test_an_ended_petition_keeps_its_count_day_and_country():
    petition = make_petition()
    make_counted(petition, 2)
    signature = sign(petition, country="PT")
    signature.confirm()
    day = signature.confirmed_at.date()
    petition.campaign.close()

    ada_of(signature).erase()

    assert petition.standing.count == 3
    assert petition.standing.countries == 2
    kept = Signature.objects.get(pk=signature.pk)
    assert (kept.counted, kept.country, str(kept)) == (True, "PT", "anonymous")
    assert (kept.name, kept.city, kept.canonical_email) == ("", "", "")
    assert (kept.confirmation, kept.withdrawal_key) == (None, None)
    assert kept.confirmed_at.date() == day
    assert kept.confirmed_at.time().isoformat() == "00:00:00"


def test_the_states_of_a_letter_stay_without_its_writer(mailbox, work):
    letter = confirmed()
    work()
    first, second, third = letter.deliveries.order_by("pk")
    replied = OutgoingMail.objects.filter(pk=first.mail_id)
    replied.update(reply="250 2.0.0 Ok for ada@b.example")
    bounce(second, "550 5.1.1 no such user")
    sent = letter.suggested_letter.sent_count()

    letter.confirmation.supporter.erase()

    letter = Letter.objects.get()
    assert (letter.name, letter.text, letter.confirmation) == ("", "", None)
    assert states(letter) == [
        "handed to our mail service: 250 2.0.0",
        "came back later: 550 5.1.1",
        "handed to our mail service: 250",
    ]
    assert letter.suggested_letter.sent_count() == sent == 1
    bounce(third, "550 5.1.1 said ada@mail.example")
    third.mail.refresh_from_db()
    assert third.reply == "550 5.1.1"


def test_a_letter_that_has_not_left_is_stopped_and_counts_no_more(mailbox, work):
    letter = confirmed()
    suggested = letter.suggested_letter
    assert suggested.sent_count() == 1

    letter.confirmation.supporter.erase()
    work()

    assert mailbox.messages == []
    assert suggested.sent_count() == 0
    assert not Letter.objects.exists()


def test_a_letter_that_we_were_told_of_still_counts():
    suggested = make_letter()
    ada = Supporter.objects.create(email="ada@mail.example")
    ReportedLetter.objects.report(suggested, supporter=ada)

    ada.erase()

    assert ReportedLetter.objects.get().supporter is None
    assert suggested.sent_count() == 1


def test_a_thread_stands_without_who_began_it():
    campaign = make_campaign()
    comment = write_comment(campaign)
    comment.moderated_by(None).show()
    reply = make_comment(campaign, "I agree.", comment, name="Bo")

    comment.confirmation.supporter.erase()

    comment.refresh_from_db()
    assert (comment.state, comment.name, comment.text) == ("removed", "", "")
    assert comment.mail_key is None
    assert {c.pk for c in Comment.objects.visible()} == {comment.pk, reply.pk}
    campaign.thread.refresh_from_db()
    assert campaign.thread.comment_count == 1


def test_a_block_still_holds_without_the_address():
    Block.objects.create(kind="address", value="ada@mail.example", note="Ada Lovelace")
    ada = Supporter.objects.create(email="ada@mail.example")

    ada.erase()

    [block] = Block.objects.all()
    assert "ada" not in f"{block.value} {block.note}"
    look = examine_again(email="ada@mail.example", networks=None, name="A", text="Hm.")
    found = findings("Hm.", look)
    assert [finding.rule for finding in found] == ["address"]


def test_limits_forget_the_address():
    ada = Supporter.objects.create(email="ada@mail.example")
    of_ada, of_bo = (CODES(Mailbox(e)) for e in (ada.email, "bo@b.example"))
    hit(of_ada, of_bo)

    ada.erase()

    assert (count(of_ada), count(of_bo)) == (0, 1)


def test_erasing_twice_is_the_same():
    ada = ada_of(sign(make_petition()))

    ada.erase()
    ada.erase()

    assert Erasure.objects.count() == 1
    assert not Supporter.objects.exists()


def test_somebody_else_loses_nothing(var, work):  # noqa: F811
    campaign = make_campaign()
    ada = do_everything(campaign, work)
    bo = sign(campaign.petition, name="Bo", email="bo@mail.example")
    bo.confirm()
    theirs = write_comment(campaign, "Mine.", name="Bo", email="bo@mail.example")

    ada.erase()

    bo.refresh_from_db()
    theirs.refresh_from_db()
    assert (bo.counted, bo.name, theirs.text) == (True, "Bo", "Mine.")
    assert campaign.petition.standing.count == 1
    assert LogEntry.objects.count() == 5


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ask ada@mail.example.", "Ask […]."),
        ("<ADA@Mail.example>", "<[…]>"),
        ("xada@mail.example, x.ada@mail.example", None),
        ("ada@mail.example.org, ada@mail.examples", None),
        ("ada@mailxexample", None),
    ],
)
def test_the_very_address_is_taken_out_of_what_others_wrote(text, left):
    assert without_address(text, "ada@mail.example") == (left or text)


def test_after_a_restore_the_same_people_are_erased_again(var):  # noqa: F811
    petition = make_petition()
    ada = ada_of(sign(petition))
    restored = Supporter.objects.get(pk=ada.pk)
    ada.erase()
    lines = (var / "log/web.log").read_text()
    assert "mail.example" not in lines
    # The backup is older: it has the person, and not the erasure.
    Erasure.objects.all().delete()
    restored.created_at = timezone.now() - timedelta(days=3)
    restored.save(force_insert=True)
    came_later = Supporter.objects.create(email="bo@mail.example")

    said = io.StringIO()
    call_command("replay_erasures", "-", stdin=io.StringIO(lines), stdout=said)

    assert [s.email for s in Supporter.objects.all()] == [came_later.email]
    assert "1 of 1" in said.getvalue()
    call_command("replay_erasures", "-", stdin=io.StringIO(lines), stdout=said)
    assert Supporter.objects.count() == 1


def test_who_came_back_after_their_erasure_stays():
    ada = ada_of(sign(make_petition()))
    ada.erase()
    back = Supporter.objects.with_address("ada@mail.example")

    call_command("replay_erasures", stdout=io.StringIO())

    assert Supporter.objects.get() == back


def test_an_erasure_is_found_under_a_former_key(settings):
    Erasure.objects.note("ada@mail.example")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one, as long as you like, and just as secret: 0123"
    day_before = timezone.now() - timedelta(days=1)
    Supporter.objects.create(email="ada@mail.example", created_at=day_before)

    call_command("replay_erasures", stdout=io.StringIO())

    assert not Supporter.objects.exists()


def test_time_alone_leaves_nothing_of_a_person(var, work, time_machine):  # noqa: F811
    campaign = make_campaign()
    ada = do_everything(campaign, work)
    ada.follows.get().stop()
    Comment.objects.visible().get(text__contains=WORD).moderated_by(None).hide("hate")
    Report.objects.all().decide("kept", by=None)  # who sent it is known until then
    Block.objects.all().delete()
    OfficialAnswer.objects.all().delete()  # published: what the campaign answers for
    count = campaign.petition.standing.count
    before, files = traces_in_database(), traces_in_files(var)
    campaign.close()
    hand_over(campaign)

    time_machine.move_to(timezone.now() + timedelta(days=190))
    RetentionRun.run()

    assert len(before) >= 10, sorted(before)
    assert set().union(*before.values()) == ENCODINGS
    assert len(files) >= 6
    assert traces_in_database() == {}
    assert traces_in_files(var) == {}
    assert Mailing.objects.get().numbers()["sent"] == 1
    del campaign.petition.standing  # read anew
    assert campaign.petition.standing.count == count == 1
    kept = Signature.objects.get()
    assert (kept.counted, kept.country) == (True, "GB")
