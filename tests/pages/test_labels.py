"""Labels and what forms say about empty fields, on pages of every kind."""

import re
from html import unescape

import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override

from pages.labels import missing
from petitions.models import Petition
from tests.factories import make_campaign, make_staff

pytestmark = pytest.mark.django_db
LABEL = re.compile(r"<(label|legend)\b[^>]*>(.*?)</\1>", re.S)
ERRORS = re.compile(r'<ul class="errorlist[^>]*>(.*?)</ul>', re.S)
# What only their owners know, and so the only words of their kind.
OWN_WORDS = {
    "Choose how the letter is sent.",
    "Choose one under “How they get letters”.",
    "Choose one under “Unchanged letters together”.",
    "Choose what goes in.",
    "Choose what to do.",
    "Enter how a letter names them all.",
    "Enter how we know that the address is theirs.",
    "Enter to whom it goes.",
    "Enter what to block or allow.",
    "Enter where the names were collected.",
    "Fill in “Focus, from the left”.",
    "Fill in “Focus, from the top”.",
    "Fill in “The ask in one sentence”.",
    "Fill in “The sentence that people sign”.",
    "Choose at least one role, for all campaigns or for one.",
    "Choose the last day on which it works.",
}


@pytest.fixture
def root(client):
    root = make_staff("root", is_superuser=True)
    client.force_login(root)
    return root


def add_forms(root):
    request = RequestFactory().get("/")
    request.user = root
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        for model, found in admin.site._registry.items()
        if found.has_add_permission(request)
    ]


def labels(page):
    return [re.sub(r"<[^>]*>", "", one[1]).strip() for one in LABEL.findall(page.text)]


def errors(page):
    lists = ERRORS.findall(page.text)
    return [
        unescape(text) for one in lists for text in re.findall(r"<li>(.*?)</li>", one)
    ]


def empty(page):
    """What a browser sends of an empty form: how many rows each of its lists has."""
    counts = re.findall(r'name="([\w-]+-(?:TOTAL|INITIAL)_FORMS)"', page.text)
    return dict.fromkeys(counts, "0")


def test_every_empty_form_of_staff_says_in_each_field_what_to_enter(client, root):
    said = {}
    for path in add_forms(root):
        opened = client.get(path, follow=True)
        if "_save" in opened.text:
            said[path] = errors(client.post(path, empty(opened)))

    assert len(said) > 12
    usual = re.compile(
        r"(Enter|Choose) the [a-z]+( [a-z]+){0,2}\.|Fill in “[^“”]+, again”\."
    )
    for path, sentences in said.items():
        assert sentences, path
        for sentence in sentences:
            assert sentence in OWN_WORDS or usual.fullmatch(sentence), (path, sentence)
        assert len(sentences) == len(set(sentences))


def test_an_empty_field_of_an_invitation_gets_one_sentence(client, root):
    path = "/admin/staff/invitation/add/"
    page = client.post(path, empty(client.get(path)))

    assert errors(page) == [
        "Enter the email address.",
        "Choose at least one role, for all campaigns or for one.",
    ]


def test_an_invitation_sent_without_any_field_is_a_clear_page(client, root):
    page = client.post("/admin/staff/invitation/add/", {})

    assert page.status_code == 200
    assert "Enter the email address." in errors(page)


def test_no_label_of_staff_ends_with_a_colon(client, root):
    Petition.objects.get_or_create(campaign=make_campaign(), defaults={"ask": "Close"})
    pages = [client.get(path, follow=True) for path in add_forms(root)]
    pages += [
        client.get(f"/admin/staff/user/{root.pk}/change/"),
        client.get(f"/admin/staff/user/{root.pk}/password/"),
        client.get("/admin/account/password/"),
        client.get("/admin/petitions/signature/fraud/"),
        client.get("/admin/editor/campaigns/new/"),
    ]

    found = [one for page in pages for one in labels(page)]
    assert len(found) > 100
    assert [one for one in found if one.endswith(":")] == []


@pytest.mark.parametrize(
    ("label", "field", "said"),
    [
        ("Title", forms.CharField(), "Enter the title."),
        ("CSV file", forms.FileField(), "Choose the CSV file."),
        ("role", forms.ChoiceField(), "Choose the role."),
        ("Why?", forms.CharField(), "Answer this question."),
        ("what we know of it", forms.CharField(), "Fill in “What we know of it”."),
        ("I agree", forms.BooleanField(), "Tick the box if this is so."),
    ],
)
def test_the_label_makes_the_sentence(label, field, said):
    assert missing(field, label) == said


def test_the_label_of_one_form_is_not_in_the_sentence_of_another():
    class Own(forms.Form):
        name = forms.CharField(label="Title")

    one, two = Own({}), Own({})
    one.fields["name"].label = "Titel"

    assert one.errors["name"] == ["Enter the titel."]
    assert two.errors["name"] == ["Enter the title."]


def test_words_of_its_own_stay(client, root):
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": "Say who you are."})
        day = forms.DateField()

    form = Own({})
    assert form.errors == {"name": ["Say who you are."], "day": ["Enter the day."]}


def test_in_other_languages_the_label_is_quoted_as_it_is():
    with override("pl"):  # which has no translation
        assert missing(forms.CharField(), "Titel") == "Fill in “Titel”."
        chosen = missing(forms.ChoiceField(), "Zeitzone")

    assert chosen == "Choose one under “Zeitzone”."
