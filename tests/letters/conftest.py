import pytest

from tests.conftest import relay_at
from tests.letters.unruly import UnrulyServer


@pytest.fixture
def relay(settings):
    """Our relay, which can be told to misbehave."""
    server = UnrulyServer()
    settings.MAILERS = relay_at(server.port)
    yield server
    server.stop()
