"""Every kind of key in an address, and every link in a mail."""

from dataclasses import dataclass, field

from django.apps import apps
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

# What an address names besides keys: nothing that somebody has to keep to themselves.
NAMES = {"slug", "pk", "number", "name", "words", "delivery"} | {
    "language",
    "part",
    "cursor",
}
# Staff sign in for these; pictures and styles are named by their content.
OPEN_TO_ALL = {
    "branding-stylesheet",
    "branding-picture",
    "picture",
    "inbox",
    None,
}


@dataclass
class Key:
    """A kind of key: the addresses it stands in, what mails call it, how it ends."""

    addresses: set
    shown_by: str
    mailed_as: set = field(default_factory=set)


def of(app, *names):
    return {f"{app}:{name}" for name in names}


KEYS = {
    # Of one act, asked of an address that somebody typed and may change.
    "question": Key(
        {f"{app}:confirmation" for app in ("petitions", "letters", "comments")}
        | of("supporters", "confirmation"),
        "test_who_had_the_mail_first_opens_nothing_of_the_next_address",
        {"confirmation_url"},
    ),
    "denial": Key(
        of("supporters", "denial"),
        "test_who_had_the_mail_first_opens_nothing_of_the_next_address",
        {"denial_url"},
    ),
    "code": Key(
        {f"{app}:code" for app in ("petitions", "letters", "comments", "supporters")},
        "test_the_code_of_the_first_mail_confirms_nothing",
        {"code"},
    ),
    "withdrawal": Key(
        of("petitions", "withdrawal"),
        "test_who_had_the_mail_first_opens_nothing_of_the_next_address",
        {"withdrawal_url"},
    ),
    "receipt": Key(
        of("letters", "receipt", "follow_up", "answer", "unsent"),
        "test_every_standing_key_is_another_one_for_another_address",
        {"receipt_url", "answer_url"},
    ),
    "writer's page": Key(
        of("comments", "writer", "text", "appeal", "removal"),
        "test_every_standing_key_is_another_one_for_another_address",
        {"writer_url"},
    ),
    "follow": Key(
        of("supporters", "thanks", "cancellation", "cancellation-of-all"),
        "test_who_knew_the_key_of_a_follow_neither_stops_nor_signs_for_the_next",
        {"stop_url", "follow.stop_url"},
    ),
    "next petition": Key(
        of("petitions", "next"),
        "test_who_knew_the_key_of_a_follow_neither_stops_nor_signs_for_the_next",
        {"update.sign_next_url"},
    ),
    "own page": Key(
        of("petitions", "own"),
        "test_the_links_of_thanks_open_nothing_of_the_next_address",
        {"own_url"},
    ),
    # Of a person and a kind of mail.
    "stopping": Key(
        of("supporters", "stopping"),
        "test_the_links_of_thanks_open_nothing_of_the_next_address",
        {"stop_url"},
    ),
    "my page": Key(
        of("supporters", "opening", "page", "my-code", "my-mail", "section")
        | of("supporters", "export", "export-file", "erasure", "mails", "language")
        | of("supporters", "my-follow", "my-denial", "browsers", "consent")
        | of("petitions", "mine", "mine-withdrawal", "mine-proof")
        | of("letters", "mine")
        | of("comments", "mine"),
        "test_the_way_to_my_page_is_used_once_and_ends_with_a_newer_mail",
        {"opening_url", "code"},
    ),
    # Of an official: what was mailed to the address of before ends with it.
    "official's page": Key(
        of("letters", "official-opening", "official-page", "official-rhythm")
        | of("letters", "official-new-address", "official-leaving")
        | of("letters", "official-letters", "official-answer", "official-writers")
        | of("letters", "official-file"),
        "test_what_an_official_s_old_mailbox_got_ends_with_its_address",
        {"opening_url"},
    ),
    "official's denial": Key(
        of("letters", "official-denial"),
        "test_what_an_official_s_old_mailbox_got_ends_with_its_address",
        {"denial_url"},
    ),
    "official's name": Key(
        of("letters", "official"),
        "test_what_an_official_s_old_mailbox_got_ends_with_its_address",
        {"recipient.page_url"},
    ),
    "official's address": Key(
        of("letters", "official-address"),
        "test_what_an_official_s_old_mailbox_got_ends_with_its_address",
        {"confirmation_url"},
    ),
    "official's old address": Key(
        of("letters", "official-objection"),
        "test_what_an_official_s_old_mailbox_got_ends_with_its_address",
        {"objection_url"},
    ),
    # Of a notice. Nobody changes its address; its owner can end the mails to it.
    "notice": Key(
        of("supporters", "notice"),
        "test_the_link_of_a_notice_shows_nothing_that_was_typed_and_ends_with_no",
        {"notice.mailed_url"},
    ),
    # Of a volunteer; staff may also pass it on by hand. Its address never changes.
    "translation": Key(
        (
            of("volunteers", "link", "begin", "texts", "keep", "preview")
            | of("volunteers", "handed-in", "closing", "po", "po-file")
            if apps.is_installed("volunteers")
            else set()
        ),
        "test_the_link_of_a_translation_shows_nothing_and_ends_with_its_request",
        {"work_url"},
    ),
    # Of staff.
    "invitation": Key(
        {"account_accept_invitation"},
        "test_an_invitation_ends_with_the_next_one_and_when_it_is_revoked",
        {"accept_url"},
    ),
    "password": Key(
        {"account_reset_password_from_key"},
        "test_a_reset_of_a_password_ends_when_the_address_is_another_one",
        {"reset_url"},
    ),
    # In the browser of who typed the address, never in a mail: see Confirmation.
    "inbox": Key(
        {f"{app}:inbox" for app in ("petitions", "letters", "comments", "supporters")}
        | {f"{app}:mail" for app in ("petitions", "letters", "comments", "supporters")}
        | of("comments", "edit", "remove"),
        "test_no_mail_holds_the_page_of_the_inbox",
    ),
    # Mailed to nobody: staff pass it on by hand, and end it by hand (test_drafts…).
    "draft": Key(of("campaigns", "draft"), "test_no_mail_holds_the_way_to_a_draft"),
}
# Links without a key in them.
PUBLIC_LINKS = {
    "admin_url",
    "answer.url",
    "campaign_url",
    "comment_url",
    "desk_url",
    "each.url",
    "letter_url",
    "mine_url",
    "my_page_url",
    "reply.mailed_url",
    "rules_url",
    "share_url",
    "site.url",
    "update.mailed_campaign_url",
    "update.mailed_picture_url",
    "update.mailed_url",
    "url",
}


def addresses(patterns=None, app="", arguments=()):
    """Every address of the site outside the desk: its name, and what it takes."""
    for pattern in patterns or get_resolver().url_patterns:
        takes = {
            *arguments,
            *pattern.pattern.converters,
            *pattern.pattern.regex.groupindex,
        }
        if isinstance(pattern, URLPattern):
            name = f"{app}:{pattern.name}" if app else pattern.name
            yield name, takes
        elif pattern.namespace != "admin":
            yield from addresses(pattern.url_patterns, pattern.namespace or app, takes)
