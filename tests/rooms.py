"""Tests outside of a room's own folder that need it, and bin/test --without it not."""

import pytest
from django.apps import apps

with_paper = pytest.mark.skipif(
    not apps.is_installed("paper"), reason="the site leaves out names on paper"
)
with_volunteers = pytest.mark.skipif(
    not apps.is_installed("volunteers"), reason="the site leaves out volunteers"
)
# Their templates are there, also where nothing writes them.
MAILS_OF_VOLUNTEERS = {"translation_asked", "translation_published"}
MAILS_LEFT_OUT = set() if apps.is_installed("volunteers") else MAILS_OF_VOLUNTEERS
