"""Tests outside of a room's own folder that need it, and bin/test --without it not."""

import pytest
from django.apps import apps

with_paper = pytest.mark.skipif(
    not apps.is_installed("paper"), reason="the site leaves out names on paper"
)
with_volunteers = pytest.mark.skipif(
    not apps.is_installed("volunteers"), reason="the site leaves out volunteers"
)
