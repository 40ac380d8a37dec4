"""Who may speak with the broker, and of what: credentials, rights, revocation."""

import pytest
from hub import MESSAGE_TIMEOUT_S, Wire, mqtt_connect, mqtt_publish, mqtt_subscribe
from test_broker import VERSIONS, Peer, house, seen  # noqa: F401 (house is a fixture)


@VERSIONS
def test_who_does_not_log_in_or_wrongly_is_refused(house, version):
    house.passwords |= {"wrong": "x", "one's": house.passwords["one"]}
    assert "uthori" in house.publish("t/a", "x", version=version, expect=1)
    assert house.publish("t/a", "x", name="wrong", version=version, expect=1)
    house.passwords["one"] = "not its password"
    assert house.publish("t/a", "x", name="one", version=version, expect=1)
    assert house.metric("hearth_refused_total", source="mqtt", code="refused") >= 3


@pytest.mark.parametrize("version, nobody, wrong", [(5, 0x87, 0x86), (4, 5, 4)])
def test_a_refused_login_has_its_reason_code_and_is_closed(house, version, nobody, wrong):
    for name, password, reason in ((None, None, nobody), ("one", "wrong", wrong),
                                   ("nobody", "x", wrong), ("one", None, wrong), ("one", "", wrong),
                                   ("#", house.passwords["one"], wrong)):
        with Wire(house) as wire:
            wire.send(mqtt_connect("stranger", name, password, version))
            assert wire.expect(0x20)[1] == reason, (name, password)
            assert wire.packet() is None


def test_a_client_publishes_and_hears_only_what_is_its_own(house):
    everything = ["t/a", "two/a", "#", "+/a", "t/#", "homeassistant/#", "$share/g/t/a"]
    spy = Peer(house, name="other")
    assert spy.subscribe(*everything) == [0x87] * len(everything)
    assert spy.subscribe("other/#", "homeassistant/status") == [1, 1]
    with Wire(house) as wire:
        wire.login("foreign", "other")
        for qos, answer in ((1, 0x40), (2, 0x50)):
            assert wire.send(mqtt_publish("t/a", b"x", qos)).reason(answer) == 0x87
        wire.send(mqtt_publish("t/a", b"x"), mqtt_publish("t/a", b"x", 1, retain=True))
        assert wire.reason(0x40) == 0x87
        assert wire.send(mqtt_publish("other/a", b"x", 1)).reason(0x40) == 0
    receiver = Peer(house, name="two")
    receiver.subscribe("t/#")
    assert receiver.all_so_far() == [], "nothing of it was kept either"
    why = [each["why"] for each in house.json("refused")]
    assert any("t/a" in each and "other" in each and "--topic" in each for each in why)


def test_to_a_client_of_3_1_1_a_foreign_topic_is_acknowledged_and_dropped(house):
    receiver = Peer(house, name="two", version=4)
    receiver.subscribe("t/#")
    foreign = Peer(house, name="other", version=4)
    for qos in (0, 1, 2):
        foreign.publish("t/a", "x", qos)
    assert foreign.subscribe("t/a", "other/a") == [0x80, 1]
    assert receiver.all_so_far() == []


def test_no_device_reaches_anothers_topics_in_any_way(hub):
    names = [f"device{number}" for number in range(5)]
    for name in names:
        hub.credential(name)
    owners = [Peer(hub, f"owner of {name}", name) for name in names]
    for owner in owners:
        owner.subscribe((f"{owner.name}/#", 2))
    for name in names:
        for other in set(names) - {name}:
            topic = f"{other}/state"
            with Wire(hub) as wire:
                assert wire.login(f"{name} at {other}", name) == (0, 0)
                for qos, answer in ((1, 0x40), (2, 0x50)):
                    for retain in (False, True):
                        wire.send(mqtt_publish(topic, b"x", qos, retain=retain))
                        assert wire.reason(answer) == 0x87
                for wanted in (topic, f"{other}/#", "+/state", "#", f"$share/g/{topic}"):
                    assert wire.send(mqtt_subscribe(wanted, 1)).expect(0x90)[-1] == 0x87, wanted
            with Wire(hub) as wire:
                assert wire.login(f"will of {name}", name, will=(topic, "x"))[1] == 0x87
            with Wire(hub) as wire:
                known = wire.login(f"owner of {other}", name, clean=False)
                assert known == (0, 0), "a session of its own, not the other's"
    for owner in owners:
        assert owner.all_so_far() == []
        assert owner.left.empty(), "nobody took its session over"


def test_a_will_on_a_foreign_topic_is_refused_when_it_is_made(house):
    with Wire(house) as wire:
        assert wire.login("will", "other", will=("t/will", "x")) == (0, 0x87)
        assert wire.packet() is None


def test_a_revoked_client_is_gone_with_all_it_left(house):
    house.publish("t/kept", "by one", name="one", retain=True)
    house.publish("t/kept2", "by two", name="two", retain=True)
    house.subscribe("t/x", name="one", options=("-c", "-i", "away")).end()
    peer = Peer(house, "live", will=("t/will", "revoked"))
    peer.subscribe("t/#")
    watcher = Peer(house, name="two")
    house.cli("credential", "revoke", "one")
    assert peer.left.get(timeout=MESSAGE_TIMEOUT_S) == 0x98
    with Wire(house) as wire:
        assert wire.login("live", "one")[1] == 0x86
    watcher.subscribe("t/#")
    assert seen(watcher.all_so_far()) == [("t/kept2", "by two")], "no message, no will"
    house.kill9()
    house.start()
    with Wire(house) as wire:
        assert wire.login("live", "one")[1] == 0x86


def test_anonymous_lets_everybody_in_and_names_still_count(make_hub):
    hub = make_hub("--anonymous").start()
    subscriber = hub.subscribe("#")
    hub.publish("any/topic", "x")
    assert subscriber.next_message() == ("any/topic", "x")
    hub.credential("somebody")
    hub.passwords["somebody"] = "wrong"
    hub.publish("any/topic", "x", name="somebody", expect=1)
