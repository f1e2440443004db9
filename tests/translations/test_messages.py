"""bin/messages finds each text, and each fault in a translation."""

import os
import sys
from gettext import GNUTranslations

import pytest
from babel.messages.catalog import Catalog

from tests.test_architecture import ROOT

sys.path.append(str(ROOT / "bin"))

import messages
import messages_check

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext


class Signature(models.Model):
    city = models.CharField(_("city"), help_text=_("Where they live."))
    petition = models.ForeignKey(Petition, verbose_name=_("petition"))


def says(n):
    # Translators: the head of a letter, before a name.
    pgettext("letter", "From")
    # About something else.
    _("Thank you.")
    return ngettext("%(n)d person", "%(n)d people", n) % {"n": n}
"""


def found(source=PYTHON, name="petitions/signing/models.py"):
    return list(messages.texts_of(name, source))


def test_texts_are_found_with_plural_context_and_comment():
    texts = {text.forms[0]: text for text in found()}

    assert texts["%(n)d person"].forms == ("%(n)d person", "%(n)d people")
    assert texts["From"].context == "letter"
    assert texts["From"].comments == ["the head of a letter, before a name."]
    assert texts["Thank you."].comments == []


def test_names_of_fields_and_the_files_of_staff_belong_to_the_desk():
    for_staff = {text.forms[0] for text in found() if text.is_for_staff}

    assert for_staff == {"city", "Where they live.", "petition"}
    assert all(text.is_for_staff for text in found(name="petitions/signing/admin.py"))


def test_a_text_that_visitors_and_staff_read_is_translated_once():
    in_both = messages.templates([*found(), *found(name="staff/site.py")])

    assert "Thank you." in in_both["public"]
    assert {message.id for message in in_both["desk"] if message.id} == {
        "city",
        "Where they live.",
        "petition",
    }


def test_a_template_has_no_date_and_no_lines_so_that_it_changes_with_its_texts():
    written = messages.written(messages.templates(found())["public"])

    assert "POT-Creation-Date" not in written
    assert "#: petitions/signing/models.py\n" in written
    assert "#. the head of a letter, before a name." in written


def test_each_text_of_the_source_can_be_found():
    assert [
        fault
        for name, source in messages.sources()
        if name.endswith(".py")
        for fault in messages_check.hidden_names(name, source)
    ] == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("from django.utils.translation import gettext_lazy as _lazy", False),
        ("from django.utils.translation import ngettext as _", False),
        ("from django.utils.translation import ngettext as plural", False),
        ("from django.utils.translation import gettext_lazy as _", True),
        ("from django.utils.translation import gettext, pgettext_lazy", True),
    ],
)
def test_a_name_that_hides_texts_is_a_fault(line, is_found):
    assert (list(messages_check.hidden_names("a.py", line)) == []) is is_found


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("_(words)", None),
        ('_("One" + "two")', None),
        ('ngettext("%d person", words, n)', "not written out"),
        ('_("%s wrote to %s")', "several placeholders without a name"),
        ('_("%(who)s wrote to %(whom)s")', None),
    ],
)
def test_a_text_that_cannot_be_translated_well_is_a_fault(line, fault):
    faults = [f for text in found(line) for f in messages_check.of_text(text)]

    assert [fault for fault in faults if fault] == faults
    assert (fault is None and not faults) or fault in faults[0]


def test_a_word_in_three_places_needs_a_context_or_a_line(monkeypatch):
    monkeypatch.setattr(messages, "words_of_one_meaning", lambda: {"Name", "Gone"})
    texts = [
        text
        for name in ("a.py", "b.py", "c.py")
        for text in found('_("From"); _("Name"); pgettext("x", "To"); _("a b")', name)
    ]

    faults = list(messages_check.without_context(texts))

    assert len(faults) == 2
    assert faults[0].startswith("“From” stands in 3 files")
    assert faults[1] == "locale/one-meaning.txt: “Gone” stands nowhere any more."


def korean(text, translation, **more):
    catalog = Catalog(locale="ko")
    catalog.add(text, translation, **more)
    return list(messages_check.of_catalog(catalog, must_be_whole=True))


PEOPLE = ("%(n)s person of <b>%(place)s</b>", "%(n)s people of <b>%(place)s</b>")
TITLE = "Hello %(name)s, <b>read this</b>."


@pytest.mark.parametrize(
    ("text", "translation", "fault"),
    [
        ("Save", "저장", None),
        ("Save", "", "missing"),
        (TITLE, "%(name)s 님, <b>읽어 주세요</b>.", None),
        (TITLE, "<b>읽어 주세요</b>.", "“%(name)s” is missing"),
        (TITLE, "%(nme)s %(name)s, <b>읽어 주세요</b>.", "“%(nme)s” is too much"),
        (TITLE, "%(name)s 님, <b>읽어 주세요.", "other HTML tags"),
        (TITLE, "%(name)s 님, <i>읽어 주세요</i>.", "other HTML tags"),
        (TITLE, "%(name)s 님, <b>읽어 주세요</b>.\n", "other spaces"),
        (TITLE, "%(name).9999999s 님, <b>읽어 주세요</b>.", "“%(name)s” is missing"),
        (TITLE, "%(name)s %(name)i, <b>읽어 주세요</b>.", "“%(name)i” is too much"),
        (TITLE, "%(name)s 님, <b>읽어 주세요</b>.<img src=x", "other HTML tags"),
        ("Save", '저장" id="x', "other straight quotes"),
        ("{name} is added.", "{name} {name.key}", "“{name.key}” is too much"),
        ("100 %% of them", "100 %% 모두", None),
        ("100 %% of them", "100 % 모두", "“%%” is missing"),
        ("{name} is added.", "{name} 추가됨.", None),
        ("{name} is added.", "추가됨.", "“{name}” is missing"),
        (PEOPLE, ("<b>%(place)s</b>의 %(n)s명",), None),
        (PEOPLE, ("<b>%(place)s</b>의 사람",), "“%(n)s” is missing"),
        (PEOPLE, ("%(n)s명",), "“%(place)s” is missing"),
        (PEOPLE, ("<b>%(place)s</b>의 %(n)s명",) * 2, "2 plural forms, not 1"),
    ],
)
def test_a_fault_in_a_translation_is_found(text, translation, fault):
    faults = korean(text, translation)

    assert (fault is None and not faults) or fault in "\n".join(faults)


def test_what_is_fuzzy_is_a_fault_where_all_must_be_translated():
    assert korean("Save", "저장", flags=["fuzzy"]) == ["fuzzy: Save"]


def test_one_of_several_plural_forms_needs_no_number_but_no_form_is_left_out():
    german = Catalog(locale="de")
    german.add(("%(n)s day", "%(n)s days"), ("ein Tag", "%(n)s Tage"))
    german.add(("%(n)s hour", "%(n)s hours"), ("eine Stunde", ""))
    german.add(("%d week", "%d weeks"), ("eine Woche", "%d Wochen"))

    faults = list(messages_check.of_catalog(german, must_be_whole=True))

    assert sorted(faults) == [
        "plural form 1 is missing: %(n)s hour",
        "“%d” is missing: %d week",
    ]


def test_a_singular_may_name_what_only_the_english_singular_names():
    german = Catalog(locale="de")
    things = ("%(n)s %(one)s", "%(n)s %(many)s")
    german.add(things, things)
    german.add(("%(n)s: %(one)s", "%(n)s: %(many)s"), ("%(n)s: %(one)s",) * 2)

    faults = list(messages_check.of_catalog(german, must_be_whole=True))

    assert faults == [
        "“%(many)s” is missing: %(n)s: %(one)s",
        "“%(one)s” is too much: %(n)s: %(one)s",
    ]


def test_other_plural_forms_than_those_of_the_language_are_a_fault():
    arabic = Catalog(locale="ar")
    arabic._num_plurals = 2

    [fault] = messages_check.of_catalog(arabic, must_be_whole=True)

    assert fault == "it has 2 plural forms, not 6."


def test_what_is_complete_may_lack_nothing_that_the_source_says(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    monkeypatch.setattr(messages, "texts", lambda: iter(found()))
    monkeypatch.setattr(messages, "sources", lambda: iter(()))
    (tmp_path / "one-meaning.txt").touch()

    faults = list(messages_check.faults(["en", "ko", "de"]))

    assert faults == [
        "public/django.pot: it is not what the source says. Run bin/messages.",
        "desk/django.pot: it is not what the source says. Run bin/messages.",
        "locale/public: de has no translation.",
        "locale/public: ko has no translation.",
    ]


def test_a_language_that_staff_can_choose_may_lack_nothing_either(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    monkeypatch.setattr(messages, "texts", lambda: iter(found()))
    monkeypatch.setattr(messages, "sources", lambda: iter(()))
    (tmp_path / "one-meaning.txt").touch()
    ours = tmp_path / "desk/ko/LC_MESSAGES/django.po"
    ours.parent.mkdir(parents=True)
    ours.write_text(messages.written(Catalog(locale="ko")))
    (tmp_path / "public").mkdir()
    for path, content in list(messages.up_to_date()):
        path.write_text(content)

    [fault, *_others] = list(messages_check.faults(["en", "ko"]))[1:]

    assert "desk/ko/LC_MESSAGES/django.po: missing: " in fault


def test_an_older_compiled_file_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    folder = tmp_path / "public/de/LC_MESSAGES"
    folder.mkdir(parents=True)
    for said in ("Speichern", "Sichern"):
        catalog = Catalog(locale="de")
        catalog.add("Save", said)
        catalog.add("Open", "Offen", flags=["fuzzy"])
        (folder / "django.po").write_text(messages.written(catalog), encoding="utf-8")
        messages.compile_all()

        with (folder / "django.mo").open("rb") as file:
            texts = GNUTranslations(file)
        assert texts.gettext("Save") == said
        assert texts.gettext("Open") == "Open"
        os.utime(folder / "django.mo", (0, 0))
