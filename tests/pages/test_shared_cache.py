"""The page cache in a Redis that does not answer."""

import socket

import pytest

from database.pause import Pause
from pages import page_cache
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent_redis(settings, monkeypatch):
    """Takes connections, as a machine that hangs, and says nothing."""
    monkeypatch.setattr(page_cache, "_pause", Pause(3600))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        settings.CACHES = {
            "default": {
                "BACKEND": "pages.shared_cache.SharedCache",
                "LOCATION": f"redis://127.0.0.1:{server.getsockname()[1]}",
            }
        }
        yield server


def test_only_one_reader_waits_for_a_cache_that_hangs(client, silent_redis):
    make_campaign(title="Free the bears")

    pages = [client.get("/campaign-1/") for _ in range(3)]

    assert [page.status_code for page in pages] == [200] * 3
    assert all("Free the bears" in page.text for page in pages)
    silent_redis.accept()[0].close()
    with pytest.raises(BlockingIOError):  # nobody else has come
        silent_redis.accept()
