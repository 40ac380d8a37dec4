"""What Zigbee2MQTT publishes for real models, through a real client, over the socket, into a hub:
each model becomes one device, its state shows in the twin, and a command goes out on its topic in
its format. A dozen cases are written out beside this file; more are drawn from
$HEARTH_DATA/zigbee2mqtt-models.ndjson.gz."""

import gzip
import hashlib
import json
import os
import queue
import re
import urllib.parse
from pathlib import Path

import pytest
from hub import eventually

CASES = sorted((Path(__file__).parent / "zigbee2mqtt_cases").glob("*.json"))
DRAWN = 100
# Of these the hub's issue wants at least one model each; `infrared` is one that it does not know.
COMPONENTS = """light switch sensor binary_sensor cover lock climate fan select number button
siren text update infrared""".split()
PICKED = re.compile(r'\{\{ *value_json(?:\["([^"\]]+)"\]|\.(\w+)) *\}\}')


class Bridge:
    """A paho client that publishes as Zigbee2MQTT does, and hears what is asked of its devices."""

    def __init__(self, hub):
        hub.credential("zigbee2mqtt", ["zigbee2mqtt/#", "homeassistant/#"])
        self.asked = queue.Queue()
        self.client = hub.client(client_id="zigbee2mqtt", name="zigbee2mqtt", connect=False)
        self.client.on_message = lambda _, __, message: self.hear(message)
        hub.connect_client(self.client)
        granted = queue.Queue()
        self.client.on_subscribe = lambda *_: granted.put(True)
        self.client.subscribe("zigbee2mqtt/#", 1)
        granted.get(timeout=10)

    def hear(self, message):
        if "/set" in message.topic or "/request/" in message.topic:
            self.asked.put((message.topic, message.payload.decode()))

    def publish(self, topic, payload, retain=False):
        self.client.publish(topic, json.dumps(payload), 1, retain).wait_for_publish(10)

    def announce(self, messages):
        for message in messages:
            self.publish(message["topic"], message["payload"], retain=True)

    def next_asked(self, device=""):
        """(topic, payload) of what is asked next, passing over what is for other devices."""
        while True:
            topic, payload = self.asked.get(timeout=10)
            if device in topic or "/bridge/" in topic:
                return topic, payload


def show(hub, name):
    """The device of that name, or None."""
    status, body = hub.http("GET", "/api/v1/devices/" + urllib.parse.quote(name))
    return json.loads(body) if status == 200 else None


def ask(hub, name, wishes):
    """Sends a command; returns what the hub answers, at once or settled."""
    path = f"/api/v1/devices/{urllib.parse.quote(name)}/commands"
    status, body = hub.http("POST", path, {"set": wishes, "timeout_s": 5})
    assert status in (200, 202), f"{wishes}: {status} {body}"
    return json.loads(body)


def refused(hub):
    _, body = hub.http("GET", "/api/v1/refused")
    return json.loads(body)["refused"]


def same(expected, found):
    """Equal, where "any" stands for whatever is there."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(
            same(expected[key], found[key]) for key in expected
        )
    return expected == "any" or expected == found


def wait_for_twin(hub, expected):
    def twin():
        return show(hub, expected["name"])["reported"]

    try:
        eventually(lambda: same(expected["reported"], twin()))
    except AssertionError:
        assert twin() == expected["reported"]  # shows where they differ
        raise


def as_payload(text):
    """JSON where it is a map, to compare without its spaces; else the text."""
    return json.loads(text) if text.startswith("{") else text


# --- The written-out cases -------------------------------------------------------------------------


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_written_out_case(hub, path):
    case = json.loads(path.read_text())
    expected = case["device"]
    bridge = Bridge(hub)
    bridge.announce(case["discovery"])
    eventually(lambda: (show(hub, expected["name"]) or {}).get("type") == expected["type"])
    assert len(hub.devices()) == 1
    for state in case["states"]:
        bridge.publish(state["topic"], state["payload"])
    wait_for_twin(hub, expected)
    for command in case["commands"]:
        ask(hub, expected["name"], command["set"])
        for message in command["messages"]:
            topic, payload = bridge.next_asked()
            assert (topic, as_payload(payload)) == (message["topic"], message["payload"])
    assert bridge.asked.empty(), "more was asked of the device than was wanted"
    assert hub.json("show", expected["name"])["reported"] == show(hub, expected["name"])["reported"]
    assert refused(hub) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_written_out_case_is_whole(path):
    """No case says that nothing happens."""
    case = json.loads(path.read_text())
    assert case["about"] and case["discovery"] and case["states"] and case["device"]["reported"]


# --- Models drawn from the data ----------------------------------------------------------------------


def name_of(model):
    return f"{model['vendor']} {model['model']}"


def drawn_models():
    """The hundred models whose names' hashes come first, and one more of each component."""
    file = Path(os.environ.get("HEARTH_DATA", "/nonexistent")) / "zigbee2mqtt-models.ndjson.gz"
    if not file.exists():
        pytest.skip("skipped: no data")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        models = [json.loads(line) for line in lines]
    models = [model for model in models if model["discovery"]]
    models.sort(key=lambda model: hashlib.sha256(name_of(model).encode()).hexdigest())
    drawn = {name_of(model): model for model in models[:DRAWN]}
    for component in COMPONENTS:
        having = (model for model in models[DRAWN:] if has(model, component))
        if model := next(having, None):
            drawn[name_of(model)] = model
    return list(drawn.values())


def messages_of(model):
    """Its discovery messages, but those on topics that no client may publish on."""
    return [message for message in model["discovery"] if not set(message["topic"]) & set("+#")]


def has(model, component):
    start = f"homeassistant/{component}/"
    return any(message["topic"].startswith(start) for message in messages_of(model))


def device_name(model):
    return model["discovery"][0]["payload"]["device"]["name"]


def value_of(expose):
    """A value that the range, the words or the kind of an exposed property allows."""
    kind = expose["type"]
    if kind == "numeric":
        if expose.get("property") in ("x", "y"):
            return 0.3
        low = expose.get("value_min", 0)
        high = expose.get("value_max", max(low, 0) + 20)
        return low + (high - low) // 2
    if kind == "composite":
        return {feature["property"]: value_of(feature) for feature in expose["features"]}
    fixed = {"binary": "value_on", "enum": "values"}.get(kind)
    if fixed:
        value = expose[fixed]
        return value[0] if kind == "enum" else value
    return "hello" if kind == "text" else []


def state_of(exposes):
    state = {}
    for expose in exposes:
        if "property" in expose:
            if expose.get("access", 1) & 1:
                state.setdefault(expose["property"], value_of(expose))
        else:
            for key, value in state_of(expose.get("features", [])).items():
                state.setdefault(key, value)
    return state


def picked(payload, state):
    """The values of the state that a component's templates pick; some, None and "unknown" for
    instance, say nothing."""
    for key, template in payload.items():
        if key.endswith("template") and (match := PICKED.fullmatch(str(template).strip())):
            value = state.get(match[1] or match[2])
            if value not in (None, "", "None", "unknown", "unavailable", []):
                yield str(template), value


def compare(device, model, state):
    """(how many values of the state stand in the twin, which of its paths are empty). A part of a
    component that hearth has no word for counts as neither."""
    sources = {(one["discovery"], one.get("template")): one["path"] for one in device["sources"]}
    shown, empty = 0, []
    for message in messages_of(model):
        for template, value in picked(message["payload"], state):
            path = sources.get((message["topic"], template))
            if path is None:
                continue
            capability, _, attribute = path.rpartition(".")
            if attribute in device["reported"].get(capability, {}):
                shown += 1
            else:
                empty.append(f"{path} at {value!r}")
    return shown, empty


def check_state(hub, bridge, model):
    """Tells a state; returns how many of its values the twin shows, once it shows all."""
    name = device_name(model)
    state = state_of(model["exposes"])
    bridge.publish(f"zigbee2mqtt/{name}", state)
    try:
        eventually(lambda: not compare(show(hub, name), model, state)[1])
    except AssertionError:
        assert compare(show(hub, name), model, state)[1] == [], name_of(model)
    return compare(show(hub, name), model, state)[0]


def wish_for(device):
    """One attribute that the device takes, and a value for it: what it is there for comes first."""
    attributes = []
    for capability, content in device["capabilities"].items():
        for attribute, spec in content.items():
            if isinstance(spec, dict) and spec.get("write"):
                aside = capability.rpartition("/")[2] in ("untyped", "button", "color")
                attributes.append((aside, f"{capability}.{attribute}", spec))
    for _, path, spec in sorted(attributes, key=lambda entry: entry[:2]):
        if spec["type"] == "boolean":
            return {path: True}
        if spec.get("options"):
            return {path: spec["options"][0]}
        if spec["type"] == "number":
            return {path: spec.get("max", 1)}
        if spec["type"] == "text":
            return {path: "hello"}
    return None


def command_topics(model):
    return {
        value
        for message in messages_of(model)
        for key, value in message["payload"].items()
        if key.endswith("command_topic") or key == "set_position_topic"
    }


def expected_payload(model, topic, wishes):
    """What the payload must be where a plain component takes the topic; else None."""
    (value,) = wishes.values()
    for message in messages_of(model):
        payload = message["payload"]
        component = message["topic"].split("/")[1]
        if payload.get("command_topic") != topic or "command_template" in payload:
            continue
        if component == "switch":
            return payload["payload_on"]
        if component in ("select", "text"):
            return value
        if component == "button":
            return payload.get("payload_press", "PRESS")
    return None


def check_command(hub, bridge, model, device):
    """Asks one thing of the device; returns whether it takes anything at all."""
    wishes = wish_for(device)
    if wishes is None:
        return False
    ask(hub, device["name"], wishes)
    topic, payload = bridge.next_asked(device["name"])
    about = f"{name_of(model)}: {wishes} went out as {topic} {payload}"
    assert topic in command_topics(model), about
    expected = expected_payload(model, topic, wishes)
    assert payload and (expected is None or payload == str(expected)), about
    return True


def test_models_drawn_from_the_data(hub):
    models = drawn_models()
    bridge = Bridge(hub)
    for model in models:
        bridge.announce(messages_of(model))
    names = {device_name(model) for model in models}
    eventually(lambda: len(hub.devices()) >= len(names), timeout_s=60)
    assert set(hub.devices()) == names, "each model is one device"
    shown = commanded = 0
    for model in models:
        shown += check_state(hub, bridge, model)
        commanded += check_command(hub, bridge, model, show(hub, device_name(model)))
    print(f"{len(models)} models, {shown} values shown, {commanded} models commanded")
    assert shown > len(models) and commanded > len(models) / 3
    assert refused(hub) == []
