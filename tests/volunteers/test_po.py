"""A translation as a PO file: out of the site, and back under the same rules."""

import re
from time import process_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.volunteers.conftest import KOREAN, ask, campaigner, opened, path_of, texts_of
from volunteers.models import TranslatedText
from volunteers.po import MOST_BYTES, MOST_ENTRIES

pytestmark = pytest.mark.django_db
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def po_of(request):
    """Its address in English, whose answers are read here."""
    return path_of(request, "po/").replace("/ko/", "/")


def sent(browser, path, content):
    content = content.encode() if isinstance(content, str) else content
    return browser.post(path, {"file": SimpleUploadedFile("ko.po", content)})


def got(browser, request):
    answer = browser.get(po_of(request) + "file/")
    assert answer["Content-Disposition"] == 'attachment; filename="bucheon-ko.po"'
    return answer.content.decode()


def filled(file, words):
    """The file with these translations, by name."""
    for name, said in words.items():
        quoted = said.replace('"', '\\"')
        pattern = rf'(msgctxt "[\w-]+\.{name}"\nmsgid (?:"[^\n]*"\n)+)msgstr ""'
        file, number = re.subn(pattern, rf'\1msgstr "{quoted}"', file)
        assert number == 1, name
    return file


def stored():
    rows = TranslatedText.objects.values_list("what", "words")
    return {what.partition(".")[2]: words for what, words in rows}


def test_a_volunteer_takes_the_texts_out_and_brings_them_back(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    file = got(volunteer, request)
    assert "They sell dogs." in file

    answer = sent(volunteer, po_of(request), filled(file, KOREAN))

    assert "We have added 5 texts." in answer.text
    assert stored() == KOREAN
    assert 'msgstr "시장을 닫아 주세요"' in got(volunteer, request)


def test_staff_do_the_same_at_the_desk(client, campaign):
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/ko/po/"
    file = client.get(f"{desk}file/").content.decode()

    answer = sent(client, desk, filled(file, KOREAN))

    assert "We have added 5 texts." in answer.text
    assert stored() == KOREAN


def test_staff_come_from_their_desk_and_go_back_there(client, campaign):
    """The site's own frame leads out of the desk, and to its languages."""
    campaigner(client)
    desk = f"/admin/translations/{campaign.pk}/"
    texts = client.get(f"{desk}ko/", follow=True)
    volunteers = opened(ask(campaign)).get(texts_of(ask(campaign))).text

    for page in (texts, client.get(f"{desk}ko/po/")):
        way = page.text.partition('<ol class="translating-way"')[2].partition("</ol>")[
            0
        ]
        home = f"/admin/editor/campaigns/{campaign.pk}/home/"
        for address in ("/admin/", "/admin/campaigns/campaign/", home, desk):
            assert f'href="{address}"' in way
        assert 'class="languages"' not in page.text
        assert 'class="site-nav"' not in page.text
    assert "translating-way" not in volunteers
    assert 'class="site-nav"' in volunteers


def test_good_texts_are_in_and_bad_ones_come_back_with_a_reason(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    bad = {"story": "<p>그림이 없다</p>", "title": "ㄱ" * 200}
    file = filled(got(volunteer, request), {**KOREAN, **bad})
    stranger = '\nmsgctxt "campaign-0.title"\nmsgid "Another"\nmsgstr "다른"\n'
    plural = '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "ㄱ"\n'

    answer = sent(volunteer, po_of(request), file + stranger + plural)

    assert answer.status_code == 200
    assert "We have added 3 texts." in answer.text
    assert "[picture 1] is missing." in answer.text
    assert "at most 160 characters" in answer.text
    assert "It belongs to no text of this campaign." in answer.text
    assert "None of our texts has a plural." in answer.text
    assert stored().keys() == {"summary", "ask", "happening"}


def test_a_text_that_was_changed_here_meanwhile_is_not_overwritten(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    file = got(volunteer, request)
    volunteer.post(texts_of(request), {"title": "여기서"})

    answer = sent(volunteer, po_of(request), filled(file, {"title": "거기서"}))

    assert "Somebody else has changed this since you got the file: “여기서”" in (
        answer.text
    )
    assert stored() == {"title": "여기서"}


def test_a_text_whose_source_has_changed_comes_back(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    file = filled(got(volunteer, request), {"title": "시장", "summary": "요약"})
    campaign.title = "Close the other market"
    campaign.save()

    answer = sent(volunteer, po_of(request), file)

    assert "The text has changed since you got the file." in answer.text
    assert stored() == {"summary": "요약"}


def test_an_older_text_is_marked_as_fuzzy_and_fits_once_the_mark_is_off(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    volunteer.post(texts_of(request), KOREAN)
    campaign.title = "Close the other market"
    campaign.save()
    file = got(volunteer, request)
    assert file.count("#, fuzzy\nmsgctxt") == 1
    changed = file.replace("시장을 닫아 주세요", "다른 시장을 닫아 주세요", 1)

    refused = sent(volunteer, po_of(request), changed)
    taken = sent(
        volunteer, po_of(request), changed.replace("#, fuzzy\nmsgctxt", "msgctxt")
    )

    assert "It is marked as fuzzy." in refused.text
    assert "We have added 1 text." in taken.text
    assert "older" not in volunteer.get(texts_of(request)).text
    assert stored()["title"] == "다른 시장을 닫아 주세요"


HOSTILE = {
    "nothing": b"",
    "no PO": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "NUL": HEADER.encode() + b'msgid "a\x00"\nmsgstr "b"\n',
    "UTF-16": (HEADER + 'msgid "a"\nmsgstr "b"\n').encode("utf-16"),
    "another charset": HEADER.replace("UTF-8", "idna").encode() + b'msgid "\xff"\n',
    "no quotes": b"msgid a\nmsgstr b\n",
    "no msgid": b'msgstr "b"\n',
    "two msgids": b'msgid "a"\nmsgid "b"\nmsgstr "c"\n',
    "a line of nothing": b'"a"\n',
    "a bad number": b'msgid "a"\nmsgid_plural "b"\nmsgstr[x] "c"\n',
    "a large number": b'msgid "a"\nmsgid_plural "b"\nmsgstr[99999999] "c"\n',
    "an open isolate": '#: \u2068a.py\nmsgid "a"\nmsgstr "b"\n'.encode(),
    "a conflict": b"#-#-#-#-# a.po #-#-#-#-#\n",
    "a half escape": b'msgid "a\\"\nmsgstr "b\\"\n',
    "an odd header": HEADER.encode().replace(b"text/plain", b"Plural-Forms: n=9**9**9")
    + b'msgid "a"\nmsgstr "b"\n',
    "dates": b'msgid ""\nmsgstr "POT-Creation-Date: 9999-99-99\\n"\n',
    "many entries": b'msgid "a"\nmsgstr "b"\n\n' * (MOST_ENTRIES + 1),
    "many lines": b'msgid ""\n' + b'"\\\\\\\\"\n' * 30_000 + b'msgstr "b"\n',
    "many comments": b"#, fuzzy\n" * 25_000 + b'msgid "a"\nmsgstr "b"\n',
    "a long context": b'msgctxt "' + b"x" * 200_000 + b'"\nmsgid "a"\nmsgstr "b"\n',
    "many open tags": b'msgid "' + b"<a" * 60 + b'"\nmsgstr "b"\n',
    "tags in tags": b'msgid "' + b"<" * 60 + b"a" + b">" * 60 + b'"\nmsgstr "b"\n',
    "many plurals": b'msgid "a"\nmsgid_plural "b"\n'
    + b"".join(b'msgstr[%d] "c"\n' % number for number in range(9_000)),
    "an endless number": b'msgid "a"\nmsgid_plural "b"\nmsgstr[' + b"9" * 9_000 + b"]",
    "a deep rule of plurals": b'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural='
    + b"(" * 90_000
    + b'n;\\n"\n\nmsgid "a"\nmsgstr "b"\n',
    "many lines of a header": b'msgid ""\nmsgstr ""\n'
    + b'"Bcc: all@mail.example\\r\\n"\n' * 7_000
    + b'\nmsgid "a"\nmsgstr "b"\n',
    "many places": b"#: " + b"a:1 " * 50_000 + b'\nmsgid "a"\nmsgstr "b"\n',
    "surrogates": b'msgid "\xed\xa0\x80"\nmsgstr "b"\n',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence_and_changes_nothing(campaign, name):
    request = ask(campaign)
    volunteer = opened(request)
    began = process_time()

    answer = sent(volunteer, po_of(request), HOSTILE[name])

    assert answer.status_code in (200, 422)
    assert "field-error" in answer.text or "We have added" in answer.text
    assert process_time() - began < 5
    assert not TranslatedText.objects.exists()


def test_a_file_that_is_too_large_is_refused(client, campaign):
    request = ask(campaign)
    content = b"#" * (MOST_BYTES + 1)
    campaigner(client)

    by_link = sent(opened(request), po_of(request), content)
    desk = sent(client, f"/admin/translations/{campaign.pk}/ko/po/", content)

    assert by_link.status_code == 413
    assert "This file is too large to be one of ours." in desk.text


def test_words_in_a_file_are_no_program_here(campaign):
    request = ask(campaign)
    volunteer = opened(request)
    bad = "<p>[picture 1]</p><script>alert(1)</script>"
    file = filled(got(volunteer, request), {"story": bad, "title": "<b>시장</b>"})

    sent(volunteer, po_of(request), file)

    assert "script" not in stored()["story"]
    page = volunteer.get(texts_of(request, "preview/")).text
    assert "&lt;b&gt;시장&lt;/b&gt;" in page


def test_without_the_opened_link_nobody_gets_or_sends_a_file(client, campaign):
    request = ask(campaign)

    assert client.get(po_of(request) + "file/").status_code == 403
    assert sent(client, po_of(request), HEADER).status_code == 403
