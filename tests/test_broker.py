"""The broker as MQTT clients meet it: real mosquitto clients, paho where those cannot, and bytes by
hand where paho hides what was answered. What both versions have; see test_broker_v5.py and
test_broker_rights.py for the rest."""

import itertools
import queue
import signal
import socket
import threading

import paho.mqtt.client
import pytest
from hub import (MESSAGE_TIMEOUT_S, Wire, eventually, mqtt_number, mqtt_packet, mqtt_publish,
                 mqtt_subscribe)
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

VERSIONS = pytest.mark.parametrize("version", ["mqttv311", "mqttv5"])
PAHO_VERSIONS = pytest.mark.parametrize("version", [4, 5])
FENCES = itertools.count()


def properties(packet, **values):
    made = Properties(packet)
    for key, value in values.items():
        setattr(made, key, value)
    return made


class Peer:
    """A paho client that does not come back by itself, and keeps all it is told."""

    def __init__(self, hub, client_id="", name="one", version=5, clean=True, will=None,
                 keepalive=60, will_delay=None, **connect):
        self.hub, self.name, self.version = hub, name, version
        self.messages, self.granted, self.acked = queue.Queue(), queue.Queue(), queue.Queue()
        self.left, self.came = queue.Queue(), queue.Queue()
        fresh = {} if version == 5 else {"clean_session": clean}
        protocol = paho.mqtt.client.MQTTv5 if version == 5 else paho.mqtt.client.MQTTv311
        self.client = paho.mqtt.client.Client(client_id, protocol=protocol, **fresh)
        self.client.username_pw_set(name, hub.passwords[name])
        if will is not None:
            more = {"properties": properties(PacketTypes.WILLMESSAGE, WillDelayInterval=will_delay)
                    } if will_delay is not None else {}
            self.client.will_set(will[0], will[1], 1, **more)
        self.client.on_connect = lambda _c, _u, flags, code, *_: self.came.put(
            (flags, int_of(code)))
        self.client.on_disconnect = lambda _c, _u, code, *_: self.left.put(int_of(code))
        self.client.on_message = lambda _c, _u, message: self.messages.put(message)
        self.client.on_publish = lambda _c, _u, mid: self.acked.put(mid)
        self.client.on_subscribe = lambda _c, _u, _m, codes, *_: self.granted.put(
            [int_of(code) for code in codes])
        self.client.on_unsubscribe = lambda *answer: self.granted.put(answer[-1])
        options = {"clean_start": clean,
                   "properties": properties(PacketTypes.CONNECT, **connect)} if version == 5 else {}
        self.client.connect("127.0.0.1", hub.mqtt_port, keepalive, **options)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        hub.adopt(self)
        flags, code = self.came.get(timeout=MESSAGE_TIMEOUT_S)
        assert code == 0, f"refused with {code:#x}"
        self.session_present = bool(flags["session present"])

    def run(self):
        while self.client.loop(0.02) == paho.mqtt.client.MQTT_ERR_SUCCESS:
            pass

    def subscribe(self, *filters, **options):
        """Filters, or pairs of filter and QoS (or options). Returns what was granted."""
        pairs = [each if isinstance(each, tuple) else (each, 1) for each in filters]
        if self.version == 5:
            pairs = [(each, qos if isinstance(qos, SubscribeOptions) else SubscribeOptions(qos))
                     for each, qos in pairs]
        self.client.subscribe(pairs, **options)
        return self.granted.get(timeout=MESSAGE_TIMEOUT_S)

    def publish(self, topic, payload=b"", qos=1, retain=False, **values):
        """Waits for the acknowledgement."""
        more = {"properties": properties(PacketTypes.PUBLISH, **values)} if values else {}
        mid = self.client.publish(topic, payload, qos, retain, **more).mid
        assert self.acked.get(timeout=MESSAGE_TIMEOUT_S) == mid

    def next(self):
        return self.messages.get(timeout=MESSAGE_TIMEOUT_S)

    def all_so_far(self):
        """The messages that came before one that it now sends to itself."""
        fence = f"{self.name}/fence/{next(FENCES)}"
        self.subscribe((fence, 2))
        self.publish(fence, qos=2)
        return list(iter(lambda: m if (m := self.next()).topic != fence else None, None))

    def leave(self):
        """Says DISCONNECT, and returns when the hub has seen it go."""
        self.part(self.client.disconnect)

    def die(self):
        """Its connection breaks, without DISCONNECT; returns when the hub has seen it."""
        self.part(lambda: self.client.socket().shutdown(socket.SHUT_RDWR))

    def end(self):
        """Closes all that it holds: too many open files and select() works for nobody."""
        self.client.disconnect()
        self.thread.join()
        self.client._reset_sockets()

    def part(self, act):
        clients = self.hub.metric("hearth_mqtt_clients")
        act()
        self.thread.join()
        eventually(lambda: self.hub.metric("hearth_mqtt_clients") < clients)


def int_of(code):
    return code if isinstance(code, int) else code.value


def seen(messages):
    return [(message.topic, message.payload.decode()) for message in messages]


@pytest.fixture
def house(hub):
    """A hub with two clients' credentials for the same topics, and one for others."""
    hub.credential("one", ["t/#"])
    hub.credential("two", ["t/#"])
    hub.credential("other")
    return hub


# QoS and delivery.


@VERSIONS
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_message_arrives_as_it_was_sent(house, version, qos):
    subscriber = house.subscribe("t/küche/灯", qos=qos, name="two", version=version)
    house.publish("t/küche/灯", "an: 23,5 °C", qos=qos, name="one", version=version)
    assert subscriber.next_message() == ("t/küche/灯", "an: 23,5 °C")


@PAHO_VERSIONS
def test_a_message_comes_with_the_lower_of_both_qos(house, version):
    sender, receiver = Peer(house, version=version), Peer(house, name="two", version=version)
    for granted in (0, 1, 2):
        assert receiver.subscribe(("t/a", granted)) == [granted]
        for sent in (0, 1, 2):
            sender.publish("t/a", f"{sent} to {granted}", qos=sent)
            message = receiver.next()
            assert message.payload.decode() == f"{sent} to {granted}"
            assert message.qos == min(sent, granted)


@PAHO_VERSIONS
@pytest.mark.parametrize("qos", [1, 2])
def test_messages_of_one_topic_keep_their_order(house, version, qos):
    receiver = Peer(house, name="two", version=version)
    receiver.subscribe(("t/a", qos))
    numbers = range(1, 101)  # as many as may be unacknowledged at once
    with Wire(house) as wire:
        wire.login("sender", "one", version=version)
        wire.send(*(mqtt_publish("t/a", b"%d" % each, qos, each, version) for each in numbers))
        answer = 0x40 if qos == 1 else 0x50
        assert [int.from_bytes(wire.expect(answer)[:2], "big") for _ in numbers] == list(numbers)
    assert [int(receiver.next().payload) for _ in numbers] == list(numbers)


@PAHO_VERSIONS
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_long_message_arrives_whole(house, version, qos):
    sender, receiver = Peer(house, version=version), Peer(house, name="two", version=version)
    receiver.subscribe(("t/long", qos))
    payload = bytes(range(256)) * 1000
    sender.publish("t/long", payload, qos)
    assert receiver.next().payload == payload


@PAHO_VERSIONS
def test_a_publication_of_qos_2_that_is_sent_twice_arrives_once(house, version):
    receiver = Peer(house, name="two", version=version)
    receiver.subscribe(("t/a", 2))
    publish = mqtt_publish("t/a", b"once", 2, 7, version)
    with Wire(house) as wire:
        wire.login("twice", "one", version=version)
        wire.send(publish, publish, mqtt_packet(0x62, mqtt_number(7)))
        assert [wire.reason(0x50), wire.reason(0x50), wire.reason(0x70)] == [0, 0, 0]
    assert seen(receiver.all_so_far()) == [("t/a", "once")]


# Topics.


@pytest.mark.parametrize("topic_filter, topic, matches", [
    ("t/a/b", "t/a/b", True),
    ("t/a/b", "t/a", False),
    ("t/+/b", "t/a/b", True),
    ("t/+/b", "t/a/c/b", False),
    ("t/+", "t/", True),
    ("t/+", "t", False),
    ("t/#", "t", True),
    ("t/#", "t/a/b/c", True),
    ("t/+/#", "t/a", True),
    ("t/+/#", "t", False),
    ("t//b", "t//b", True),
    ("t/+/b", "t//b", True),
    ("t/a", "t/A", False),
])
def test_wildcards(house, topic_filter, topic, matches):
    receiver = Peer(house, name="two")
    receiver.subscribe(topic_filter)
    Peer(house).publish(topic, "x")
    assert seen(receiver.all_so_far()) == ([(topic, "x")] if matches else [])


def test_everything_is_all_but_what_begins_with_a_dollar(hub):
    hub.credential("all", ["#"])
    receiver = Peer(hub, name="all")
    assert receiver.subscribe("#") == [1]
    assert receiver.subscribe("$SYS/#") == [0x87], "hearth has none, and says so"
    with Wire(hub) as wire:
        wire.login("dollar", "all")
        for topic in ("$SYS/x", "$x"):
            assert wire.send(mqtt_publish(topic, b"x", 1)).reason(0x40) == 0x87
    hub.publish("a/b", "x", name="all")
    assert ("a/b", "x") in (got := seen(receiver.all_so_far()))
    assert not [topic for topic, _ in got if topic.startswith("$")]


def test_overlapping_subscriptions_bring_a_message_with_the_highest_qos(house):
    receiver = Peer(house, name="two")
    receiver.subscribe(("t/#", 0), ("t/+", 2), ("t/a", 1))
    Peer(house).publish("t/a", "x", qos=2)
    assert [message.qos for message in receiver.all_so_far()] == [2]


def test_after_unsubscribing_nothing_comes(house):
    receiver = Peer(house, name="two")
    receiver.subscribe("t/a")
    receiver.client.unsubscribe("t/a")
    assert int_of(receiver.granted.get(timeout=MESSAGE_TIMEOUT_S)) == 0
    Peer(house).publish("t/a", "x")
    assert receiver.all_so_far() == []
    receiver.client.unsubscribe("t/a")
    assert int_of(receiver.granted.get(timeout=MESSAGE_TIMEOUT_S)) == 0x11, "there was none"


# Retained messages.


@VERSIONS
def test_a_retained_message_waits_for_its_subscriber_until_an_empty_one_clears_it(house, version):
    house.publish("t/kept", "first", name="one", retain=True, version=version)
    house.publish("t/kept", "second", name="one", retain=True, version=version)
    house.publish("t/kept", "passing", name="one", version=version)
    assert house.subscribe("t/+", name="two", version=version).next_message() == (
        "t/kept", "second")
    house.publish("t/kept", None, name="one", retain=True, version=version)
    late = Peer(house, name="two")
    late.subscribe("t/#")
    assert late.all_so_far() == []


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_retained_message_survives_a_restart_and_so_does_its_end(house, qos):
    for topic in ("t/stays", "t/goes"):
        house.publish(topic, "x", qos=qos, name="one", retain=True)
    house.publish("t/goes", None, qos=qos, name="one", retain=True)
    house.restart()
    house.kill9()
    house.start()
    receiver = Peer(house, name="two")
    receiver.subscribe(("t/#", 2))
    got = receiver.all_so_far()
    assert [(each.topic, each.qos, each.retain) for each in got] == [("t/stays", qos, True)]


def test_retain_handling_and_retain_as_published(house):
    house.publish("t/a", "old", name="one", retain=True)
    receiver = Peer(house, name="two")
    receiver.subscribe(("t/a", SubscribeOptions(1, retainHandling=2)))
    assert receiver.all_so_far() == [], "2: never"
    receiver.subscribe(("t/a", SubscribeOptions(1, retainHandling=1)))
    assert receiver.all_so_far() == [], "1: only if the subscription is new"
    receiver.subscribe(("t/a", SubscribeOptions(1, retainAsPublished=True)))
    assert seen(receiver.all_so_far()) == [("t/a", "old")], "0: each time"
    house.publish("t/a", "new", name="one", retain=True)
    assert [each.retain for each in receiver.all_so_far()] == [True]
    receiver.subscribe(("t/a", SubscribeOptions(1, retainHandling=2)))
    house.publish("t/a", "newer", name="one", retain=True)
    assert [each.retain for each in receiver.all_so_far()] == [False]


def test_no_local_keeps_ones_own_messages_away(house):
    peer = Peer(house)
    peer.subscribe(("t/a", SubscribeOptions(1, noLocal=True)))
    peer.publish("t/a", "own")
    Peer(house, name="two").publish("t/a", "another's")
    assert seen(peer.all_so_far()) == [("t/a", "another's")]


# Sessions.


@VERSIONS
@pytest.mark.parametrize("way", ["stays", "restart", "kill9"])
def test_a_persistent_session_keeps_its_messages_while_its_client_is_away(house, version, way):
    away = ("-c", "-i", "away")
    house.subscribe("t/+", qos=2, name="two", version=version, options=away).end()
    wanted = [(f"t/{qos}", str(number)) for qos in (1, 2) for number in range(10)]
    for topic, payload in wanted:
        house.publish(topic, payload, qos=int(topic[-1]), name="one", version=version)
    if way == "restart":
        house.restart()
    if way == "kill9":
        house.kill9()
        house.start()
    back = house.subscribe("t/none", qos=2, name="two", version=version, options=away)
    # mosquitto_sub may show the first ones before the line that says it is subscribed.
    eventually(lambda: sum(line.startswith("message ") for line in back.lines) == len(wanted))
    got = [line.removeprefix("message ") for line in back.lines if line.startswith("message ")]
    # Each in its order; one of QoS 2 is shown when it has been released, so later than it came.
    assert sorted(got, key=lambda each: each[2]) == ["\t".join(message) for message in wanted]


@PAHO_VERSIONS
def test_a_session_that_ends_with_its_connection_keeps_nothing(house, version):
    Peer(house, "brief", name="two", version=version).subscribe("t/a")
    kept = {} if version == 4 else {"SessionExpiryInterval": 60}
    first = Peer(house, "brief", name="two", version=version)
    first.subscribe("t/a")
    first.leave()
    Peer(house).publish("t/a", "missed")
    again = Peer(house, "brief", name="two", version=version, clean=False, **kept)
    assert not again.session_present
    assert again.all_so_far() == []
    again.leave()
    assert Peer(house, "brief", name="two", version=version, clean=False, **kept).session_present
    assert not Peer(house, "brief", name="two", version=version, clean=True).session_present


def test_what_was_not_acknowledged_comes_again_marked_so(house):
    stays = b"\x11" + mqtt_number(60, 4)  # session expiry
    with Wire(house) as wire:
        wire.login("again", "two", properties=stays)
        wire.send(mqtt_subscribe("t/a", 1)).expect(0x90)
        house.publish("t/a", "x", name="one")
        first = wire.expect(0x32)
    house.kill9()
    house.start()
    with Wire(house) as wire:
        assert wire.login("again", "two", clean=False, properties=stays) == (1, 0)
        assert wire.expect(0x3A) == first, "the same message with DUP and its packet identifier"
        wire.send(mqtt_packet(0x40, first[5:7]))
        wire.ping()


def test_a_message_of_qos_2_that_was_released_is_not_published_again(house):
    stays = b"\x11" + mqtt_number(60, 4)
    with Wire(house) as wire:
        wire.login("again", "two", properties=stays)
        wire.send(mqtt_subscribe("t/a", 2)).expect(0x90)
        house.publish("t/a", "x", qos=2, name="one")
        packet_id = wire.expect(0x34)[5:7]
        assert wire.send(mqtt_packet(0x50, packet_id)).expect(0x62) == packet_id
    house.kill9()
    house.start()
    with Wire(house) as wire:
        wire.login("again", "two", clean=False, properties=stays)
        assert wire.expect(0x62) == packet_id, "only its release"
        wire.send(mqtt_packet(0x70, packet_id))
        wire.ping()


def test_a_session_ends_when_its_expiry_has_passed(house):
    peer = Peer(house, "brief", name="two", SessionExpiryInterval=1)
    peer.subscribe("t/a")
    sessions = house.metric("hearth_mqtt_sessions")
    peer.die()
    eventually(lambda: house.metric("hearth_mqtt_sessions") == sessions - 1)
    assert not Peer(house, "brief", name="two", clean=False).session_present


def test_a_client_that_comes_with_the_same_id_takes_the_session_over(house):
    first = Peer(house, "same", name="two", SessionExpiryInterval=60)
    first.subscribe("t/a")
    second = Peer(house, "same", name="two", clean=False, SessionExpiryInterval=60)
    assert first.left.get(timeout=MESSAGE_TIMEOUT_S) == 0x8E
    assert second.session_present
    Peer(house).publish("t/a", "to the second")
    assert seen(second.all_so_far()) == [("t/a", "to the second")]
    with Wire(house) as wire:
        assert wire.login("same", "one") == (0, 0), "a session of its own beside the other's"


def test_a_queue_that_is_full_keeps_what_came_first_and_says_so(make_hub):
    hub = make_hub("--set", "broker.queued_messages=10").start()
    hub.credential("one", ["t/#"])
    away = Peer(hub, "away", SessionExpiryInterval=600)
    away.subscribe("t/a")
    away.leave()
    sender = Peer(hub)
    for number in range(25):
        sender.publish("t/a", str(number))
    assert hub.metric("hearth_mqtt_dropped_total", reason="queue_full") == 15
    told = [each for each in hub.json("refused") if each["from"] == "away"]
    assert len(told) == 1 and "full" in told[0]["why"] and "t/a" in told[0]["why"]
    back = Peer(hub, "away", clean=False, SessionExpiryInterval=600)
    assert [payload for _, payload in seen(back.all_so_far())] == [str(n) for n in range(10)]


def test_who_does_not_read_costs_the_others_nothing(house):
    with Wire(house) as deaf:
        deaf.login("deaf", "two")
        deaf.send(mqtt_subscribe("t/#", 0)).expect(0x90)
        receiver, sender = Peer(house, name="two"), Peer(house)
        receiver.subscribe("t/#")
        for number in range(200):  # 20 MB, of which the deaf one's sockets hold a part
            sender.publish("t/a", str(number).encode() + bytes(100_000))
            assert receiver.next().payload.startswith(str(number).encode())
        assert house.metric("hearth_mqtt_dropped_total", reason="slow") > 0


@pytest.mark.parametrize("setting, packets, answer, reason", [
    ("broker.subscriptions_per_session=1",
     [mqtt_subscribe("one/a", 1), mqtt_subscribe("one/b", 1)], 0x90, 0x97),
    ("broker.retained_messages=1",
     [mqtt_publish("one/a", b"x", 1, retain=True), mqtt_publish("one/b", b"x", 1, retain=True)],
     0x40, 0x97),
    ("broker.topic_levels=3",
     [mqtt_publish("one/b/c", b"x", 1), mqtt_publish("one/b/c/d", b"x", 1)], 0xE0, 0x90),
])
def test_a_limit_that_is_set_is_held(make_hub, setting, packets, answer, reason):
    hub = make_hub("--set", setting).start()
    hub.credential("one")
    with Wire(hub) as wire:
        wire.login("greedy", "one")
        wire.send(packets[0])
        assert wire.packet()[1][-1] < 0x80
        body = wire.send(packets[1]).expect(answer)
        assert reason in (body[0], body[2] if len(body) > 2 else 0, body[-1])
    assert [each for each in hub.json("refused") if each["from"] == "greedy"]


# Wills and keep-alive.


def watch(hub):
    watcher = Peer(hub, name="two")
    watcher.subscribe("t/will")
    return watcher


@VERSIONS
def test_a_will_is_published_when_its_client_dies_and_not_when_it_leaves(house, version):
    watcher = watch(house)
    will = ("--will-topic", "t/will", "--will-payload", "died", "--will-qos", "1")
    # After one message mosquitto_sub leaves as MQTT asks (a signal makes it leave with its will).
    leaves = house.subscribe("t/x", name="one", version=version, options=(*will, "-C", "1"))
    dies = house.subscribe("t/y", name="one", version=version, options=will)
    clients = house.metric("hearth_mqtt_clients")
    house.publish("t/x", "go", name="one")
    assert leaves.wait() == 0
    eventually(lambda: house.metric("hearth_mqtt_clients") == clients - 1)
    assert watcher.all_so_far() == []
    dies.signal(signal.SIGKILL)
    assert seen([watcher.next()]) == [("t/will", "died")]


def test_a_client_may_leave_with_its_will(house):
    watcher = watch(house)
    with Wire(house) as wire:
        wire.login("leaves", "one", will=("t/will", "left on purpose"))
        wire.send(mqtt_packet(0xE0, b"\x04"))
        assert wire.packet() is None
    assert seen([watcher.next()]) == [("t/will", "left on purpose")]


def test_a_delayed_will_is_not_published_when_its_client_comes_back_in_time(house):
    watcher = watch(house)
    delayed = {"will": ("t/will", "gone"), "will_delay": 600, "SessionExpiryInterval": 600}
    Peer(house, "delayed", **delayed).die()
    back = Peer(house, "delayed", clean=False, SessionExpiryInterval=600)
    assert back.session_present and watcher.all_so_far() == []
    back.leave()
    assert watcher.all_so_far() == []


@pytest.mark.parametrize("end", [{"will_delay": 1, "SessionExpiryInterval": 600},
                                 {"will_delay": 600, "SessionExpiryInterval": 1}])
def test_a_delayed_will_comes_after_its_delay_or_with_the_end_of_the_session(house, end):
    watcher = watch(house)
    Peer(house, "delayed", will=("t/will", "gone"), **end).die()
    assert watcher.all_so_far() == []
    assert seen([watcher.next()]) == [("t/will", "gone")]


def test_a_new_session_in_its_place_releases_a_delayed_will(house):
    watcher = watch(house)
    Peer(house, "delayed", will=("t/will", "gone"), will_delay=600, SessionExpiryInterval=600).die()
    Peer(house, "delayed", clean=True)
    assert seen([watcher.next()]) == [("t/will", "gone")]


def test_a_client_that_is_silent_for_longer_than_its_keep_alive_is_dead(house):
    watcher = watch(house)
    with Wire(house) as wire:
        wire.login("silent", "one", keep_alive=1, will=("t/will", "silent"))
        wire.ping()
        assert wire.reason(0xE0) == 0x8D
        assert wire.packet() is None
    assert seen([watcher.next()]) == [("t/will", "silent")]


def test_a_client_that_pings_lives(house):
    peer = Peer(house, keepalive=1)  # paho pings
    other = Peer(house, "silent", name="two", keepalive=0)
    with Wire(house) as wire:
        wire.login("quiet", "one", keep_alive=1)
        assert wire.reason(0xE0) == 0x8D, "this one did not, for as long"
    assert peer.left.empty() and other.left.empty()
    peer.publish("t/a", "alive")
