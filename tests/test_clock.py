"""The wall clock of a running hub is set, or spring takes an hour out of it: each time of day comes once.

The hub sees the clock of libfaketime, which a file sets; its steady clock is the true one.
"""

import glob
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hub import eventually, is_sanitized


def clock_library():
    """The path of libfaketime, for programs with threads."""
    libraries = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    assert libraries, "libfaketime is missing: scripts/setup --dev installs it"
    return libraries[0]


class FalseClock:
    """What the wall clock of the hub shows, set by its difference to the true one."""

    def __init__(self, file):
        self.file = file

    def set(self, to):
        difference = (to - datetime.now(timezone.utc)).total_seconds()
        replacement = self.file.with_suffix(".new")
        replacement.write_text(f"{difference:+.3f}\n")
        replacement.rename(self.file)  # never read half written

    def environment(self, zone):
        return {
            "LD_PRELOAD": clock_library(),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",  # its name in older versions
            "NO_FAKE_STAT": "1",
            "TZ": zone,
        }


@pytest.fixture
def clock(tmp_path):
    return FalseClock(tmp_path / "clock")


@pytest.fixture
def hub_at(make_hub, program, clock):
    """A hub in a zone whose clock stands at a time."""
    if is_sanitized(program):
        pytest.skip("a sanitizer wants to be the first library")

    def make(zone, at):
        clock.set(at)
        return make_hub(env=clock.environment(zone)).start()

    return make


def tell_at(hub, name, time):
    """A rule that says its name at a time of day."""
    file = hub.data / "rule.yaml"
    file.write_text(f"name: {name}\ntriggers: [{{time: '{time}'}}]\nactions: [{{notify: {name}}}]\n")
    hub.cli("automation", "add", file)


def told(hub):
    """What the rules said, in order."""
    events = hub.json_lines("events", "--json", "--limit", "1000")
    return [event["text"] for event in events if event["kind"] == "notification"]


def hub_time(hub):
    """The wall clock of the hub, by an event that it is led to write: a rule nobody needs is switched."""
    for switch in ("disable", "enable"):
        hub.cli("automation", switch, "idle")
    newest = hub.json_lines("events", "--json", "--limit", "1")[-1]
    return datetime.fromisoformat(newest["time"].replace("Z", "+00:00"))


def test_a_clock_that_is_set_brings_each_time_of_day_once(hub_at, clock):
    noon = datetime(2027, 6, 1, 12, 0, tzinfo=timezone.utc)
    hub = hub_at("UTC", noon - timedelta(minutes=2))
    tell_at(hub, "Idle", "20:00")
    tell_at(hub, "Noon", "12:00")
    tell_at(hub, "Later", "12:01")
    assert told(hub) == []

    clock.set(noon + timedelta(seconds=90))
    eventually(lambda: told(hub) == ["Noon", "Later"], timeout_s=30)

    clock.set(noon - timedelta(seconds=1))
    eventually(lambda: hub_time(hub) > noon + timedelta(seconds=2), timeout_s=30)
    assert told(hub) == ["Noon", "Later"], "set back, it comes to noon again"

    clock.set(noon + timedelta(days=1, seconds=30))
    eventually(lambda: told(hub) == ["Noon", "Later", "Noon"], timeout_s=30)


def test_what_spring_leaves_out_comes_at_the_change_in_order(hub_at):
    change = datetime(2027, 3, 28, 3, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    hub = hub_at("Europe/Berlin", change.astimezone(timezone.utc) - timedelta(seconds=6))
    tell_at(hub, "Idle", "20:00")
    tell_at(hub, "Three", "03:00")
    tell_at(hub, "Half past two", "02:30")
    assert told(hub) == []
    eventually(lambda: len(told(hub)) == 2, timeout_s=30)
    assert hub_time(hub) >= change
    assert told(hub) == ["Half past two", "Three"]
