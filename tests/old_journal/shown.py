"""What a hub shows of what its journal keeps."""

import json

from hub import Wire, mqtt_subscribe

SILENCE_S = 0.5  # after which no more is retained
# Without those of commands: who listens there takes one that waits for somebody.
RETAINED = ("homeassistant/#", "t/#", "+/retained", "+/brief", "+/flood", "+/+/online", "+/will/#",
            "+/revoked/#")


def get(hub, path, **options):
    status, text = hub.http("GET", f"/api/v1{path}", **options)
    assert status in (200, 202), f"{path}: {status} {text}"  # 202: a command that is open
    return json.loads(text)


def events_of(hub):
    """All events that the hub has in memory, oldest first."""
    found = get(hub, "/events?limit=500")["events"]
    while page := get(hub, f"/events?limit=500&before={found[0]['id']}")["events"]:
        found = page + found
    return found


def details(hub, device):
    """A device without its last events, which are compared for themselves."""
    return {key: value for key, value in get(hub, f"/devices/{device}").items() if key != "events"}


def shown(hub):
    """Everything that the API shows of what the journal keeps."""
    events = events_of(hub)
    rules = [each["id"] for each in get(hub, "/automations")]
    runs = [run for rule in rules for run in get(hub, f"/automations/{rule}/runs?limit=100")]
    return {
        "devices": {each["id"]: details(hub, each["id"]) for each in get(hub, "/devices")},
        "left": {each["id"]: each for each in get(hub, "/devices?left=true")},
        "areas": get(hub, "/areas"),
        "events": {str(each["id"]): each for each in events},
        "commands": {str(each["command"]): get(hub, f"/commands/{each['command']}")
                     for each in events if each["kind"] == "command_issued"},
        "automations": {rule: get(hub, f"/automations/{rule}") for rule in rules},
        "versions": {rule: get(hub, f"/automations/{rule}/versions") for rule in rules},
        "runs": {str(run["run"]): run for run in runs},
        "persons": get(hub, "/persons"),
        "sessions": {each["id"]: each for each in get(hub, "/sessions")},
        "tokens": get(hub, "/tokens"),
        "credentials": get(hub, "/credentials"),
    }


def retained(hub, name):
    """What is retained, by topic, as a client of that credential gets it."""
    found = {}
    with Wire(hub) as wire:
        wire.login("looks-at-retained", name)
        for topic in RETAINED:
            wire.send(mqtt_subscribe(topic))
        wire.socket.settimeout(SILENCE_S)
        try:
            while (packet := wire.packet()) is not None:
                if packet[0] & 0xF1 == 0x31:
                    message = publication(*packet)
                    found[message["topic"]] = message["payload"]
        except TimeoutError:
            pass
    return found


def publication(first, body):
    """What stands in a PUBLISH of MQTT 5."""
    qos, length = first >> 1 & 3, int.from_bytes(body[:2], "big")
    rest = body[2 + length:]
    packet_id = int.from_bytes(rest[:2], "big") if qos else 0
    rest = rest[2:] if qos else rest
    return {"qos": qos, "dup": bool(first & 8), "retain": bool(first & 1), "id": packet_id,
            "topic": body[2:2 + length].decode(), "payload": rest[1 + rest[0]:].decode()}
