import re
from itertools import product

import pytest

from tests.hostile.conftest import client, known, no_limit, pending  # noqa: F401
from tests.translations import pseudo


@pytest.fixture(scope="session")
def pseudo_catalogs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pseudo")
    pseudo.write(folder)
    return folder


@pytest.fixture
def speaking(settings, pseudo_catalogs):
    """Makes a pseudo-language the first language of the site, without a prefix."""

    def speaking(language):
        settings.LOCALE_PATHS = [pseudo_catalogs, *settings.LOCALE_PATHS]
        settings.LANGUAGES = pseudo.LANGUAGES
        settings.LANGUAGE_CODE = language

    return speaking


@pytest.fixture
def addresses(known):  # noqa: F811
    """Fills in the arguments of a route in each way that opens something."""

    def addresses(route):
        names = re.findall(r"<(\w+)>", route)
        for values in product(*(known.get(name, ["x"]) for name in names)):
            path = route
            for name, value in zip(names, values, strict=True):
                path = path.replace(f"<{name}>", value)
            yield f"/{path}"

    return addresses
