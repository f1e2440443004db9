"""A letter leaves in the language of each official; its writer reads their own."""

import pytest
from django.core.exceptions import ValidationError

from letters.models import Delivery, Letter, LetterText
from letters.suggested import placeholders
from letters.suggested.placeholder_names import named_as_stored, named_in, names
from tests.factories import (
    LETTER,
    make_letter_text,
    make_recipients,
    make_staff,
)
from tests.letters.bilingual import (
    HERE,
    KOREAN,
    THREE_LANGUAGES,
    arrived,
    form,
    korean_body,
    make_bilingual,
    send,
)
from tests.letters.makers import wednesday_after

pytestmark = pytest.mark.django_db
SAYS_SO = "The writer added these words in Korean:"


@pytest.fixture(autouse=True)
def three_languages(settings):
    settings.LANGUAGES = THREE_LANGUAGES


@pytest.fixture
def suggested(time_machine):
    return make_bilingual()


@pytest.fixture
def to_english(suggested):
    """The same letter, to officials who all read English."""
    suggested.recipient_list.recipients.update(language="")
    return suggested


def test_a_letter_leaves_in_the_language_of_each_official(
    client, mailbox, work, suggested
):
    send(client, mailbox, work)

    mails = arrived(mailbox)
    subject, text = mails["ward1"]
    assert subject == "Please help"
    assert text.startswith(
        "Dear Mayor and Council:\n\nPlease help.\n\nI love dogs.\n\n"
    )
    assert "Your reply goes to the writer." in text
    subject, text = mails["ward3"]
    assert subject == "도와주십시오"
    assert text.startswith("시장님과 시의회에:\n\n도와주십시오.\n\n")
    assert (
        "영어로 덧붙였습니다.\nI love dogs.\n\n고맙습니다.\n\nAda Lovelace, London"
        in text
    )
    assert "Your reply goes to the writer." not in text
    assert Letter.objects.count() == 1
    assert {d.language for d in Delivery.objects.all()} == {"en", "ko"}


def test_from_any_page_each_official_reads_their_own_language(
    client, mailbox, work, suggested
):
    own = {"own_words": "I love all the dogs of this market.", "own_in": "en"}
    send(client, mailbox, work, KOREAN, subject="", body=korean_body(), **own)

    mails = arrived(mailbox)
    assert mails["ward1"][1].startswith("Dear Mayor and Council:")
    assert mails["ward3"][1].startswith("시장님과 시의회에:")


def test_the_same_letter_from_two_pages_reaches_each_official_once(
    client, mailbox, work, suggested
):
    send(client, mailbox, work, own_words="")
    # The browser has confirmed the address, so the second one needs no email.
    client.post(KOREAN, form(subject="", body=korean_body(), own_words=""))
    work()

    deliveries = Delivery.objects.exclude(stopped_for="repeat")
    assert sorted(d.recipient.email for d in deliveries) == [
        "ward1@council.example",
        "ward2@council.example",
        "ward3@council.example",
    ]


def test_the_page_shows_the_letter_to_each_of_them(client, suggested):
    page = client.get(HERE).text

    assert "The letter in Korean, for those who read it" in page
    assert "도와주십시오." in page
    assert '<option value="ko"' in page


def test_staff_see_and_test_the_letter_in_each_language(client, suggested):
    client.force_login(make_staff("bo", "Campaigners"))
    page = client.get(f"/admin/letters/suggestedletter/{suggested.pk}/preview/").text

    english, korean = page.index("Please help."), page.index("도와주십시오.")
    assert "Member, Ward 3" in page[english:korean]
    assert "Council Member, Ward 1; Council Member, Ward 2" in page[korean:]


def test_a_reader_reads_the_letter_beside_their_own_language(
    client, mailbox, work, to_english
):
    page = client.get(KOREAN).text
    receipt = send(
        client, mailbox, work, KOREAN, own_words="개를 사랑합니다.", own_in="ko"
    )

    assert "[Your Name &amp; City/Country]" in page
    assert '<p dir="auto">Please help.</p>' in page
    assert '<p dir="auto">도와주십시오.</p>' in page
    subject, text = arrived(mailbox)["ward1"]
    assert subject == "Please help"
    assert f"{SAYS_SO}\n개를 사랑합니다.\n\nThank you." in text
    assert "Your reply goes to the writer." in text
    assert SAYS_SO in receipt.text
    assert "도와주십시오." in receipt.text
    copy = [m for m in mailbox.messages if m["To"] == "ada@mail.example"][-1]
    assert "도와주십시오." in copy.get_body(("plain",)).get_content()


def test_own_words_in_the_language_of_the_letter_need_no_sentence(
    client, mailbox, work, to_english
):
    send(client, mailbox, work, KOREAN, own_in="en")

    _subject, text = arrived(mailbox)["ward1"]
    assert "Please help.\n\nI love dogs." in text
    assert "added these words" not in text


@pytest.mark.parametrize("own_in", ["", "de", "xx", "ko\r\nBcc: x@y.example"])
def test_a_language_that_is_no_choice_is_that_of_the_page(
    client, mailbox, work, to_english, own_in
):
    send(client, mailbox, work, KOREAN, own_in=own_in)

    assert SAYS_SO in arrived(mailbox)["ward1"][1]
    assert all("Bcc" not in m for m in mailbox.messages)


def test_words_in_the_officials_own_language_say_nothing_of_it(
    client, mailbox, work, suggested
):
    suggested.recipient_list.recipients.update(language="ko")

    page = client.get(KOREAN).text
    send(
        client,
        mailbox,
        work,
        KOREAN,
        subject="",
        body=korean_body(),
        own_words="I love all the dogs of this market.",
    )

    assert "own_in" not in page
    subject, text = arrived(mailbox)["ward1"]
    assert subject == "도와주십시오"
    assert "도와주십시오.\n\nI love all the dogs of this market.\n\n고맙습니다." in text


@pytest.mark.parametrize(
    "fields", [{"published_at": None}, {"language": "es"}], ids=["draft", "another"]
)
def test_without_a_text_in_their_language_it_leaves_in_the_first_one(
    client, mailbox, work, suggested, fields
):
    LetterText.objects.update(**fields)

    page = client.get(HERE).text
    send(client, mailbox, work)

    assert "own_in" not in page
    assert {subject for subject, _text in arrived(mailbox).values()} == {"Please help"}


def test_a_language_that_the_site_gave_up_falls_back(
    client, mailbox, work, suggested, settings
):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]

    send(client, mailbox, work)

    assert {subject for subject, _text in arrived(mailbox).values()} == {"Please help"}


def test_what_was_confirmed_stays_as_its_writer_saw_it(
    client, mailbox, work, suggested
):
    client.post(HERE, form())
    work()
    LetterText.objects.update(subject="다른 제목", body="다른 글")

    client.post(mailbox.path_to("confirmation"))
    work()

    assert arrived(mailbox)["ward3"][0] == "도와주십시오"


def test_each_gets_the_salutation_of_their_language(client, mailbox, work, suggested):
    body = LETTER.replace("Dear Mayor and Council:", placeholders.SALUTATION)
    suggested.body = body
    suggested.save()
    korean = LetterText.objects.get()
    korean.body = korean.body.replace("시장님과 시의회에:", "[첫인사]")
    korean.letter.refresh_from_db()
    korean.full_clean()
    korean.save()

    send(client, mailbox, work, body=body)

    mails = arrived(mailbox)
    assert mails["ward2"][1].startswith("Dear Council Member, Ward 2:\n")
    greeting = mails["ward3"][1].partition("\n")[0]
    assert "Council Member, Ward 3" in greeting
    assert "Dear" not in greeting
    assert "[" not in mails["ward3"][1]


def test_unchanged_letters_of_many_are_one_in_the_officials_language(
    client, mailbox, work, suggested, move_to
):
    suggested.recipient_list.recipients.exclude(order=3).delete()
    for name in ("Ada", "Bo"):
        typed = {"name": name, "email": f"{name}@mail.example", "own_words": ""}
        suggested.recipient_list.recipients.update(language="ko")
        client.post(KOREAN, form(subject="", body=korean_body(), **typed))
        work()
        client.post(mailbox.path_to("confirmation"))
        client.cookies.clear()
    mailbox.clear()
    move_to(wednesday_after(Delivery.objects.first().queued_at))

    [(subject, text)] = arrived(mailbox).values()
    assert subject.startswith("도와주십시오")
    assert text.startswith("시장님과 시의회에:")
    assert "Ada, London" in text
    assert "Bo, London" in text
    assert "Everybody named above" not in text


def test_placeholders_of_every_language_are_the_same_ones():
    assert named_as_stored("[이름과 도시/국가] [직접 쓴 말]") == (
        f"{placeholders.NAME_AND_PLACE} {placeholders.OWN_WORDS}"
    )
    assert named_as_stored("[Saludo]") == placeholders.SALUTATION
    assert named_in("ko", placeholders.ASK) == "[요구 사항]"
    assert named_in("en", LETTER) == LETTER


@pytest.mark.parametrize(
    "code", ["es", "ko", "de", "fr", "it", "pt-br", "nl", "ja", "ar"]
)
def test_each_language_names_all_placeholders_apart(code):
    assert set(names(code)) == set(placeholders.ALL)
    assert len(set(names(code).values())) == len(placeholders.ALL)


@pytest.mark.parametrize("field", ["own_words", "name", "place", "subject"])
def test_no_placeholder_of_any_language_is_smuggled_in(client, suggested, field):
    page = client.post(HERE, form(**{field: "[이름과 도시/국가]"}))

    assert page.status_code == 422
    assert not Letter.objects.exists()


def test_a_message_with_a_placeholder_in_two_languages_is_refused(client, suggested):
    page = client.post(HERE, form(body=f"{LETTER} [이름과 도시/국가]"))

    assert page.status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "도와\r\nBcc: x@y.example"},
        {"body": "이름이 없는 글"},
        {"body": "[이름] [이름과 도시/국가]"},
        {"ask": "고정된 말"},
        {"language": "en"},
        {"addressed_as": "[첫인사]"},
    ],
    ids=["header", "unsigned", "unknown", "ask", "first language", "brackets"],
)
def test_a_text_that_would_break_letters_is_refused(suggested, fields):
    LetterText.objects.all().delete()

    with pytest.raises(ValidationError):
        make_letter_text(suggested, checks=True, **fields)


def test_words_that_lack_the_locked_ask_are_not_used(client, suggested):
    suggested.ask = "Close the market."
    suggested.body = LETTER.replace("Please help.", placeholders.ASK)
    suggested.save()

    assert "도와주십시오" not in client.get(HERE).text


def test_erasing_a_writer_empties_all_languages(client, mailbox, work, suggested):
    send(client, mailbox, work)
    assert "I love dogs." in str(Letter.objects.get().in_languages)

    Letter.objects.all().erase()

    assert Letter.objects.get().in_languages is None


def test_recipients_of_a_file_may_name_their_language():
    recipient = make_recipients(1).recipients.get()
    for typed, kept in (
        ("Korean", "ko"),
        ("한국어", "ko"),
        ("ko_KR", "ko"),
        ("xx", "xx"),
    ):
        recipient.language = typed
        recipient.clean()
        assert recipient.language == kept
