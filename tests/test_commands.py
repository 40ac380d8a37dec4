"""What became of a command, from outside: who waits hears it, a key stands for one request, what moves
is not late, and what has left can be forgotten."""

import json
import threading
from pathlib import Path

import pytest
from hub import eventually

DEMO = Path(__file__).resolve().parent.parent / "homes/demo.yaml"
WAITERS = 12
EACH = 25


def lamp(number):
    return {"unique_id": f"l{number}", "name": None, "command_topic": f"l{number}/set",
            "state_topic": f"l{number}/state",
            "device": {"identifiers": [f"l{number}"], "name": f"Lamp {number}"}}


@pytest.fixture
def lamps(make_hub):
    """A hub with twelve lamps that a client of its own plays: each tells what it was asked."""
    hub = make_hub("--anonymous").start()
    player = hub.client()
    player.on_message = lambda client, _, message: client.publish(
        message.topic.replace("/set", "/state"), message.payload, qos=1)
    player.subscribe("+/set", qos=1)
    for number in range(WAITERS):
        player.publish(f"homeassistant/switch/l{number}/config", json.dumps(lamp(number)), qos=1,
                       retain=True)
    eventually(lambda: len(hub.devices()) == WAITERS)
    return hub


def command(hub, device, on, query="", body=None, headers=None, token=True):
    path = f"/api/v1/devices/{device.replace(' ', '%20')}/commands{query}"
    return hub.http("POST", path, {"set": {"on_off.on": on}, **(body or {})}, headers, token)


@pytest.mark.parametrize("query, body", [("?wait_s=5", {}), ("", {"wait_s": 5})])
def test_whoever_waits_hears_the_settlement_also_when_many_do(lamps, query, body):
    answers = []

    def wait(number):
        for turn in range(EACH):
            answers.append(command(lamps, f"Lamp {number}", turn % 2 == 0, query, body))

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(WAITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fates = [(status, json.loads(text)["settlement"]) for status, text in answers]
    assert fates == [(200, "confirmed")] * (WAITERS * EACH)


def test_a_key_stands_for_one_request_of_one_caller(lamps):
    key = {"Idempotency-Key": "k1"}
    status, text = command(lamps, "Lamp 1", True, "?wait_s=5", headers=key)
    assert status == 200
    first = json.loads(text)["command"]
    again = command(lamps, "Lamp 1", True, headers=key)
    assert json.loads(again[1]) == {"command": first, "settlement": "confirmed", "detail": ""}
    for device, on in (("Lamp 1", False), ("Lamp 2", True)):
        status, text = command(lamps, device, on, headers=key)
        problem = json.loads(text)
        assert status == 422
        assert problem["code"] == "conflict"
        assert problem["status"] == 422
        assert "send a new key" in problem["detail"]
    for name in ("one", "two"):
        secret = json.loads(lamps.http("POST", "/api/v1/tokens", {"name": name})[1])["token"]
        headers = {**key, "Authorization": f"Bearer {secret}"}
        done = json.loads(command(lamps, "Lamp 2", True, headers=headers, token=False)[1])
        assert done["command"] != first
    lamps.kill9()
    lamps.start()
    after = json.loads(command(lamps, "Lamp 1", True, headers=key)[1])
    assert after["command"] == first
    assert command(lamps, "Lamp 1", False, headers=key)[0] == 422


def test_what_moves_is_not_late(make_hub):
    """The demo's curtain takes longer than the deadline, and the lock a second or two."""
    hub = make_hub("--home", DEMO, "--set", "home.command_timeout=2s").start()
    simulator = hub.simulate(DEMO)
    assert simulator.next_line(30).startswith("simulating 8 devices")
    eventually(lambda: len(hub.devices()) == 8)
    eventually(lambda: "position" in hub.devices()["Bedroom curtain"]["reported"].get("cover", {}))
    stands = hub.devices()["Bedroom curtain"]["reported"]["cover"]["position"]
    goal = 0 if stands > 50 else 100
    status, text = hub.http("POST", "/api/v1/devices/Bedroom%20curtain/commands?wait_s=0",
                            {"set": {"cover.position": goal}})
    assert status == 202
    path = f"/api/v1/commands/{json.loads(text)['command']}"

    def fate():
        return json.loads(hub.http("GET", path)[1])

    eventually(lambda: fate().get("under_way"))
    assert hub.devices()["Bedroom curtain"]["under_way"] == ["cover.position"]
    eventually(lambda: fate()["settlement"] is not None, 60)
    assert fate()["settlement"] == "confirmed"
    assert hub.devices()["Bedroom curtain"]["reported"]["cover"]["position"] == goal
    events = hub.json_lines("events", "--limit", "1000", "--json")
    told = [event["under_way"] for event in events if event["kind"] == "command_under_way"]
    assert told[0] is True


def test_what_has_left_is_forgotten_and_what_is_there_is_not(lamps):
    lamps.cli("move", "Lamp 3", "Study")
    complaint = lamps.cli("forget", "Lamp 3", expect=1)
    assert "would come back" in complaint or complaint == ""
    assert "Lamp 3" in lamps.devices()
    lamps.publish("homeassistant/switch/l3/config", None, retain=True)
    eventually(lambda: "Lamp 3" not in lamps.devices())
    assert [one["name"] for one in lamps.json("devices", "--left")] == ["Lamp 3"]
    assert lamps.cli("forget", "lamp 3").strip() == "forgotten"
    assert lamps.json("devices", "--left") == []
    lamps.cli("forget", "Lamp 3", expect=1)
    lamps.publish("homeassistant/switch/l3/config", lamp(3), retain=True)
    stranger = eventually(lambda: lamps.devices().get("Lamp 3"))
    assert stranger["area"] is None
    lamps.restart()
    assert lamps.json("devices", "--left") == []
    assert [one["name"] for one in lamps.json("area", "list")] == ["Study"]
    assert lamps.cli("area", "remove", "study").strip() == "removed"
    assert lamps.json("area", "list") == []
