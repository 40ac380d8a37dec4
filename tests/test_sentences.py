"""`hearth say` in three languages in the demo home: the devices move, the reply is in the language
of the sentence, and what is not understood or makes no sense does nothing."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from hub import eventually

DEMO = Path(__file__).resolve().parent.parent / "homes/demo.yaml"

DONE = [  # language, room, sentence, device, attribute, value, reply
    ("en", None, "turn on the kitchen light", "Kitchen light", "on_off.on", True, "Turned on"),
    ("en", None, "turn off the hall light", "Hall light", "on_off.on", False, "Turned off"),
    ("en", None, "set the kitchen light to 40%", "Kitchen light", "level.percent", 40, "40"),
    ("en", None, "turn on the lights in the kitchen", "Kitchen light", "on_off.on", True, "Turned"),
    ("en", "Kitchen", "turn on the light", "Kitchen light", "on_off.on", True, "Turned on"),
    ("zh", None, "打开厨房灯", "Kitchen light", "on_off.on", True, "打开"),
    ("zh-CN", None, "把厨房灯调到百分之三十", "Kitchen light", "level.percent", 30, "亮度"),
    ("fr", None, "allume la lumière de la cuisine", "Kitchen light", "on_off.on", True, "allumé"),
    ("fr", None, "règle la lampe du salon à 30 %", "Living room lamp", "level.percent", 30, "30"),
]
ALL_OFF = [("en", "turn off all lights", "all lights"), ("zh", "关闭所有灯", "所有的灯"),
           ("fr", "éteins toutes les lumières", "Toutes les lumières")]
MOVED = [("en", "open the bedroom curtain"), ("zh", "打开窗帘"), ("fr", "ouvre le rideau")]
ASKED = [("en", "is the kitchen light on?", "Yes"), ("zh", "厨房灯开着吗", "是"),
         ("fr", "est-ce que la lumière de la cuisine est allumée", "Oui")]
NOT_UNDERSTOOD = [("en", "sing a song", "Sorry"), ("zh", "唱歌", "抱歉"), ("fr", "chante", "Désolé"),
                  ("en", "打开 kitchen light s'il te plaît", "Sorry")]
REFUSED = [
    ("", [], "the sentence is empty"),
    ("a" * 100_000, [], "100000 bytes; at most 1000 characters"),
    ("turn on\x07 the kitchen light", [], "control character (U+0007) at character 8"),
    ("turn on the kitchen light", ["--lang", "xx"], 'the language "xx" is not known; known are en'),
    ("turn on the light", ["--area", "Nowhere"], 'no room "Nowhere"'),
]


@pytest.fixture
def demo(make_hub):
    """The demo home with its simulated devices, ten times as fast."""
    hub = make_hub("--home", DEMO).start()
    simulator = hub.simulate(DEMO, "--speed", "10")
    assert simulator.next_line(30).startswith("simulating 8 devices")
    eventually(lambda: len(hub.devices()) == 8)
    eventually(lambda: value(hub, "Bedroom curtain", "cover.position_percent") is not None
               or hub.devices()["Bedroom curtain"]["reported"])
    return hub


def value(hub, device, path):
    found = hub.devices()[device]["reported"]
    for part in path.split("."):
        found = (found or {}).get(part)
    return found


def say(hub, language, sentence, *options, expect=0):
    return hub.cli("say", "--lang", language, *options, sentence, expect=expect).strip()


def issued(hub):
    """The commands that somebody asked for; the demo home's own rules switch lights meanwhile."""
    lines = hub.json_lines("events", "--json", "--limit", "1000")
    return [event for event in lines
            if event["kind"] == "command_issued" and event["cause"].get("via") != "rule"]


@pytest.mark.parametrize("language, room, sentence, device, path, wanted, reply", DONE)
def test_the_device_moves_and_says_so(demo, language, room, sentence, device, path, wanted, reply):
    said = say(demo, language, sentence, *(["--area", room] if room else []))
    assert reply in said
    eventually(lambda: value(demo, device, path) == pytest.approx(wanted, abs=1))


@pytest.mark.parametrize("language, sentence, reply", ALL_OFF)
def test_all_lights(demo, language, sentence, reply):
    lights = ("Kitchen light", "Hall light", "Living room lamp")
    assert reply in say(demo, language, sentence, "--yes")
    for light in lights:
        eventually(lambda light=light: value(demo, light, "on_off.on") is False)


@pytest.mark.parametrize("language, sentence", MOVED)
def test_a_curtain_is_opened(demo, language, sentence):
    answer = demo.json("say", "--lang", language, sentence)
    assert (answer["understood"], answer["intent"]) == (True, "HassTurnOn")
    (command,) = [event["command"] for event in issued(demo)
                  if event["command"] in answer["commands"]]
    assert command == answer["commands"][0]


@pytest.mark.parametrize("language, sentence, reply", ASKED)
def test_a_question_is_answered_and_does_nothing(demo, language, sentence, reply):
    say(demo, "en", "turn on the kitchen light")
    before = len(issued(demo))
    assert say(demo, language, sentence).startswith(reply)
    assert len(issued(demo)) == before


def test_a_name_in_another_script_is_a_name(demo):
    assert say(demo, "en", "turn on 厨房灯") == "Turned on 厨房灯"


@pytest.mark.parametrize("language, sentence, reply", NOT_UNDERSTOOD)
def test_what_is_not_understood_does_nothing(hub, language, sentence, reply):
    done = hub.http("POST", "/api/v1/conversation", {"text": sentence, "lang": language})
    assert done[0] == 200 and reply in done[1]
    say(hub, language, sentence, expect=1)
    assert issued(hub) == []


@pytest.mark.parametrize("sentence, options, why", REFUSED)
def test_what_makes_no_sense_is_refused_in_one_line(hub, sentence, options, why):
    line = hub.cli("say", *options, sentence, expect=1)
    assert why in line and line.count("\n") == 1 and len(line) < 300
    assert issued(hub) == []


ASKED_FIRST = [  # language, sentence, question, yes
    ("en", "unlock the front door", "Unlock Front door?", "yes"),
    ("fr", "déverrouille la porte d'entrée", "Déverrouiller : Porte d'entrée ?", "oui"),
    ("zh", "解锁大门", "要解锁大门吗？", "好的"),
]


@pytest.mark.parametrize("language, sentence, question, yes", ASKED_FIRST)
def test_a_door_is_unlocked_only_after_a_yes(demo, language, sentence, question, yes):
    def talk(**body):
        status, text = demo.http("POST", "/api/v1/conversation", {"lang": language, **body})
        assert status == 200, text
        return json.loads(text)

    asked = talk(text=sentence)
    assert (asked["verdict"], asked["reply"], asked["outcome"]) == ("confirm", question, None)
    (device,) = asked["confirm"]["devices"]
    assert (device["name"], device["set"]) == ("Front door", {"lock.state": "unlocked"})
    assert issued(demo) == []
    done = talk(text=yes, conversation=asked["conversation"])
    assert done["verdict"] == "understood" and len(done["commands"]) == 1
    eventually(lambda: value(demo, "Front door", "lock.state") == "unlocked")
    assert talk(text=yes, conversation=asked["conversation"])["commands"] == []


def test_a_yes_may_come_as_a_field_and_counts_once(demo):
    asked = json.loads(demo.http("POST", "/api/v1/conversation", {"text": "unlock the front door"})[1])
    yes = {"conversation": asked["conversation"], "question": asked["confirm"]["id"], "confirm": True}
    assert demo.http("POST", "/api/v1/conversation", {**yes, "question": "other"})[0] == 409
    assert demo.http("POST", "/api/v1/conversation", yes)[0] == 200
    assert demo.http("POST", "/api/v1/conversation", yes)[0] == 409
    assert demo.http("POST", "/api/v1/conversation", {"confirm": True})[0] == 400
    assert demo.http("POST", "/api/v1/conversation", {**yes, "text": "yes"})[0] == 400
    assert len(issued(demo)) == 1


def test_events_name_who_said_a_sentence_also_after_a_restart(demo):
    code = demo.cli("claim").split()[-1]
    body = {"code": code, "name": "Ann", "password": "a warm hearth at home"}
    status, claimed = demo.http("POST", "/api/v1/claim", body, token=False)
    assert status == 201, claimed
    headers = {"Authorization": f"Bearer {json.loads(claimed)['token']}"}
    ann = json.loads(demo.http("GET", "/api/v1/session", headers=headers, token=False)[1])
    asked = {"text": "unlock the front door"}
    for body in (asked, {"text": "yes"}):
        body["conversation"] = "door"
        assert demo.http("POST", "/api/v1/conversation", body, headers, token=False)[0] == 200
    assert demo.http("POST", "/api/v1/tokens", {"name": "admin token"})[0] == 400
    made = json.loads(demo.http("POST", "/api/v1/tokens", {"name": "my script"})[1])
    key = demo.data.parent / "script.token"
    key.write_text(made["token"])
    url = f"http://127.0.0.1:{demo.http_port}"
    subprocess.run([demo.program, "say", "turn on the hall light", "--url", url, "--token-file", key],
                   check=True, timeout=60)
    say(demo, "en", "turn off the hall light")
    wanted = [("unlock the front door", {"kind": "person", "id": ann["person"]["id"],
                                         "name": ann["person"]["name"]}),
              ("turn on the hall light", {"kind": "token", "id": "my script"}),
              ("turn off the hall light", {"kind": "hub", "id": "admin token"})]

    def named():
        return [(event["cause"]["said"], event["cause"]["subject"]) for event in issued(demo)]

    assert named() == wanted
    assert 'command line said "turn off the hall light"' in demo.cli("events", "--limit", "1000")
    demo.kill9()
    demo.start()
    assert named() == wanted


def test_a_script_is_asked_too_and_nothing_is_done_without_its_yes(demo):
    assert "--yes" in say(demo, "en", "unlock the front door", expect=3)
    assert issued(demo) == []
    say(demo, "en", "unlock the front door", "--yes")
    eventually(lambda: value(demo, "Front door", "lock.state") == "unlocked")


@pytest.mark.parametrize("sentence, expect", [("unlock the front door?", 3),
                                              ("turn off everything?", 3), ("hall light on?", 0)])
def test_a_question_never_acts(demo, sentence, expect):
    say(demo, "en", sentence, expect=expect)
    assert issued(demo) == []


@pytest.mark.parametrize("typed, commands", [("y", 1), ("yes", 1), ("", 0), ("n", 0), ("what", 0)])
def test_on_a_terminal_it_asks(demo, typed, commands):
    ours, theirs = os.openpty()
    command = [demo.program, "say", "unlock the front door", "--data", demo.data]
    with subprocess.Popen([str(word) for word in command], stdin=theirs, stdout=theirs,
                          stderr=theirs) as said:
        os.close(theirs)
        os.write(ours, typed.encode() + b"\n")
        said.wait(timeout=60)
    shown = os.read(ours, 4096).decode()
    os.close(ours)
    assert "Unlock Front door? [y/N]" in shown
    assert len(issued(demo)) == commands
