"""One board with real figures for all tests that leave it as it is."""

import pytest
from boarded import Boarded


@pytest.fixture(scope="session")
def boarded(tmp_path_factory):
    """A board that shows all the inputs of boarded.py."""
    with Boarded(tmp_path_factory.mktemp("boarded")) as running:
        yield running.feed_all()


@pytest.fixture(scope="session")
def oracle(boarded):
    """What it should answer, from `kf compute` of the same inputs."""
    return boarded.oracle()
