import pytest

from tests.factories import make_staff


@pytest.fixture
def bo(client):
    """A campaigner, who is signed in."""
    bo = make_staff("bo", "Campaigners", email="bo@group.example")
    client.force_login(bo)
    return bo
