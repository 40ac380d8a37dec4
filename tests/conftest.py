"""What every test of the whole program gets; see hub.py."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hub import Hub, program_path  # noqa: E402 (the path above comes first)


@pytest.fixture(scope="session")
def program():
    """The path of the program under test. That it is not there is a failure, never a skip."""
    try:
        return program_path()
    except AssertionError as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
def make_hub(request, program, tmp_path):
    """Makes a hub that does not run yet: make_hub("--anonymous").start(). Called twice, it makes two
    hubs with a folder each. They end with the test."""
    request.node.hubs = hubs = []

    def make(*arguments, data=None, env=None):
        folder = data or tmp_path / f"data{len(hubs) or ''}"
        hub = Hub(folder, *arguments, program=program, env=env)
        hubs.append(hub)
        return hub

    yield make
    faults = []
    for hub in hubs:
        try:
            hub.close()
        except AssertionError as fault:
            faults.append(str(fault))
    assert not faults, "\n".join(faults)


@pytest.fixture
def hub(make_hub):
    """A running hub with an empty home."""
    return make_hub().start()


def pytest_configure(config):
    config.addinivalue_line("markers", "alone: measures, so nothing else runs beside it")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Shows what the hub said beside a test that failed."""
    report = (yield).get_result()
    if report.failed:
        for hub in getattr(item, "hubs", []):
            report.sections.append((f"hub in {hub.data}", hub.log()))
