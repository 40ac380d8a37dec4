"""Templates that cost much hurt their own publisher: while one credential's messages are read by
thousands of dear ones, another's round trip stays what it was. See template_budget.h."""

import json
import statistics
import threading
import time

import pytest
from hub import Wire, eventually, is_sanitized, mqtt_publish, mqtt_subscribe

pytestmark = pytest.mark.alone

DEAR = "{{ (value*1300) | regex_findall('(a|b|c|d)+x') }}"
CONFIGS = 8
SENSORS = 400  # of each; 1,000 do the same harm, and take longer to announce


@pytest.fixture(name="hub")
def real_hub(hub, program):
    """Times are no times under a sanitizer."""
    if is_sanitized(program):
        pytest.skip("it looks at how long answers take")
    return hub


def announce_bomb(hub, distinct):
    """Sensors that all read bomb/all; with a template of its own each where they are `distinct`."""
    for config in range(CONFIGS):
        sensors = {
            f"s{number}": {"p": "sensor", "state_topic": "bomb/all", "unique_id": f"{config}-{number}",
                           "value_template": DEAR + (f"{{# {config} {number} #}}" if distinct else "")}
            for number in range(SENSORS)
        }
        hub.publish(f"homeassistant/device/bomb/c{config}/config",
                    {"device": {"ids": f"bomb {config}"}, "o": {"name": "bomb"}, "cmps": sensors},
                    name="bomb", retain=True)
    eventually(lambda: len(hub.devices()) == CONFIGS + 1)


class Good:
    """A lamp of another credential, and who waits for its word."""

    def __init__(self, hub):
        self.hub = hub
        hub.credential("good")
        hub.publish("homeassistant/light/good/config",
                    {"name": None, "command_topic": "good/set", "state_topic": "good/state",
                     "device": {"ids": "good", "name": "Good lamp"}}, name="good", retain=True)
        eventually(lambda: "Good lamp" in hub.devices())

    def round_trips(self, count):
        """Seconds from a PUBLISH until it comes back, which the hub does after its devices heard."""
        times = []
        with Wire(self.hub) as wire:
            assert wire.login("good client", "good") == (0, 0)
            wire.send(mqtt_subscribe("good/state")).expect(0x90)
            for number in range(count):
                begin = time.monotonic()
                wire.send(mqtt_publish("good/state", b"ON" if number % 2 else b"OFF")).expect(0x30)
                times.append(time.monotonic() - begin)
                time.sleep(0.005)
        return times

    def is_on(self):
        return self.hub.json("show", "Good lamp")["reported"]["on_off"]["on"]


def p99(times):
    return statistics.quantiles(times, n=100)[98]


class Bomber:
    """Publishes what the dear templates read, as fast as it is read."""

    def __init__(self, hub):
        self.wire = Wire(hub)
        assert self.wire.login("bomber", "bomb") == (0, 0)
        self.ended = threading.Event()
        self.sent = 0
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ended.is_set():
            self.wire.send(mqtt_publish("bomb/all", b"a" * 3000, 1)).packet()
            self.sent += 1

    def end(self):
        self.ended.set()
        self.thread.join(60)
        with self.wire:
            pass


@pytest.mark.parametrize("distinct", [False, True], ids=["one template", "a template each"])
def test_anothers_round_trip_stays_what_it_was(hub, distinct):
    hub.credential("bomb")
    good = Good(hub)
    announce_bomb(hub, distinct)
    quiet = p99(good.round_trips(200))
    bomber = Bomber(hub)
    eventually(lambda: bomber.sent > 0, timeout_s=60)
    loud = p99(good.round_trips(200))
    begin = time.monotonic()
    assert hub.http("GET", "/api/v1/devices")[0] == 200
    answered = time.monotonic() - begin
    bomber.end()
    assert bomber.sent > 20
    assert loud < max(2 * quiet, 0.05), (quiet, loud)
    assert answered < 1
    good.hub.publish("good/state", "ON", name="good")
    assert good.is_on()
    told = [row for row in hub.json("refused") if "credential bomb" in row["why"]]
    assert 1 <= len(told) < 5, told
    assert "steps" in told[0]["why"]


def test_a_retained_bomb_does_not_hold_up_the_next_start(hub):
    hub.credential("bomb")
    Good(hub)
    announce_bomb(hub, distinct=True)
    hub.publish("bomb/all", "a" * 3000, name="bomb", retain=True)
    hub.stop()
    begin = time.monotonic()
    hub.start()
    assert json.loads(hub.http("GET", "/api/v1/devices")[1])
    assert time.monotonic() - begin < 3
    eventually(lambda: [row for row in hub.json("refused") if "templates" in row["why"]])
