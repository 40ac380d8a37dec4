"""The page says nothing that is not true, and nothing moves that nobody meant: of a home made by hand,
whose devices say only what a test has them say. Each test plays one scenario of ui/tests/scenarios."""

import json

import pytest

from hub import Hub, eventually
from page import MadeHome, Page


class Home(Page):
    """Claimed, with the devices that most scenarios look at."""

    def __init__(self, hub, viewport, pictures):
        super().__init__(hub, viewport, pictures)
        self.claim()
        self.made = made = MadeHome(hub)
        made.light("Kitchen light", "Kitchen")
        made.light("New lamp", "Hall", supported_color_modes=["color_temp"])
        made.announce("binary_sensor", "Hall smoke", "Hall", device_class="smoke")
        made.announce("binary_sensor", "Silent window", "Hall", device_class="window")
        for name, area in (("Front door", "Hall"), ("Back door", "Kitchen")):
            topic = name.lower().replace(" ", "_")
            made.announce("lock", name, area, command_topic=f"{topic}/set")
        made.announce("select", "Fan knob", "Kitchen", command_topic="fan_knob/set",
                      options=["low", "high"])
        made.announce("climate", "Boiler", "Kitchen", modes=["off", "heat", "auto"],
                      mode_command_topic="boiler/mode/set", mode_state_topic="boiler/mode",
                      temperature_command_topic="boiler/target/set",
                      temperature_state_topic="boiler/target")
        self.names = ["Kitchen light", "New lamp", "Hall smoke", "Silent window", "Front door",
                      "Back door", "Fan knob", "Boiler"]
        made.wait_for(*self.names)
        made.answering("kitchen_light")
        made.publish("kitchen_light/state", {"state": "ON", "brightness": 128})
        made.publish("hall_smoke/state", "ON")
        made.publish("front_door/state", "LOCKED")
        eventually(lambda: hub.devices()["Front door"]["reported"])


@pytest.fixture(scope="module", params=["desktop", "phone"])
def home(request, program, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"truth-{request.param}")
    hub = Hub(folder / "data", program=program).start()
    try:
        yield Home(hub, request.param, folder)
    finally:
        hub.close()


def asked(home, device):
    """What was asked of a device, in order."""
    return [event["set"] for event in home.hub.json_lines("events", "--json", "--device", device)
            if event["kind"] == "command_issued"]


def test_what_is_not_known_is_drawn_as_not_known(home):
    home.play("unknown")
    assert asked(home, "Boiler") == [{"thermostat.mode": "auto"}], "an empty entry asks for nothing"


def test_the_question_before_unlocking_names_the_door(home):
    home.play("which_door")
    assert asked(home, "Front door") == []


def test_a_garage_door_opens_and_an_alarm_is_disarmed_only_after_a_second_yes(home):
    home.made.announce("cover", "Garage", "Hall", device_class="garage",
                       command_topic="garage/set", position_topic="garage/position",
                       set_position_topic="garage/position/set")
    home.made.announce("cover", "Blind", "Hall", device_class="blind", command_topic="blind/set")
    home.made.announce("alarm_control_panel", "Alarm", "Hall", command_topic="alarm/set")
    home.made.wait_for("Garage", "Blind", "Alarm")
    home.made.publish("garage/position", "0")
    home.made.publish("alarm/state", "armed_away")
    eventually(lambda: home.hub.devices()["Alarm"]["reported"])
    home.play("lets_in")
    assert asked(home, "Blind") == [{"cover.position": 100}], "a blind lets nobody in"
    assert asked(home, "Garage") == [{"cover.position": 100}, {"cover.position": 0}]
    disarmed, armed = asked(home, "Alarm")
    assert list(disarmed.values()) == ["disarmed"] and list(armed.values()) == ["armed_home"]


def test_what_was_never_confirmed_is_explained_and_can_be_asked_again_or_let_go(home):
    for name in ("Deaf lamp", "Mute lamp"):
        home.made.light(name, "Hall")
        home.made.wait_for(name)
        home.hub.cli("set", name, "on_off.on=true", "--timeout", "0.1", expect=1)
    home.made.answering("mute_lamp")
    home.made.announce("cover", "Deaf gate", "Hall", device_class="gate", command_topic="gate/set",
                       position_topic="gate/position", set_position_topic="gate/position/set")
    home.made.wait_for("Deaf gate")
    home.hub.cli("set", "Deaf gate", "cover.position=100", "--timeout", "0.1", expect=1)
    home.play("not_confirmed")
    assert asked(home, "Deaf gate") == [{"cover.position": 100}] * 2, "a cancel asks for nothing"
    assert home.hub.devices()["Deaf lamp"]["desired"] == {}
    assert asked(home, "Deaf lamp") == [{"on_off.on": True}], "letting go sends nothing"
    assert asked(home, "Mute lamp") == [{"on_off.on": True}] * 2
    last = home.hub.json_lines("events", "--json", "--device", "Deaf lamp")[-1]
    assert last["kind"] == "desired_withdrawn" and last["cause"]["subject"]["kind"] == "person"


def test_a_room_comes_and_goes_while_the_page_is_open(home):
    home.play("new_room")


def test_activity_tells_what_happened_and_not_its_contrary(home):
    home.made.light("Garden lamp", availability_topic="garden_lamp/online")
    home.made.wait_for("Garden lamp")
    home.made.publish("garden_lamp/online", "online")
    home.made.publish("garden_lamp/online", "offline")
    home.made.publish("garden_lamp/online", "online")
    home.hub.cli("move", "Garden lamp", "Garden")
    home.hub.cli("rename", "Garden lamp", "Gate lamp")
    home.play("told")


def test_a_trace_tells_in_words_what_set_it_off_also_long_after(home):
    rule = {"name": "Follow the kitchen", "triggers": [{"device": "Kitchen light",
            "attribute": "on_off.on"}], "actions": [{"notify": "The kitchen changed"}]}
    status, text = home.hub.http("POST", "/api/v1/automations", rule)
    assert status == 201, text
    rule = json.loads(text)["id"]
    for state in ("OFF", "ON"):
        home.made.publish("kitchen_light/state", {"state": state})
    runs = f"/api/v1/automations/{rule}/runs"
    run = eventually(lambda: json.loads(home.hub.http("GET", runs)[1]))
    run = (run if isinstance(run, list) else run["runs"])[-1]["run"]
    for percent in range(1, 130):  # more than the page asks for at first
        home.made.publish("kitchen_light/state", {"state": "ON", "brightness": percent})
    home.play("long_ago", run=run)
    assert home.hub.http("DELETE", f"/api/v1/automations/{rule}")[0] == 204


def test_a_devices_own_names_stand_where_paths_would(home):
    box = {"identifiers": ["shed_box"], "name": "Shed box"}
    for number, name in enumerate(("Well pump", "Patio light")):
        home.made.publish(f"homeassistant/switch/shed_box/{number}/config", {
            "name": name, "command_topic": f"shed_box/{number}/set", "device": box,
            "state_topic": f"shed_box/{number}"}, retain=True)
    home.made.publish("homeassistant/sensor/shed_box/ws/config", {
        "name": "Wind speed", "state_topic": "shed_box/ws", "unit_of_measurement": "km/h",
        "device": box}, retain=True)
    home.made.wait_for("Shed box")
    for topic, state in (("0", "OFF"), ("1", "ON"), ("ws", "12")):
        home.made.publish(f"shed_box/{topic}", state)
    eventually(lambda: "untyped" in home.hub.devices()["Shed box"]["reported"])
    home.play("own_names")


def test_a_sentence_that_opens_a_door_or_moves_the_house_asks_first(home):
    before = len(asked(home, "Front door"))
    home.play("say_first_ask")
    assert asked(home, "Front door")[before:] == [{"lock.state": "unlocked"}]
    assert home.hub.devices()["Kitchen light"]["desired"].get("on_off") != {"on": False}


def test_a_run_whose_device_never_answers_is_no_success(home):
    rule = {"name": "Light for nobody", "triggers": [{"time": "04:00"}],
            "actions": [{"device": "New lamp", "set": {"on_off.on": True}}]}
    status, text = home.hub.http("POST", "/api/v1/automations", rule)
    assert status == 201, text
    home.play("rule_failed")
    identity = json.loads(text)["id"]
    assert home.hub.http("DELETE", f"/api/v1/automations/{identity}")[0] == 204


def test_a_rules_card_leaves_nothing_out(home):
    rule = {"name": "Only if it is there", "conditions": [{"device": "New lamp", "online": True}],
            "triggers": [{"device": "Kitchen light", "attribute": "level.percent", "from": 40}],
            "actions": [{"notify": "It is there"}]}
    status, text = home.hub.http("POST", "/api/v1/automations", rule)
    assert status == 201, text
    home.play("rule_words")
    identity = json.loads(text)["id"]
    assert home.hub.http("DELETE", f"/api/v1/automations/{identity}")[0] == 204


def test_lights_that_are_in_no_room_go_off_only_after_a_second_yes(home):
    for number in range(3):
        topic = home.made.light(f"Loose lamp {number}")
        home.made.wait_for(f"Loose lamp {number}")
        home.made.answering(topic)
        home.made.publish(f"{topic}/state", {"state": "ON"})
    eventually(lambda: home.hub.devices()["Loose lamp 2"]["reported"])
    home.play("all_off")


def test_an_address_that_means_nothing_says_so(home):
    home.play("nowhere")


def test_keyboard_focus_is_never_behind_the_bars(home):
    home.play("focus")


def test_high_contrast_colours_leave_switches_and_sliders_readable(home):
    home.play("forced_colors")


def test_a_silent_loss_is_seen_within_seconds_and_everything_stops_looking_live(home):
    before = asked(home, "New lamp")
    home.play("silence", pid=home.hub.process.pid)
    assert asked(home, "New lamp") == before, "what was given up is not done when the hub is back"


def test_a_page_that_slept_looks_at_once_whether_the_hub_is_there(home):
    home.play("asleep", pid=home.hub.process.pid)


def test_the_door_tells_how_long_it_stays_shut(home):
    for _ in range(8):
        body = {"name": "Ann", "password": "not hers"}
        assert home.hub.http("POST", "/api/v1/session", body, token=False)[0] == 403
    home.play("shut_out")
