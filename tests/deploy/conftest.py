import pytest

from tests.deploy.visitor import HOST
from tests.deploy.web import running_gunicorn
from tests.wire import Wire
from tests.worker import worker_environment


@pytest.fixture
def wire(transactional_db):
    """What carries every statement of gunicorn's; it can be cut."""
    wire = Wire.to_the_database()
    yield wire
    wire.cut()


@pytest.fixture
def gunicorn(tmp_path, wire):
    """The web as its unit starts it, over the wire."""
    database = wire.carrying(worker_environment(9)["DATABASE_URL"])
    with running_gunicorn(
        tmp_path, DATABASE_URL=database, SITE_URL=f"http://{HOST}"
    ) as process:
        yield process
