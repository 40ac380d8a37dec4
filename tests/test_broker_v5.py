"""What MQTT 5 adds: reason codes, aliases, expiry, flow control, properties, sharing."""

import time

import pytest
from hub import (MESSAGE_TIMEOUT_S, Wire, mqtt_connect, mqtt_number, mqtt_packet, mqtt_publish,
                 mqtt_subscribe)
from paho.mqtt.packettypes import PacketTypes
from test_broker import Peer, house, properties, seen  # noqa: F401 (house is a fixture)


def test_answers_tell_what_became_of_a_message(house):
    with Wire(house) as wire:
        wire.login("wire", "one")
        assert wire.send(mqtt_publish("t/nobody", b"x", 1)).reason(0x40) == 0x10
        assert wire.send(mqtt_publish("t/nobody", b"x", 2)).reason(0x50) == 0x10
        assert wire.send(mqtt_packet(0x62, mqtt_number(1))).reason(0x70) == 0
        assert wire.send(mqtt_packet(0x62, mqtt_number(9))).reason(0x70) == 0x92
    watcher = Peer(house, name="two")
    watcher.subscribe("t/a")
    with Wire(house) as wire:
        wire.login("wire", "one")
        assert wire.send(mqtt_publish("t/a", b"x", 1)).reason(0x40) == 0


def test_a_client_without_an_id_is_given_one(house):
    with Wire(house) as wire:
        wire.send(mqtt_connect("", "one", house.passwords["one"]))
        assert b"\x12" + mqtt_number(21) + b"auto-" in wire.expect(0x20)


def test_a_topic_alias_stands_for_its_topic(house):
    receiver = Peer(house, name="two")
    receiver.subscribe("t/#")
    alias = b"\x23" + mqtt_number(3)
    with Wire(house) as wire:
        wire.login("alias", "one")
        wire.send(mqtt_publish("t/first", b"1", 1, properties=alias)).expect(0x40)
        wire.send(mqtt_publish("", b"2", 1, properties=alias)).expect(0x40)
        wire.send(mqtt_publish("t/second", b"3", 1, properties=alias)).expect(0x40)
        wire.send(mqtt_publish("", b"4", 1, properties=alias)).expect(0x40)
    assert seen(receiver.all_so_far()) == [
        ("t/first", "1"), ("t/first", "2"), ("t/second", "3"), ("t/second", "4")]


@pytest.mark.parametrize("alias, reason", [(0, 0x94), (33, 0x94), (5, 0x82)])
def test_a_topic_alias_that_is_not_one_ends_the_connection(house, alias, reason):
    with Wire(house) as wire:
        wire.login("alias", "one")
        wire.send(mqtt_publish("", b"x", 1, properties=b"\x23" + mqtt_number(alias)))
        assert wire.reason(0xE0) == reason
        assert wire.packet() is None


def test_a_message_expires_where_it_waits(house):
    away = Peer(house, "away", name="two", SessionExpiryInterval=600)
    away.subscribe("t/#")
    away.leave()
    sender = Peer(house)
    sender.publish("t/a", "brief", MessageExpiryInterval=1)
    sender.publish("t/b", "brief and retained", retain=True, MessageExpiryInterval=1)
    sender.publish("t/c", "long", MessageExpiryInterval=600)
    sender.publish("t/d", "for ever")
    time.sleep(1.1)  # nothing announces that they have expired
    back = Peer(house, "away", name="two", clean=False, SessionExpiryInterval=600)
    long, for_ever = back.all_so_far()
    assert seen([long, for_ever]) == [("t/c", "long"), ("t/d", "for ever")]
    assert 0 < long.properties.MessageExpiryInterval < 600, "what is left of it"
    assert not hasattr(for_ever.properties, "MessageExpiryInterval")
    late = Peer(house, name="two")
    late.subscribe("t/b")
    assert late.all_so_far() == []


def test_a_client_is_sent_no_more_than_it_can_take_at_once(house):
    with Wire(house) as wire:
        wire.login("few", "two", properties=b"\x21" + mqtt_number(2))
        wire.send(mqtt_subscribe("t/a", 1)).expect(0x90)
        for number in range(5):
            house.publish("t/a", str(number), name="one")
        first, second = wire.expect(0x32), wire.expect(0x32)
        wire.ping()  # and nothing came before the answer
        wire.send(mqtt_packet(0x40, first[5:7]))
        assert wire.expect(0x32)[-1:] == b"2"
        wire.send(mqtt_packet(0x40, second[5:7]))
        assert wire.expect(0x32)[-1:] == b"3"
        wire.ping()


def test_a_client_that_sends_more_than_the_hub_can_take_at_once_is_cut_off(make_hub):
    hub = make_hub("--set", "broker.receive_maximum=3").start()
    hub.credential("one")
    with Wire(hub) as wire:
        wire.send(mqtt_connect("many", "one", hub.passwords["one"]))
        assert b"\x21" + mqtt_number(3) in wire.expect(0x20)
        for packet_id in (1, 2, 3):
            wire.send(mqtt_publish("one/a", b"x", 2, packet_id)).expect(0x50)
        wire.send(mqtt_publish("one/a", b"x", 2, 4))
        assert wire.reason(0xE0) == 0x93
        assert wire.packet() is None


def test_a_message_longer_than_its_client_takes_is_left_out(house):
    receiver = Peer(house, name="two", MaximumPacketSize=100)
    receiver.subscribe("t/#")
    sender = Peer(house)
    sender.publish("t/a", "x" * 200)
    sender.publish("t/a", "short")
    assert seen(receiver.all_so_far()) == [("t/a", "short")]
    assert house.metric("hearth_mqtt_dropped_total", reason="too_large") == 1


def test_what_a_message_says_of_itself_passes_unchanged_also_when_retained(house):
    said = {"UserProperty": [("a", "1"), ("a", "2"), ("ü", "灯")],
            "ContentType": "text/plain", "PayloadFormatIndicator": 1,
            "ResponseTopic": "t/answer", "CorrelationData": b"\x00\x01"}
    live = Peer(house, name="two")
    live.subscribe("t/a")
    Peer(house).publish("t/a", "x", retain=True, **said)
    house_again = Peer(house, name="two")
    house_again.subscribe("t/a")
    for message in (live.next(), house_again.next()):
        told = message.properties
        assert {key: getattr(told, key) for key in said} == said


def test_subscription_identifiers_tell_which_subscriptions_a_message_matched(house):
    receiver = Peer(house, name="two")
    for number, topic_filter in ((1, "t/#"), (300, "t/a"), (7, "t/b")):
        receiver.subscribe(topic_filter, properties=properties(
            PacketTypes.SUBSCRIBE, SubscriptionIdentifier=number))
    Peer(house).publish("t/a", "x")
    got = receiver.all_so_far()
    ids = sorted(number for each in got for number in each.properties.SubscriptionIdentifier)
    assert ids == [1, 300]


def test_a_shared_subscription_brings_each_message_to_one_of_its_members(house):
    members = [Peer(house, name="two") for _ in range(3)]
    for member in members:
        assert member.subscribe("$share/group/t/+") == [1]
    alone = Peer(house, name="one")
    alone.subscribe("$share/another/t/+")
    sender = Peer(house)
    wanted = [("t/a", str(number)) for number in range(30)]
    for topic, payload in wanted:
        sender.publish(topic, payload)
    shares = [seen(member.all_so_far()) for member in members]
    assert sorted(sum(shares, [])) == sorted(wanted)
    assert all(shares), "none is left out"
    assert seen(alone.all_so_far()) == wanted
    members[0].leave()
    sender.publish("t/a", "last")
    assert [("t/a", "last")] in [seen(member.all_so_far()) for member in members[1:]]


def test_a_hub_that_stops_says_so(house):
    peer = Peer(house)
    house.stop()
    assert peer.left.get(timeout=MESSAGE_TIMEOUT_S) == 0x8B


def test_text_in_a_packet_is_told_back_as_the_reason(house):
    with Wire(house) as wire:
        wire.send(mqtt_connect("why", "one", "wrong"))
        assert b"hearth credential" in wire.expect(0x20)
