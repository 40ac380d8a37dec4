"""Who may do what, as the page shows it: to owners who manage people, and to those who may do less. Each
test plays one scenario of ui/tests/scenarios, in which several people look at the home at once."""

import pytest

from hub import Hub, eventually
from page import MadeHome, Page


class Home(Page):
    """Claimed by Ann, with a room for guests."""

    def __init__(self, hub, viewport, pictures):
        super().__init__(hub, viewport, pictures)
        self.claim()
        self.made = made = MadeHome(hub)
        for name, area in (("Kitchen light", "Kitchen"), ("Guest lamp", "Guest room")):
            made.answering(made.light(name, area))
        for name, area in (("Front door", "Hall"), ("Back door", "Hall"),
                           ("Guest door", "Guest room")):
            topic = name.lower().replace(" ", "_")
            made.announce("lock", name, area, command_topic=f"{topic}/set")
        made.announce("cover", "Garage", "Hall", device_class="garage", command_topic="garage/set",
                      position_topic="garage/position", set_position_topic="garage/position/set")
        made.announce("cover", "Blind", "Hall", device_class="blind", command_topic="blind/set")
        made.announce("alarm_control_panel", "Alarm", "Hall", command_topic="alarm/set")
        made.wait_for("Kitchen light", "Guest lamp", "Front door", "Back door", "Guest door",
                      "Garage", "Blind", "Alarm")
        made.publish("kitchen_light/state", {"state": "OFF"})
        made.publish("guest_lamp/state", {"state": "OFF", "brightness": 128})
        for door, state in (("front_door", "LOCKED"), ("guest_door", "LOCKED"),
                            ("back_door", "UNLOCKED")):
            made.publish(f"{door}/state", state)
        made.publish("garage/position", "40")
        made.publish("alarm/state", "armed_away")
        eventually(lambda: all(device["reported"] for name, device in hub.devices().items()
                               if name != "Blind"))

    def add(self, name, role):
        body = {"name": name, "password": f"the first of {name}", "role": role}
        status, text = self.hub.http("POST", "/api/v1/persons", body)
        assert status == 201, text


@pytest.fixture(scope="module", params=["desktop", "phone"])
def home(request, program, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"people-{request.param}")
    hub = Hub(folder / "data", program=program).start()
    try:
        yield Home(hub, request.param, folder)
    finally:
        hub.close()


def test_a_guest_finds_what_is_granted_and_loses_it_at_once(home):
    home.play("people")


def test_a_password_is_changed_by_its_person_and_set_by_an_owner(home):
    home.add("Ben", "child")
    home.play("passwords")


def test_a_child_is_offered_what_a_child_may_do(home):
    home.add("Dora", "child")
    rule = {"name": "Light at night", "triggers": [{"time": "22:00"}],
            "actions": [{"device": "Kitchen light", "set": {"on_off.on": True}}]}
    status, text = home.hub.http("POST", "/api/v1/automations", rule)
    assert status == 201, text
    home.play("child")
