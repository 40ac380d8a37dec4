"""A device's message becomes a twin, and a command goes back: with real clients, over sockets."""

import json
import subprocess
import threading

from hub import eventually

LAMP = {
    "unique_id": "lamp-1",
    "name": None,
    "schema": "json",
    "brightness": True,
    "state_topic": "lamp/state",
    "command_topic": "lamp/set",
    "availability_topic": "lamp/status",
    "device": {"identifiers": ["lamp-1"], "name": "Lamp", "manufacturer": "Acme"},
}
THERMOMETER = {
    "unique_id": "lamp-1-t",
    "name": "Temperature",
    "device_class": "temperature",
    "unit_of_measurement": "°F",
    "state_topic": "lamp/state",
    "value_template": "{{ value_json.t }}",
    "availability_topic": "lamp/status",
    "device": {"identifiers": ["lamp-1"], "name": "Lamp"},
}


def announce(hub):
    if "lamp" not in hub.passwords:
        hub.credential("lamp")
    hub.publish("homeassistant/light/lamp/config", LAMP, name="lamp", retain=True)
    hub.publish("homeassistant/sensor/lamp/t/config", THERMOMETER, name="lamp", retain=True)
    hub.publish("lamp/status", "online", name="lamp", retain=True)
    return eventually(lambda: hub.devices().get("Lamp"))


def reported(hub):
    return hub.devices()["Lamp"]["reported"]


def test_many_entities_become_one_device_whose_twin_moves(hub):
    announce(hub)
    hub.publish("lamp/state", {"state": "ON", "brightness": 128, "t": 68}, name="lamp")
    twin = eventually(lambda: reported(hub).get("temperature") and reported(hub))
    assert twin["on_off"] == {"on": True}
    assert abs(twin["level"]["percent"] - 50) < 1
    assert abs(twin["temperature"]["celsius"] - 20) < 0.01
    assert len(hub.devices()) == 1


def test_a_reading_of_qos_0_moves_the_twin_too(hub):
    announce(hub)
    hub.publish("lamp/state", {"state": "ON"}, qos=0, name="lamp")
    eventually(lambda: reported(hub).get("on_off") == {"on": True})


def test_a_command_goes_out_and_the_answer_confirms_it(hub):
    device = announce(hub)
    lamp = hub.client(name="lamp")
    lamp.on_message = lambda client, _, message: client.publish("lamp/state", message.payload, 1)
    lamp.subscribe("lamp/set", 1)
    answer = hub.json("set", "Lamp", "on_off.on=true", "level.percent=40")
    assert answer["settlement"] == "confirmed"
    assert hub.devices()["Lamp"]["desired"]["on_off"] == {"on": True}
    events = hub.json_lines("events", "--device", device["id"], "--json")
    issued = next(event for event in events if event["kind"] == "command_issued")
    answered = next(event for event in events if event["kind"] == "attribute_reported")
    settled = next(event for event in events if event["kind"] == "command_settled")
    assert issued["cause"]["via"] == "cli"
    assert answered["cause"] == {"subject": {"kind": "device", "id": device["id"]},
                                 "event": issued["id"]}
    assert settled["cause"]["event"] == answered["id"]
    assert settled["settlement"] == "confirmed"


def test_what_a_device_does_not_answer_is_said_to_be_unanswered(hub):
    announce(hub)
    line = hub.cli("set", "Lamp", "on_off.on=true", "--timeout", "0.5", expect=1)
    assert "got no answer in time" in line
    assert "lamp/set" in line, "says which topic nobody subscribes to"


def test_what_makes_no_sense_is_refused_with_what_would(hub):
    announce(hub)
    assert "0 to 100" in hub.cli("set", "Lamp", "level.percent=400", expect=1)
    assert "hearth show" in hub.cli("set", "Lamp", "no.such=1", expect=1)
    assert "can be read, not set" in hub.cli("set", "Lamp", "temperature.celsius=1", expect=1)
    assert "no device" in hub.cli("set", "Nobody", "on_off.on=true", expect=1)


def test_offline_is_shown_and_survives_a_restart(hub):
    announce(hub)
    assert hub.devices()["Lamp"]["online"]
    hub.publish("lamp/status", "offline", name="lamp", retain=True)
    eventually(lambda: not hub.devices()["Lamp"]["online"])
    hub.restart()
    assert not hub.devices()["Lamp"]["online"]


def test_names_rooms_and_aliases_stay(hub):
    device = announce(hub)
    hub.cli("rename", "Lamp", "Reading lamp")
    hub.cli("move", "Reading lamp", "Study")
    hub.cli("alias", "Reading lamp", "阅读灯", "lampe")
    hub.kill9()
    hub.start()
    shown = hub.json("show", "阅读灯")
    assert (shown["id"], shown["name"], shown["area"]) == (device["id"], "Reading lamp", "Study")
    hub.publish("homeassistant/light/lamp/config", LAMP, name="lamp", retain=True)
    assert hub.json("show", "LAMPE")["name"] == "Reading lamp"


def test_an_empty_config_takes_a_component_away_and_the_last_one_the_device(hub):
    device = announce(hub)
    hub.publish("homeassistant/sensor/lamp/t/config", None, name="lamp", retain=True)
    eventually(lambda: "temperature" not in hub.json("show", "Lamp")["capabilities"])
    hub.publish("homeassistant/light/lamp/config", None, name="lamp", retain=True)
    eventually(lambda: "Lamp" not in hub.devices())
    assert announce(hub)["id"] == device["id"], "it comes back as itself"


def test_a_config_that_was_not_retained_is_known_after_a_restart(hub):
    hub.credential("lamp")
    hub.publish("homeassistant/light/lamp/config", LAMP, name="lamp", retain=False)
    eventually(lambda: hub.devices().get("Lamp"))
    hub.kill9()
    hub.start()
    hub.publish("lamp/state", {"state": "ON"}, name="lamp")
    eventually(lambda: reported(hub).get("on_off") == {"on": True})


def test_devices_are_asked_to_announce_themselves_when_the_hub_comes(hub):
    hub.credential("watcher", ["homeassistant/#"])
    watcher = hub.client("watcher", name="watcher", version=4, clean=False)
    heard = []
    subscribed = threading.Event()
    watcher.on_subscribe = lambda *_: subscribed.set()
    watcher.on_message = lambda _c, _u, message: heard.append(message.payload)
    watcher.subscribe("homeassistant/status", 1)
    assert subscribed.wait(10)
    hub.stop()
    eventually(lambda: b"offline" in heard)


def test_bad_discovery_is_told_and_harms_nothing_else(hub):
    announce(hub)
    for topic, payload in (
        ("homeassistant/light/a/config", "no json"),
        ("homeassistant/light/b/config", {"command_topic": 7}),
        ("homeassistant/sensor/c/config", {"state_topic": "lamp/x", "value_template": "{{ oops"}),
        ("homeassistant/switch/d/config", {"state_topic": "lamp/x"}),
        ("homeassistant/sensor/e/config", {"state_topic": "lamp/x", "unique_id": "e",
                                           "value_template": "{% for a in range(999999999) %}x{% endfor %}"}),
    ):
        hub.publish(topic, payload, name="lamp")
    hub.publish("lamp/x", "1", name="lamp")
    hub.publish("lamp/state", {"state": "ON", "t": "warm"}, name="lamp")
    eventually(lambda: reported(hub).get("on_off") == {"on": True})
    refused = json.dumps(hub.json("refused"))
    for topic in ("light/a/config", "light/b/config", "sensor/c/config", "switch/d/config"):
        assert f"homeassistant/{topic}" in refused, refused
    assert hub.metric("hearth_refused_total") >= 5


def test_follow_shows_events_as_they_come(hub):
    announce(hub)
    child = subprocess.Popen(
        [str(hub.program), "events", "--follow", "--json", "--data", str(hub.data)],
        stdout=subprocess.PIPE, text=True)
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(iter(child.stdout.readline, "")), daemon=True)
    reader.start()
    try:
        eventually(lambda: any("device_joined" in line for line in lines))
        hub.publish("lamp/state", {"state": "ON", "brightness": 3}, name="lamp")
        eventually(lambda: any('"on_off.on":true' in line for line in lines))
    finally:
        child.terminate()
        child.wait()
        reader.join()
    ids = [json.loads(line)["id"] for line in lines]
    assert ids == list(range(ids[0], ids[0] + len(ids)))


WIND = {
    "name": "Mast: wind speed",
    "unique_id": "mast-ws",
    "state_topic": "mast/ws",
    "unit_of_measurement": "km/h",
    "device": {"identifiers": ["mast"], "name": "Mast"},
}


def test_what_the_device_calls_its_attributes_is_shown_beside_their_paths(hub):
    hub.credential("mast")
    hub.publish("homeassistant/sensor/mast/ws/config", WIND, name="mast", retain=True)
    eventually(lambda: hub.devices().get("Mast"))
    hub.publish("mast/ws", "12", name="mast")
    eventually(lambda: hub.devices()["Mast"]["reported"].get("untyped"))
    assert hub.devices()["Mast"]["labels"] == {"untyped.ws": "Wind speed"}
    details = hub.json("show", "Mast")
    assert details["capabilities"]["untyped"]["ws"]["label"] == "Wind speed"
    shown = [line.strip() for line in hub.cli("show", "Mast").splitlines()]
    assert "untyped.ws = 12 km/h  [read only]  Wind speed" in shown
    hub.kill9()
    hub.start()
    assert hub.devices()["Mast"]["labels"] == {"untyped.ws": "Wind speed"}
