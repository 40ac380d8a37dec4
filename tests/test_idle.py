"""A hub with nothing to do rests: it wakes up when something is due, not now and then."""

import json
import time

import pytest
from hub import eventually

pytestmark = pytest.mark.alone


def wake_ups(pid):
    """How often the main thread has gone to sleep so far."""
    with open(f"/proc/{pid}/task/{pid}/status", encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status)
    return int(fields["voluntary_ctxt_switches"])


def test_an_idle_hub_wakes_less_than_once_a_second(hub):
    hub.credential("plug", ["plug/#"])
    announcement = {"unique_id": "p", "command_topic": "plug/set", "state_topic": "plug/state",
                    "device": {"identifiers": ["plug"], "name": "Plug"}}
    hub.publish("homeassistant/switch/plug/config", json.dumps(announcement), name="plug",
                retain=True)
    eventually(lambda: len(hub.devices()) == 1)
    seconds = 8
    before = wake_ups(hub.process.pid)
    # A number of wake-ups in a stretch of time: more load on the machine makes fewer of them.
    time.sleep(seconds)
    assert wake_ups(hub.process.pid) - before < seconds
