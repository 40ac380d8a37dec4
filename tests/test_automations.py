"""Rules of a running hub: from a sensor's message to the light's command, over sockets, by the
command line and the API; what they say of themselves, and what is refused."""

import json
import time

import pytest
from hub import eventually

MOTION = {
    "unique_id": "motion-1",
    "name": None,
    "device_class": "occupancy",
    "state_topic": "home/motion",
    "device": {"identifiers": ["motion-1"], "name": "Motion"},
}
LIGHT = {
    "unique_id": "light-1",
    "name": None,
    "state_topic": "home/light",
    "command_topic": "home/light/set",
    "device": {"identifiers": ["light-1"], "name": "Light"},
}
SEEN = "{device: Motion, attribute: occupancy.occupied, to: true}"
GONE = "{device: Motion, attribute: occupancy.occupied, to: false}"


def switch(on):
    return "{device: Light, set: {on_off.on: %s}}" % ("true" if on else "false")


def rule(name, trigger, *actions, more=""):
    return f"name: {name}\n{more}\ntriggers: [{trigger}]\nactions: [{', '.join(actions)}]\n"


@pytest.fixture
def house(hub):
    """A hub with a motion sensor and a light."""
    hub.credential("dev", ["home/#"])
    hub.publish("homeassistant/binary_sensor/motion/config", MOTION, name="dev", retain=True)
    hub.publish("homeassistant/light/light/config", LIGHT, name="dev", retain=True)
    eventually(lambda: {"Motion", "Light"} <= hub.devices().keys())
    see(hub, False)
    eventually(lambda: hub.devices()["Motion"]["reported"].get("occupancy"))
    return hub


def see(hub, somebody):
    hub.publish("home/motion", "ON" if somebody else "OFF", name="dev")


def add(hub, text, expect=0):
    file = hub.data / "rule.yaml"
    file.write_text(text)
    return hub.cli("automation", "add", file, expect=expect)


def traces(hub, name):
    return hub.json("trace", name, "-n", "100")


def newest(hub, name, state=None):
    """The newest trace, once it has that state."""

    def look():
        runs = traces(hub, name)
        return runs and (state is None or runs[0]["state"] == state) and runs[0]

    return eventually(look)


def events(hub, kind):
    found, since = [], 0
    while True:
        page = hub.json_lines("events", "--json", "--limit", "1000", "--since", since)
        page = [event for event in page if event["id"] > since]
        if not page:
            return [event for event in found if event["kind"] == kind]
        found += page
        since = page[-1]["id"]


def listed(hub):
    return {each["id"]: each for each in hub.json("automations")}


def call(hub, method, path, body=None):
    status, text = hub.http(method, f"/api/v1/automations{path}", body)
    return status, json.loads(text) if text else None


def test_a_sensors_message_becomes_a_lights_command(house):
    assert add(house, rule("Walk", SEEN, switch(True))).startswith("added walk: Walk")
    light = house.subscribe("home/light/set", name="dev")
    see(house, True)
    assert light.next_message() == ("home/light/set", "ON")
    run = newest(house, "Walk", "waiting")
    assert run["trigger"]["to"] is True and run["trigger"]["from"] is False
    assert [step["state"] for step in run["steps"]] == ["waiting"]
    assert "waiting for 1 answer" in house.cli("automations")
    house.publish("home/light", "ON", name="dev")
    run = newest(house, "Walk", "finished")
    assert [(step["step"], step["state"]) for step in run["steps"]] == [("1", "done")]
    trigger = run["trigger"]["event"]
    issued = events(house, "command_issued")[-1]
    assert issued["cause"] == {"subject": {"kind": "automation", "id": "walk"},
                               "via": "rule", "event": trigger}
    shown = house.cli("trace", "walk")
    assert "because: Motion occupancy.occupied becomes true" in shown
    (step,) = [line.split() for line in shown.splitlines() if "Light: on_off.on = true" in line]
    assert step[0] == "1" and step[2] == "done"


def test_a_notification_is_an_event_with_its_cause(house):
    add(house, rule("Tell", SEEN, '{notify: "{{ 1 + 1 }} shoes"}'))
    see(house, True)
    run = newest(house, "tell", "finished")
    told = events(house, "notification")[-1]
    assert told["text"] == "2 shoes"
    assert told["cause"] == {"subject": {"kind": "automation", "id": "tell"},
                             "via": "rule", "event": run["trigger"]["event"]}
    assert (told["run"], told["step"]) == (run["run"], "1")


def test_a_condition_that_does_not_hold_stops_the_run_and_shows_its_operands(house):
    night = "conditions: [{device: Motion, attribute: occupancy.occupied, is: false}]"
    add(house, rule("Never", SEEN, switch(True), more=night))
    see(house, True)
    run = newest(house, "never", "not_met")
    assert run["steps"] == [] and run["conditions"][0]["result"] is False
    assert True in run["conditions"][0]["operands"].values()
    assert not events(house, "command_issued")


def test_held_for_counts_only_what_stays(house):
    held = GONE.replace("}", ", for: 1s}")
    add(house, rule("Still", held, "{notify: still}"))
    see(house, True)
    see(house, False)
    see(house, True)  # broken off
    see(house, False)
    run = newest(house, "still", "finished")
    began = [e for e in events(house, "attribute_reported") if e["id"] == run["trigger"]["event"]]
    assert began and len(traces(house, "still")) == 1, "the stay that was broken off did not count"


def test_mode_restart_begins_anew_and_mode_single_goes_on(house):
    wait = ("{delay: 1s}", "{notify: over}")
    add(house, rule("Again", SEEN, *wait, more="mode: restart"))
    add(house, rule("Once", SEEN, *wait, more="mode: single"))
    for somebody in (True, False, True):
        see(house, somebody)
    newest(house, "again", "finished")
    newest(house, "once", "finished")
    assert [run["state"] for run in traces(house, "again")] == ["finished", "restarted"]
    (once,) = traces(house, "once")
    assert once["ignored"]["count"] == 1
    told = [event["cause"]["subject"]["id"] for event in events(house, "notification")]
    assert sorted(told) == ["again", "once"]


def test_a_pending_delay_survives_kill_9_and_goes_on_with_what_remains(house):
    add(house, rule("Later", SEEN, switch(True), "{delay: 3s}", switch(False)))
    see(house, True)
    eventually(lambda: len(newest(house, "later")["steps"]) == 2)
    until = newest(house, "later")["steps"][1]["until"]
    house.kill9()
    house.start()
    light = house.subscribe("home/light/set", name="dev")
    assert newest(house, "later")["steps"][1]["until"] == until
    eventually(lambda: any(light.next_message() == ("home/light/set", "OFF") for _ in range(3)))
    run = newest(house, "later", "waiting")  # nobody answers
    assert run["steps"][1]["until"] == until
    assert run["steps"][2]["time"] >= until, "not before its time"
    asked = [event["cause"]["subject"]["id"] for event in events(house, "command_issued")]
    assert asked == ["later", "later"], "each action once"


def test_rules_versions_and_traces_survive_a_restart(house):
    add(house, rule("Walk", SEEN, "{notify: one}"))
    see(house, True)
    newest(house, "walk", "finished")
    before = house.json("automations"), traces(house, "walk")
    house.restart()
    assert (house.json("automations"), traces(house, "walk")) == before
    see(house, False)
    see(house, True)
    eventually(lambda: len(traces(house, "walk")) == 2)


def test_by_hand_disabled_enabled_and_removed(house):
    add(house, rule("Walk", SEEN, "{notify: hello}"))
    house.cli("run", "Walk")
    assert newest(house, "walk", "finished")["cause"]["via"] == "cli"
    house.cli("automation", "disable", "walk")
    add(house, rule("Other", SEEN, "{notify: hello}"))
    see(house, True)
    newest(house, "other", "finished")
    assert listed(house)["walk"]["state"] == "disabled" and len(traces(house, "walk")) == 1
    house.cli("automation", "enable", "walk")
    see(house, False)
    see(house, True)
    eventually(lambda: len(traces(house, "walk")) == 2)
    house.cli("automation", "remove", "walk")
    assert "walk" not in listed(house)
    assert "walk" in house.cli("trace", "walk", expect=1)


def test_the_api_keeps_every_version(house):
    first = {"name": "Walk", "actions": [{"notify": "one"}]}
    second = {**first, "actions": [{"notify": "two"}]}
    status, made = call(house, "POST", "", first)
    assert (status, made["id"], made["version"]) == (201, "walk", 1)
    assert call(house, "PUT", "/walk", second)[1]["version"] == 2
    assert call(house, "PUT", "/walk", second)[1]["version"] == 2, "the same again is no version"
    _, versions = call(house, "GET", "/walk/versions")
    assert [each["version"] for each in versions] == [2, 1]
    assert versions[1]["definition"]["actions"] == first["actions"]
    status, run = call(house, "POST", "/walk/run")
    assert status == 202
    eventually(lambda: call(house, "GET", "/walk/runs")[1][0]["state"] == "finished")
    _, text = house.http("GET", f"/api/v1/runs/{run['run']}")
    assert json.loads(text)["version"] == 2
    assert call(house, "PATCH", "/walk", {"enabled": False})[1]["state"] == "disabled"
    assert call(house, "POST", "", first)[0] == 409, "the name is taken"
    assert call(house, "DELETE", "/walk")[0] in (200, 204)
    assert call(house, "GET", "/walk")[0] == 404


BAD = {
    "an unknown device": (rule("X", SEEN.replace("Motion", "Nobody"), switch(True)), "Nobody"),
    "above on a boolean": (rule("X", SEEN.replace("to: true", "above: 1"), switch(True)),
                           "need a number; occupancy.occupied is a boolean"),
    "an unknown key": (rule("X", SEEN, switch(True), more="mdoe: single"), 'unknown key "mdoe"'),
    "one that triggers itself": (
        rule("X", "{device: Light, attribute: on_off.on, to: true}", switch(True)),
        "trigger itself"),
    "broken YAML": ("name: [X\nactions: }", "rule.yaml: "),
    "an attribute that is only read": (
        rule("X", SEEN, "{device: Motion, set: {occupancy.occupied: true}}"), "can be read, not"),
    "no action": ("name: X", "actions"),
    "a sentence": ("turn on the light", "rule.yaml: no automation"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_makes_no_sense_is_refused_in_one_line(house, what):
    text, why = BAD[what]
    line = add(house, text, expect=1)
    assert why in line and line.count("\n") == 1, line
    assert listed(house) == {}
    add(house, rule("Good", SEEN, "{notify: fine}"))
    see(house, True)
    newest(house, "good", "finished")


def test_two_rules_that_trigger_each_other_without_end_are_set_aside(house):
    light = "{device: Light, attribute: on_off.on, to: %s}"
    add(house, rule("Ping", light % "true", switch(False)))
    add(house, rule("Pong", light % "false", switch(True)))
    add(house, rule("Good", SEEN, "{notify: fine}"))
    lamp = house.client(name="dev")
    lamp.on_message = lambda client, _, m: client.publish("home/light", m.payload, 1)
    lamp.subscribe("home/light/set", 1)
    lamp.publish("home/light", "ON", 1)

    def aside():
        return [each for each in listed(house).values() if each["state"] == "set_aside"]

    (one,) = eventually(aside)
    assert one["id"] in ("ping", "pong") and one["detail"] and "\n" not in one["detail"]
    assert one["detail"] in house.cli("automations")
    see(house, True)
    newest(house, "good", "finished")


@pytest.mark.timeout(120)
def test_a_thousand_rules_on_one_trigger_each_run_once(house):
    add(house, "\n".join(f"- {{name: R{n}, triggers: [{SEEN}], actions: [{{notify: n{n}}}]}}"
                         for n in range(1000)))
    began = time.monotonic()
    see(house, True)

    def all_ran():
        runs = [each.get("last_run") for each in house.json("automations")]
        return all(run and run["state"] == "finished" for run in runs)

    eventually(all_ran, timeout_s=60, every_s=0.2)
    print(f"1,000 rules ran in {time.monotonic() - began:.1f} s")
    records = house.json_lines("journal", "cat")
    told = [record["text"] for record in records if record.get("kind") == "notification"]
    assert sorted(told) == sorted(f"n{n}" for n in range(1000))


def test_a_run_whose_device_does_not_answer_has_failed(house):
    add(house, rule("Walk", SEEN, switch(True), "{notify: hello}"))
    see(house, True)
    run = newest(house, "walk", "waiting")
    assert (run["steps_total"], run["steps_failed"], run["steps_unanswered"]) == (2, 0, 1)
    eventually(lambda: traces(house, "walk")[0]["state"] == "failed", timeout_s=20)
    last = listed(house)["walk"]["last_run"]
    assert (last["state"], last["steps_total"], last["steps_failed"]) == ("failed", 2, 1)
    assert [event["state"] for event in events(house, "automation_run")] == ["started", "failed"]
    assert "failed: 1 of 2 steps" in house.cli("automations")


def test_held_for_that_came_due_while_hearth_was_down_waits_for_the_devices_word(house):
    held = GONE.replace("}", ", for: 2s}")
    add(house, rule("Still", held, "{notify: still}"))
    add(house, rule("Fence", SEEN, "{notify: fence}"))
    for back in (True, False):
        see(house, True)
        eventually(lambda: house.devices()["Motion"]["reported"]["occupancy"]["occupied"])
        house.publish("home/motion", "OFF", name="dev", retain=True)
        eventually(lambda: not house.devices()["Motion"]["reported"]["occupancy"]["occupied"])
        house.kill9()
        time.sleep(2.5)  # its time comes meanwhile
        house.start()
        told = len(events(house, "notification"))
        if back:  # it was otherwise meanwhile
            see(house, True)
            eventually(lambda: len(events(house, "notification")) == told + 1)
            assert events(house, "notification")[-1]["text"] == "fence"
            assert traces(house, "still") == []
        else:
            see(house, False)
            eventually(lambda: events(house, "notification")[-1]["text"] == "still")


def test_held_for_takes_up_what_holds_already(house):
    see(house, True)
    held = SEEN.replace("}", ", for: 2s}")
    add(house, rule("Open", held, "{notify: open}"))
    house.cli("automation", "disable", "open")
    house.cli("automation", "enable", "open")
    newest(house, "open", "finished")


def test_mirrors_follow_a_hand_that_flips_again_and_again(house):
    house.publish("homeassistant/switch/plug/config", {
        "unique_id": "plug-1", "name": None, "state_topic": "home/plug",
        "command_topic": "home/plug/set",
        "device": {"identifiers": ["plug-1"], "name": "Plug"}}, name="dev", retain=True)
    eventually(lambda: "Plug" in house.devices())
    follow = ("{device: %s, attribute: on_off.on}", "{device: %s, set: {on_off.on: '{{ trigger.to }}'}}")
    add(house, rule("One", follow[0] % "Light", follow[1] % "Plug"))
    add(house, rule("Two", follow[0] % "Plug", follow[1] % "Light"))
    plug = house.client(name="dev")
    plug.on_message = lambda client, _, m: client.publish("home/plug", m.payload, 1)
    plug.subscribe("home/plug/set", 1)

    def plug_is(on):
        return house.devices()["Plug"]["reported"].get("on_off", {}).get("on") is on

    for flip in range(16):
        on = flip % 2 == 0
        plug.publish("home/light", "ON" if on else "OFF", 1)
        eventually(lambda: plug_is(on))
    assert {each["state"] for each in listed(house).values()} == {"enabled"}


def test_the_value_of_a_device_that_is_offline_does_not_hold(house):
    house.publish("homeassistant/sensor/probe/config", {
        "unique_id": "probe-1", "name": None, "device_class": "temperature",
        "unit_of_measurement": "°C", "state_topic": "home/probe",
        "availability_topic": "home/probe/online",
        "device": {"identifiers": ["probe-1"], "name": "Probe"}}, name="dev", retain=True)
    eventually(lambda: "Probe" in house.devices())
    house.publish("home/probe/online", "online", name="dev")
    house.publish("home/probe", "25", name="dev")
    eventually(lambda: house.devices()["Probe"]["reported"].get("temperature"))
    warm = "{device: Probe, attribute: temperature.celsius, above: 20}"
    add(house, rule("Warm", SEEN, "{notify: warm}", more=f"conditions: [{warm}]"))
    add(house, rule("Gone", SEEN, "{notify: gone}",
                    more="conditions: [{device: Probe, online: false}]"))
    house.publish("home/probe/online", "offline", name="dev")
    eventually(lambda: not house.devices()["Probe"]["online"])
    see(house, True)
    newest(house, "gone", "finished")
    run = newest(house, "warm", "not_met")
    assert run["conditions"][0]["error"].startswith("Probe is offline since 20")
    assert "Probe is offline since 20" in house.cli("trace", "warm")


@pytest.mark.timeout(120)
def test_a_storm_on_one_attribute_takes_nobody_elses_turn(house):
    house.publish("homeassistant/sensor/storm/config", {
        "unique_id": "storm-1", "name": None, "device_class": "temperature",
        "unit_of_measurement": "°C", "state_topic": "home/storm",
        "device": {"identifiers": ["storm-1"], "name": "Storm"}}, name="dev", retain=True)
    eventually(lambda: "Storm" in house.devices())
    trigger = "{device: Storm, attribute: temperature.celsius, event: reported}"
    add(house, "\n".join(f"- {{name: R{n}, triggers: [{trigger}], actions: [{{notify: n}}]}}"
                         for n in range(500)))
    add(house, rule("Quiet", SEEN, "{notify: quiet}"))
    sender = house.client(name="dev")
    for n in range(1000):
        sender.publish("home/storm", str(n), 0)
    sender.publish("home/motion", "ON", 1)
    slowest = 0.0
    while not traces(house, "quiet"):
        began = time.monotonic()
        house.http("GET", "/api/v1/status")
        slowest = max(slowest, time.monotonic() - began)
    print(f"the slowest answer in the storm took {slowest:.2f} s")
    lost = eventually(lambda: listed(house)["r0"].get("lost"))
    assert lost["count"] > 0
    eventually(lambda: "found no place to wait" in house.cli("refused"), timeout_s=60)
