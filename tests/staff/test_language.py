"""Each of the staff reads their pages and mails in the language that they choose."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from outbox.dispatcher import work_through
from reporting import csv_files
from staff.models import Alert, User
from tests.factories import make_campaign, make_comment, make_staff, make_text

pytestmark = pytest.mark.django_db
PAGE = "/admin/account/language/"
# Their pages are read-only, and show other columns than these.
NOT_SHOWN = {
    *("comments.Comment.confirmation", "comments.Comment.campaign"),
    *("comments.Comment.root", "comments.Comment.parent"),
    "comments.Comment.claimed_at",
    *("versions.Deleted.rows", "supporters.Follow.supporter"),
    "letters.ReportedLetter.supporter",
    "wordpress.WordPressImport.into",
    "wordpress.WordPressImport.into_number",
}
DESK = '<html lang="{}" dir="ltr"'


@pytest.fixture
def bo(client):
    bo = make_staff("bo", "Campaigners", email="bo@group.example")
    bo.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(bo)
    return bo


def choose(client, language):
    return client.post(PAGE, {"language": language}, follow=True)


def test_one_says_how_mails_name_one(client, bo):
    assert 'name="first_name"' in client.get(PAGE).text
    client.post(PAGE, {"first_name": "Bo", "last_name": "Lee", "language": "en"})
    page = client.post(PAGE, {"first_name": "x" * 151, "language": "en"})

    assert page.status_code == 422
    assert "x" * 151 in page.text
    assert User.objects.get(pk=bo.pk).get_full_name() == "Bo Lee"
    assert 'value="Lee"' in client.get(PAGE).text


@pytest.mark.parametrize("name", ["Bo\nSay yes", "www.evil.example", "Bo\u202eeL"])
def test_no_name_says_more_to_strangers_than_a_name(client, bo, name):
    page = client.post(PAGE, {"first_name": name, "language": "en"})

    bo.refresh_from_db()
    assert page.status_code == 422
    assert bo.first_name != name


def test_one_chooses_among_the_languages_whose_desk_is_whole(client, bo):
    page = client.get(PAGE)

    assert re.findall(r'type="radio" name="language" value="([\w-]+)"', page.text) == [
        "en",
        "ko",
        "es",
    ]
    assert DESK.format("en") in page.text
    assert f'href="{PAGE}"' in client.get("/admin/account/second-factor/").text
    said = choose(client, "ko")
    assert DESK.format("ko") in said.text
    assert said["Content-Language"] == "ko"
    assert DESK.format("ko") in client.get("/admin/").text
    assert choose(client, "de").status_code == 422
    assert User.objects.get(pk=bo.pk).reads == "ko"


def test_pages_for_visitors_and_for_others_stay_as_they_are(client, bo):
    make_campaign(slug="mayor")
    choose(client, "ko")

    assert client.get("/mayor/")["Content-Language"] == "en"
    assert client.get("/es/")["Content-Language"] == "es"
    assert Client().get("/admin/account/login/")["Content-Language"] == "en"
    other = Client()
    other.force_login(make_staff("di", "Campaigners"))
    assert other.get("/admin/")["Content-Language"] == "en"


def test_links_lead_to_public_pages_that_there_are(client, bo):
    """A campaign without Korean texts has no Korean page."""
    told = make_campaign(slug="mayor", title="Told in two")
    make_text(told, "ko")
    only_english = make_campaign(slug="council", title="Told in one")
    choose(client, "ko")

    for campaign in (told, only_english):
        home = client.get(f"/admin/editor/campaigns/{campaign.pk}/home/")
        assert home.status_code == 200
        found = set(re.findall(r'href="(/[^"#?]*)', home.text))
        links = {x for x in found if not re.match("/(static|branding|admin)/", x)}
        assert f"/{campaign.slug}/" in links
        for link in links:
            assert client.get(link, follow=True).status_code == 200, link


def test_a_file_that_is_read_later_has_the_language_of_its_page():
    with override("es"):
        lines = csv_files.lines([_("Language")], ([_("Language")] for _row in "12"))

    assert "".join(lines).split() == ["Idioma"] * 3


def test_mails_for_staff_are_in_the_language_of_each(client, bo, mailbox):
    choose(client, "ko")
    make_staff("di", "Campaigners", email="di@group.example")
    with override("es"):  # whoever was at work when it happened
        Alert.objects.sound("a kind", "1", "News", lambda: str(_("Language")), "/")
    make_comment(make_campaign(), "Please help")
    Comment.objects.update(state="waiting", queued_at=timezone.now(), shown_at=None)

    work_through()

    by_reader, words = {}, {"bo@group.example": "언어", "di@group.example": "Language"}
    for message in mailbox.messages:
        html = message.get_body(("html",)).get_content()
        [language] = re.findall(r'<html lang="([\w-]+)"', html)
        if message["Subject"] == "News":
            assert words[message["To"]] in html
        by_reader.setdefault(message["To"], []).append(language)
    assert by_reader == {"bo@group.example": ["ko"], "di@group.example": ["en"]}


def test_an_invitation_is_in_the_language_of_who_invites(client, mailbox, work):
    root = make_staff("root", is_superuser=True, email="root@group.example")
    client.force_login(root)
    choose(client, "es")
    fields = {"email": "cy@mail.example", "is_administrator": "on"}
    fields |= {"campaign_roles-TOTAL_FORMS": 0, "campaign_roles-INITIAL_FORMS": 0}
    client.post("/admin/staff/invitation/add/", fields)
    work()

    assert 'lang="es"' in mailbox.last().get_body(("html",)).get_content()
    visitor, link = Client(), mailbox.path_to(r"invitations/[\w-]+")
    assert visitor.get(link)["Content-Language"] == "es"
    chosen = {"username": "cy", "password1": "a long and new one"}
    visitor.post(link, {**chosen, "password2": "a long and new one"})
    assert visitor.get("/admin/")["Content-Language"] == "es"


def test_what_django_says_in_korean_has_no_particle_that_depends_on_a_name():
    with override("ko"):
        deleted = gettext("Successfully deleted %(count)d %(items)s.")
        filtered = gettext("Filter by %(field_name)s")

    assert deleted == "%(count)d개를 삭제했습니다(%(items)s)."
    assert filtered == "%(field_name)s 기준으로 걸러 보기"


def test_each_field_that_staff_see_has_a_name_that_can_be_translated():
    """Django makes one of the field’s own, which stays English."""
    nameless = []
    for model, page in admin.site._registry.items():
        columns = [*page.list_display, *page.readonly_fields, *page.list_filter]
        shown = {*map(str, columns), *map(str, page.fields or ())}
        for field in model._meta.fields:
            is_shown = field.name in shown or (field.editable and not page.fields)
            is_named = field.primary_key or isinstance(field.verbose_name, Promise)
            if is_shown and not is_named:
                nameless.append(f"{model._meta.label}.{field.name}")
    assert [each for each in nameless if each not in NOT_SHOWN] == []
