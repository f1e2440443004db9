"""“See the page” leads staff to a page, also from what readers do not see yet."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories import (
    make_campaign,
    make_comment,
    make_letter,
    make_letter_text,
    make_petition,
    make_staff,
    make_text,
    make_update,
    make_update_text,
)

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a href="([^"]+)" class="viewsitelink">')


def make_rows(published_at):
    campaign = make_petition(make_campaign(**published_at)).campaign
    letter = make_letter(campaign)
    update = make_update(campaign)
    answer = letter.answers.create(
        recipient=letter.recipient_list.recipients.first(), text="Yes."
    )
    return [
        campaign,
        letter,
        update,
        answer,
        make_comment(campaign),
        make_text(campaign, "ko"),
        make_update_text(update),
        make_letter_text(letter),
    ]


@pytest.mark.parametrize("is_draft", [True, False])
@pytest.mark.parametrize("has_link", [True, False])
def test_it_leads_to_a_page_or_is_not_there(client, settings, is_draft, has_link):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]
    root = make_staff("root", is_superuser=True)
    client.force_login(root)
    rows = make_rows({"published_at": None} if is_draft else {})
    if has_link:
        rows[0].make_draft_link(by=root)
    with_pages = {type(row) for row in rows}
    assert with_pages >= {
        model for model in admin.site._registry if hasattr(model, "get_absolute_url")
    }

    shown = {}
    for row in rows:
        if type(row) not in admin.site._registry:
            continue
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        page = client.get(reverse(name, args=[row.pk]), follow=True)
        assert page.status_code == 200
        for address in LINK.findall(page.text):
            answer = client.get(address, follow=True)
            assert answer.status_code == 200, address
            shown[row._meta.model_name] = answer.redirect_chain or address

    assert "update" in shown
    assert ("campaign" in shown) == (has_link or not is_draft)
    assert ("suggestedletter" in shown) == (not is_draft)
