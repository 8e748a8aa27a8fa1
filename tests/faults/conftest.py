"""What these tests share with those on a real Kafka, and the one broker that each worker has."""

import itertools
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kafka"))

from broker import Broker  # noqa: E402
from reader import all_topics  # noqa: E402

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def broker():
    with Broker() as running:
        running.prepare_transactions()
        yield running


@pytest.fixture
def prefix(broker):
    """Topics of the test's own."""
    name = f"faults{next(numbers)}"
    broker.create_topics(all_topics(name))
    return name
