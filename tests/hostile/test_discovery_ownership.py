"""Nobody reaches another's device: what one credential tries by discovery against another's lock."""

import json

import pytest
from hub import Wire, eventually, mqtt_connect, mqtt_publish

TOPIC = "homeassistant/lock/lock1/config"
LOCK = {
    "name": None,
    "unique_id": "lock1_u",
    "state_topic": "lock1/state",
    "command_topic": "lock1/set",
    "device": {"identifiers": ["lock1dev"], "name": "Front door lock"},
}
# What evil would have the lock be.
HIJACK = {
    "name": "Hacked",
    "unique_id": "evil_u",
    "state_topic": "evil/lockstate",
    "command_topic": "evil/lockcmd",
    "device": {"identifiers": ["lock1dev"], "name": "Hacked"},
}
VERSIONS = pytest.mark.parametrize("version", ["mqttv5", "mqttv311"])


class House:
    """A hub with the lock of one credential, and another credential that is up to no good."""

    def __init__(self, hub):
        self.hub = hub
        hub.credential("lock1")
        hub.credential("evil")
        hub.publish(TOPIC, LOCK, name="lock1", retain=True)
        eventually(lambda: "Front door lock" in hub.devices())
        hub.publish("lock1/state", "LOCKED", name="lock1", retain=True)
        self.bolt = hub.subscribe("lock1/set", name="lock1")
        self.ear = hub.subscribe("evil/#", name="evil")
        self.barriers = 0

    def announce(self, topic, config, version="mqttv5", retain=True):
        self.hub.publish(topic, config, name="evil", retain=retain, version=version)

    def barrier(self):
        """Whatever was announced before is a device by now, if it ever will be."""
        self.barriers += 1
        name = f"Barrier {self.barriers}"
        config = {"state_topic": "lock1/b", "name": name, "unique_id": name}
        topic = f"homeassistant/sensor/barrier{self.barriers}/config"
        self.hub.publish(topic, config, name="lock1")
        eventually(lambda: name in self.hub.devices())
        self.hub.publish(topic, None, name="lock1")
        eventually(lambda: name not in self.hub.devices())

    def why(self):
        return [each["why"] for each in self.hub.json("refused")]

    def untouched(self, others=()):
        """The lock is alone, is called what it was, obeys and is read as before."""
        self.barrier()
        hub = self.hub
        assert sorted(hub.devices()) == sorted(["Front door lock", *others])
        lock = hub.json("show", "Front door lock")
        sources = {(each["topic"], each["command_topic"], each["credential"])
                   for each in lock["sources"]}
        assert sources == {("lock1/state", "lock1/set", "lock1")}
        assert list(lock["reported"]) == ["lock"]
        for state, payload in (("unlocked", "UNLOCK"), ("locked", "LOCK")):
            status, answer = hub.http("POST", f"/api/v1/devices/{lock['id']}/commands",
                                      {"set": {"lock.state": state}})
            assert status == 202, answer
            assert self.bolt.next_message() == ("lock1/set", payload)
            hub.publish("lock1/state", payload + "ED", name="lock1", retain=True)
            command = json.loads(answer)["command"]
            settled = eventually(lambda number=command: self.settlement(number))
            assert settled == "confirmed"
        hub.publish("evil/lockstate", "UNLOCKED", name="evil")
        hub.publish("evil/end", "of what evil heard", name="evil")
        seen = []
        while not seen or seen[-1][0] != "evil/end":
            seen.append(self.ear.next_message())
        assert [topic for topic, _ in seen if topic == "evil/lockcmd"] == []
        assert hub.json("show", "Front door lock")["reported"]["lock"]["state"] == "locked"

    def settlement(self, command):
        return json.loads(self.hub.http("GET", f"/api/v1/commands/{command}")[1]).get("settlement")

    def restart(self):
        self.hub.restart()
        self.bolt = self.hub.subscribe("lock1/set", name="lock1")
        self.ear = self.hub.subscribe("evil/#", name="evil")


@pytest.fixture
def house(hub):
    return House(hub)


@VERSIONS
@pytest.mark.parametrize("retain", [False, True])
def test_a_nice_lamp_whose_command_topic_is_the_locks(house, version, retain):
    lamp = {"name": "Nice lamp", "command_topic": "lock1/set", "payload_on": "UNLOCK",
            "retain": retain, "device": {"identifiers": ["nice"], "name": "Nice lamp"}}
    house.announce("homeassistant/switch/evil/config", lamp, version)
    house.untouched()
    assert any("lock1/set" in why and "credential evil" in why and "--topic" in why
               for why in house.why())
    house.restart()
    house.untouched()


@VERSIONS
def test_a_component_with_the_locks_identifiers(house, version):
    house.announce("homeassistant/lock/aaa/config", HIJACK, version)
    house.announce("homeassistant/device/aaa/config",
                   {"device": {"identifiers": ["lock1dev"], "name": "Hacked"},
                    "components": {"a": {"platform": "lock", "command_topic": "evil/lockcmd"}}},
                   version)
    house.untouched()
    assert any("lock1dev" in why and "credential lock1" in why and "credential evil" in why
               for why in house.why())
    house.restart()
    house.untouched()


def test_the_locks_unique_id_after_letting_it_migrate(house):
    thief = dict(HIJACK, unique_id="lock1_u", device={"identifiers": ["evildev"]})
    house.announce("homeassistant/lock/evil/config", thief)
    house.announce(TOPIC, {"migrate_discovery": True})
    house.announce("homeassistant/lock/evil/config", thief)
    house.untouched()
    house.restart()
    house.untouched()


@VERSIONS
@pytest.mark.parametrize("retain", [False, True])
def test_another_announcement_on_the_locks_own_topic(house, version, retain):
    for config in (HIJACK, "no json", "x" * 300_000, {"name": "nothing"}):
        house.announce(TOPIC, config, version, retain)
    house.untouched()
    house.restart()
    house.untouched()


@VERSIONS
@pytest.mark.parametrize("retain", [False, True])
def test_an_empty_announcement_on_the_locks_topic(house, version, retain):
    house.announce(TOPIC, None, version, retain)
    house.untouched()
    house.restart()
    house.untouched()


@pytest.mark.parametrize("version", [4, 5])
def test_a_will_on_the_locks_topic(house, version):
    for number, payload in enumerate(("", json.dumps(HIJACK))):
        with Wire(house.hub) as wire:
            login = mqtt_connect(f"will{number}", "evil", house.hub.passwords["evil"], version,
                                 will=(TOPIC, payload))
            wire.send(login).expect(0x20)
    house.untouched()


def test_whoever_announces_for_another_is_told_that_he_may_not(house):
    with Wire(house.hub) as wire:
        wire.login("evil", "evil")
        for qos, answer in ((1, 0x40), (2, 0x50)):
            wire.send(mqtt_publish(TOPIC, b"", qos, packet_id=qos, retain=True))
            assert wire.reason(answer) == 0x87
    house.untouched()


def test_state_topics_that_are_anothers(house):
    for number, topic in enumerate(("lock1/state", "lock1/+", "#", "+/state", TOPIC,
                                    "homeassistant/#")):
        house.announce(f"homeassistant/sensor/spy{number}/config",
                       {"name": f"Spy {number}", "state_topic": topic, "unique_id": f"s{number}"})
    house.untouched()
    assert len([why for why in house.why() if "state_topic" in why]) == 6


def test_commands_that_would_announce_or_speak_as_hearth(house):
    for number, topic in enumerate(("homeassistant/switch/evil9/config", "$SYS/x",
                                    "homeassistant/status", "homeassistant/switch/a/b/config")):
        house.announce(f"homeassistant/switch/puppet{number}/config",
                       {"name": f"Puppet {number}", "command_topic": topic,
                        "unique_id": f"p{number}", "payload_on": json.dumps(HIJACK)})
    house.untouched()
    assert len([why for why in house.why() if "command_topic" in why]) == 4


def test_below_homeassistant_one_may_announce_and_no_more(house):
    with Wire(house.hub) as wire:
        wire.login("evil", "evil")
        for topic in ("homeassistant/status", "homeassistant/lock/lock1/state"):
            assert wire.send(mqtt_publish(topic, b"offline", 1)).reason(0x40) == 0x87


@pytest.mark.parametrize("retain", [False, True])
def test_what_a_revoked_credential_announced_goes_at_once_and_for_good(house, retain):
    for number in range(20):
        house.announce(f"homeassistant/switch/own{number}/config",
                       {"name": f"Own {number}", "command_topic": f"evil/{number}",
                        "unique_id": f"own{number}"}, retain=retain)
    eventually(lambda: len(house.hub.devices()) == 21)
    house.hub.cli("credential", "revoke", "evil")
    assert list(house.hub.devices()) == ["Front door lock"]
    house.hub.kill9()
    house.hub.start()
    assert list(house.hub.devices()) == ["Front door lock"]
    # Nor does the name bring back what another key had.
    house.hub.credential("evil")
    house.hub.restart()
    assert list(house.hub.devices()) == ["Front door lock"]


def test_a_person_hands_the_lock_to_another_credential(house):
    hub = house.hub
    assert "lock1/" in hub.cli("hand", "Front door lock", "evil", expect=1), "not its topics"
    hub.credential("lock2", ["lock1/#"])
    hub.cli("hand", "Front door lock", "lock2")
    assert "credential: lock2" in hub.cli("show", "Front door lock")
    events = hub.json("show", "Front door lock")["events"]
    event = next(each for each in events if each["kind"] == "device_handed")
    assert (event["from"], event["to"]) == ("lock1", "lock2")
    assert event["cause"]["via"] == "cli"
    hub.publish(TOPIC, None, name="lock1", retain=True)
    hub.cli("credential", "revoke", "lock1")
    hub.kill9()
    hub.start()
    assert list(hub.devices()) == ["Front door lock"]
    bolt = hub.subscribe("lock1/set", name="lock2")
    lock = hub.json("show", "Front door lock")
    hub.http("POST", f"/api/v1/devices/{lock['id']}/commands", {"set": {"lock.state": "locked"}})
    assert bolt.next_message() == ("lock1/set", "LOCK")
    hub.publish(TOPIC, None, name="lock2", retain=True)
    eventually(lambda: not hub.devices())


def test_clients_without_a_name_take_nothing_of_a_credential(make_hub):
    house = House(make_hub("--anonymous").start())
    for topic in (TOPIC, "homeassistant/lock/aaa/config"):
        house.hub.publish(topic, HIJACK, retain=True)
    house.hub.publish(TOPIC, None, retain=True)
    free = {"name": "Free", "command_topic": "free/set", "unique_id": "free"}
    house.hub.publish("homeassistant/switch/free/config", free, retain=True)
    eventually(lambda: "Free" in house.hub.devices())
    house.announce("homeassistant/switch/free/config", None)
    house.announce("homeassistant/switch/free2/config",
                   {"command_topic": "evil/set", "device": {"identifiers": ["entity:free"]}})
    house.untouched(others=["Free"])
    house.restart()
    house.untouched(others=["Free"])
