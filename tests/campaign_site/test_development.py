"""The page of a development site that lists the mails of bin/dev's sink."""

from email.message import EmailMessage

import pytest

from campaign_site.development.mail_sink import forget
from campaign_site.development.views import ReceivedMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings, tmp_path):
    settings.MAIL_SINK_DIR = tmp_path / "mail"
    settings.MAIL_SINK_DIR.mkdir()
    (tmp_path / "secret.eml").write_text("Subject: not ours\n\nsecret")
    return settings.MAIL_SINK_DIR


def put(sink, name, subject, to="ada@mail.example"):
    message = EmailMessage()
    message["Subject"], message["To"] = subject, to
    message.set_content(f"Text of {subject}: http://testserver/x/")
    message.add_alternative(f"<p>HTML of {subject}</p><script>1</script>", "html")
    (sink / name).write_bytes(bytes(message))


def test_the_newest_mail_stands_first(client, sink):
    put(sink, "1.eml", "the old <one>")
    put(sink, "2.eml", "the new one")

    page = client.get("/development/mail/")

    assert page.text.index("the new one") < page.text.index("the old &lt;one&gt;")


def test_an_empty_sink_says_so(client, sink):
    assert "No emails yet." in client.get("/development/mail/").text


def test_a_mail_shows_as_text_with_links_and_its_html_in_a_closed_frame(client, sink):
    put(sink, "1.eml", "Hello")

    page = client.get("/development/mail/1.eml/")
    frame = client.get("/development/mail/1.eml/html/")

    assert 'Text of Hello: <a href="http://testserver/x/"' in page.text
    assert "sandbox=" in page.text
    assert "<p>HTML of Hello</p>" in frame.text
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in frame["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("erased", "left"),
    [
        ({"ada@mail.example", "P b"}, ["They help build", "To Bo", "xp B"]),
        ({"bo@mail.example", "Bo"}, ["Of P b.", "They help build", "xp B"]),
        ({"a@mail.example", "They help", ""}, ["Of P b.", "To Bo", "xp B"]),
        ({"mail.example", "help"}, ["Of P b.", "To Bo", "xp B"]),
        ({"", "o"}, ["Of P b.", "They help build", "To Bo", "xp B"]),
    ],
)
def test_erasing_somebody_deletes_the_mails_that_name_them_and_no_others(
    sink, erased, left
):
    for number, subject in enumerate(["Of P b.", "They help build", "To Bo", "xp B"]):
        put(sink, f"{number}.eml", subject, to=f"{number}@mail.example")
    put(sink, "to.eml", "Hello", to="ada@mail.example")

    forget(erased)

    found = [ReceivedMail.read(file).message for file in sink.glob("*.eml")]
    assert sorted(m["Subject"] for m in found if m["Subject"] != "Hello") == left
    assert len(found) == len(left) + ("ada@mail.example" not in erased)


@pytest.mark.parametrize("name", ["2.eml", "..", "..%2Fsecret.eml", "%00.eml", "1"])
def test_nothing_but_a_mail_of_the_sink_is_shown(client, sink, name):
    put(sink, "1.eml", "Hello")

    for path in (f"/development/mail/{name}/", f"/development/mail/{name}/html/"):
        page = client.get(path)
        assert page.status_code == 404
        assert "secret" not in page.text
