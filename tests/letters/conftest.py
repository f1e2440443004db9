import pytest

from tests.letters.unruly import UnrulyServer


@pytest.fixture
def relay(settings):
    """Our relay, which can be told to misbehave."""
    server = UnrulyServer()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": server.port, "timeout": 20},
        }
    }
    yield server
    server.stop()
