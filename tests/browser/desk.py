"""Where the moderators' desk is, and what stands on it."""

from playwright.sync_api import expect

DESK = "/admin/comments/comment/desk/"
LIST = "/admin/comments/comment/"


def open_name(page):
    """The name over the comment that is open."""
    return page.locator("#desk-name")


def expect_at(page, name):
    """This comment is open, and the keys are heard."""
    expect(open_name(page)).to_have_text(name)
    expect(page.locator("[aria-keyshortcuts=h]")).to_be_visible()
