"""kill -9 at random moments while a rule with delays runs again and again: each action of each run
that was triggered happens exactly once.

HEARTH_RULE_KILLS says how many times the hub is killed (100), HEARTH_KILL_SEED repeats a run's
moments.
"""

import os
import random
import time

import pytest
from hub import eventually
from test_kill9 import free_port

KILLS = int(os.environ.get("HEARTH_RULE_KILLS", "100"))
SEED = int(os.environ.get("HEARTH_KILL_SEED", str(random.randrange(1 << 30))))
LIFE_S = 0.4  # longest life of a hub after it was triggered: more than a run takes

LAMP = {
    "unique_id": "lamp-1",
    "name": None,
    "schema": "json",
    "brightness": True,
    "state_topic": "dev/lamp",
    "command_topic": "dev/lamp/set",
    "device": {"identifiers": ["lamp-1"], "name": "Lamp"},
}
COUNTER = {
    "unique_id": "count-1",
    "name": "Temperature",
    "device_class": "temperature",
    "unit_of_measurement": "°C",
    "state_topic": "dev/count",
    "device": {"identifiers": ["count-1"], "name": "Counter"},
}
RULE = """
name: Steps
mode: single
triggers: [{device: Counter, attribute: temperature.celsius}]
actions:
  - {device: Lamp, set: {on_off.on: true}}
  - {delay: 100ms}
  - {device: Lamp, set: {level.percent: 30}}
  - {delay: 150ms}
  - {device: Lamp, set: {on_off.on: false}}
  - {notify: the end}
"""
WHOLE = ["command_issued"] * 3 + ["notification"]  # what a run does


def look(hub, events):
    """Adds the newest events, by id; what had not reached the disk before a kill is replaced."""
    since = max(max(events, default=0) - 100, 0)
    for event in [each for each in events if each > since]:
        del events[event]
    while page := hub.json_lines("events", "--json", "--limit", "1000", "--since", since):
        events.update((event["id"], event) for event in page)
        since = page[-1]["id"]


def idle(hub):
    return all(not each["running"] for each in hub.json("automations"))


def check(events, counter):
    """Every reading has begun one run, and each of its actions was done once and in order."""
    done = {event["id"]: [] for event in events.values()
            if event["kind"] == "attribute_reported" and event["device"] == counter}
    for event in sorted(events.values(), key=lambda each: each["id"]):
        if event["kind"] in ("command_issued", "notification"):
            assert event["cause"]["via"] == "rule"
            done[event["cause"]["event"]].append(event["kind"])
    wrong = {reading: acts for reading, acts in done.items() if acts != WHOLE}
    assert not wrong, f"not each action once, by reading: {wrong}"
    return len(done)


@pytest.mark.timeout(300 + 3 * KILLS)
def test_each_action_of_a_run_happens_exactly_once(make_hub):
    chance = random.Random(SEED)
    hub = make_hub("--mqtt", f"127.0.0.1:{free_port()}").start()
    hub.credential("dev", ["dev/#"])
    hub.publish("homeassistant/light/lamp/config", LAMP, name="dev", retain=True)
    hub.publish("homeassistant/sensor/count/config", COUNTER, name="dev", retain=True)
    counter = eventually(lambda: hub.devices().get("Counter"))["id"]
    eventually(lambda: hub.devices().get("Lamp"))
    file = hub.data / "rule.yaml"
    file.write_text(RULE)
    hub.cli("automation", "add", file)
    kill, events = 0, {}
    try:
        for kill in range(1, KILLS + 1):
            if chance.random() < 0.75:  # else it dies again in the same run
                eventually(lambda: idle(hub))
                look(hub, events)
                hub.publish("dev/count", str(kill), name="dev")
            time.sleep(chance.uniform(0, LIFE_S))
            hub.kill9()
            hub.start()
        eventually(lambda: idle(hub))
        look(hub, events)
        runs = check(events, counter)
        assert runs >= KILLS // 2, "most readings were kept: they were acknowledged"
    except BaseException:
        print(f"seed {SEED}, kill {kill}")
        raise
    print(f"{KILLS} kills, seed {SEED}: {runs} runs, each action once")
