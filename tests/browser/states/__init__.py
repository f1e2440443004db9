"""Every page and state that a visitor can see.

A function opens one, or goes through several and stops at each with its name.
"""

from tests.browser.states import (
    comments,
    desk,
    following,
    letters,
    mine,
    officials,
    signing,
    site,
)

ALL = [
    *comments.ALL,
    *desk.ALL,
    *following.ALL,
    *letters.ALL,
    *mine.ALL,
    *officials.ALL,
    *signing.ALL,
    *site.ALL,
]
