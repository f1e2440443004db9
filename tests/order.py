"""The suite in another order: bin/test --order=4711, the same for the same number.

Files come in any order, and so do the tests of each, which share what is made for
their file. Tests that commit still come last, as pytest-django wants it.
"""

import random

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--order",
        type=int,
        metavar="NUMBER",
        help="shuffle the tests in the order that this number stands for",
    )


# A wrapper comes before pytest-django, which sorts and leaves equals as they are.
@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config, items):
    if config.option.order is not None:
        drawn = random.Random(config.option.order)
        drawn.shuffle(items)
        places = {item.path: drawn.random() for item in items}
        items.sort(key=lambda item: places[item.path])
    return (yield)
