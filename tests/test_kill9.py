"""kill -9 at random moments under load: what was acknowledged is there; QoS 2 came once.

HEARTH_KILLS says how many times the hub is killed (200), HEARTH_KILL_SEED repeats a run's moments.
"""

import json
import os
import random
import socket
import threading
import time
from http.client import HTTPException

import paho.mqtt.client
import pytest
from hub import eventually

KILLS = int(os.environ.get("HEARTH_KILLS", "200"))
SEED = int(os.environ.get("HEARTH_KILL_SEED", str(random.randrange(1 << 30))))
LOAD_S = 0.2  # longest time under load between two kills
CATCH_UP_S = 60

DISCOVERY = {
    "components": {
        "switch": {
            "platform": "switch",
            "unique_id": "dev_switch",
            "command_topic": "dev/set",
            "state_topic": "dev/state",
            "value_template": "{{ value_json.state }}",
        },
        "count": {
            "platform": "sensor",
            "unique_id": "dev_count",
            "state_topic": "dev/state",
            "value_template": "{{ value_json.count }}",
            "state_class": "total",
        },
    },
    "device": {"identifiers": ["dev"], "name": "Device"},
    "origin": {"name": "test"},
}


def free_port():
    """A port below those that the system gives to outgoing connections: a client that reconnects
    while the hub is down could else be connected to itself and hold the hub's port."""
    for _ in range(1_000):
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no port from 20000 to 32000 is free")


class Paho(paho.mqtt.client.Client):
    """paho 1.6 forgets, when its first attempt to come back fails, which messages of QoS 2 it has
    released, and publishes them anew: against MQTT (4.3.3), and new to any hub."""

    def _messages_reconnect_reset_out(self):
        states = (paho.mqtt.client.mqtt_ms_wait_for_pubcomp, paho.mqtt.client.mqtt_ms_resend_pubrel)
        released = [each for each in self._out_messages.values() if each.state in states]
        super()._messages_reconnect_reset_out()
        for message in released:
            message.state = paho.mqtt.client.mqtt_ms_resend_pubrel


class Client:
    """A client with a persistent session that survives the hub: it reconnects at once, and sends
    again what was not acknowledged, as MQTT asks of it. All of it happens on one thread."""

    def __init__(self, hub, port, client_id, topics=()):
        self.paho = Paho(client_id, clean_session=False)
        self.paho.username_pw_set(client_id, hub.passwords[client_id])
        self.paho.max_inflight_messages_set(20)
        self.paho.on_connect = self.on_connect
        self.paho.on_disconnect = lambda *_: self.connected.clear()
        self.paho.on_subscribe = lambda *_: self.subscribed.set()
        self.port = port
        self.topics = list(topics)
        self.connected = threading.Event()
        self.subscribed = threading.Event()
        self.forgotten = False  # the hub did not know the session any more
        self.fault = None
        self.over = None

    def on_connect(self, client, _userdata, flags, code):
        assert code == 0, f"refused with {code}"
        if self.subscribed.is_set() and not flags["session present"]:
            self.forgotten = True
        if self.topics and not self.subscribed.is_set():
            client.subscribe(self.topics)
        self.connected.set()

    def start(self):
        self.over = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        return self

    def run(self):
        try:
            while not self.over:
                self.connect_and_work()
        except BaseException as fault:  # shown by the test: it would die unseen here
            self.fault = fault

    def connect_and_work(self):
        try:
            self.paho.connect("127.0.0.1", self.port, keepalive=30)
            while not self.over and self.paho.loop(0.005) == paho.mqtt.client.MQTT_ERR_SUCCESS:
                if self.connected.is_set():
                    self.work()
        except OSError:
            time.sleep(0.01)  # nobody listens yet

    def work(self):
        """What it does between two looks at its socket."""

    def stop(self):
        """Leaves in an orderly way; the session stays."""
        if self.over is not False:
            return
        self.over = True
        self.thread.join()
        self.paho.disconnect()
        self.connected.clear()

    def check(self):
        if self.fault is not None:
            raise AssertionError(f"client {self.paho._client_id}") from self.fault
        assert not self.forgotten, f"the session of {self.paho._client_id} is lost"


class Publisher(Client):
    """Publishes numbers, and knows which were acknowledged."""

    PATHS = (("load/q1", 1, False), ("load/q2", 2, False), ("load/kept", 1, True),
             ("dev/state", 1, False))

    def __init__(self, hub, port, client_id):
        super().__init__(hub, port, client_id)
        self.number = 0
        self.sending = False
        self.sent = {}  # mid → (topic, number)
        self.acked = {topic: set() for topic, _, _ in self.PATHS}
        self.paho.on_publish = self.on_publish

    def on_publish(self, _client, _userdata, mid):
        topic, number = self.sent.pop(mid)
        self.acked[topic].add(number)

    def work(self):
        if not self.sending or len(self.sent) > 40:
            return
        for topic, qos, retain in self.PATHS:
            self.number += 1
            payload = str(self.number)
            if topic == "dev/state":
                payload = json.dumps({"state": "ON", "count": self.number})
            self.sent[self.paho.publish(topic, payload, qos, retain).mid] = (topic, self.number)

    def last_acked(self, topic):
        return max(self.acked[topic].copy(), default=0)


class Subscriber(Client):
    """Keeps what it got, in order."""

    def __init__(self, hub, port, client_id, topics=(("load/q1", 1), ("load/q2", 2))):
        super().__init__(hub, port, client_id, topics)
        self.received = {"load/q1": [], "load/q2": []}
        self.paho.on_message = self.on_message

    def on_message(self, _client, _userdata, message):
        self.received[message.topic].append(int(message.payload))

    def await_all(self, publisher):
        for topic, numbers in self.received.items():
            eventually(lambda: publisher.acked[topic] <= set(numbers), timeout_s=CATCH_UP_S,
                       every_s=0.2)

    def check_received(self):
        for topic, numbers in self.received.items():
            first_times = list(dict.fromkeys(numbers))
            assert first_times == sorted(first_times), f"out of order on {topic}"
        once = self.received["load/q2"]
        doubled = len(once) - len(set(once))
        assert doubled == 0, f"{doubled} messages of QoS 2 came twice"


class Onlooker(Subscriber):
    """Hears what is published with QoS 2 as QoS 0: what has not come twice to the hub does not come
    twice to it either."""

    def __init__(self, hub, port, client_id):
        super().__init__(hub, port, client_id, [("load/q2", 0)])


class Commander:
    """Asks for commands over the API, again with the same key where it got no answer, and knows
    which were acknowledged. Every second one asks for what the device never becomes, so that it is
    under way until its time is up."""

    def __init__(self, hub, device):
        self.hub = hub
        self.device = device
        self.acked = []
        self.over = False
        self.fault = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            while not self.over:
                self.command()
                time.sleep(0.02)
        except BaseException as fault:  # shown by the test: it would die unseen here
            self.fault = fault

    def wanted(self):
        return {"set": {"on_off.on": len(self.acked) % 2 == 0}, "timeout_s": 2}

    def command(self):
        try:
            status, body = self.hub.http(
                "POST", f"/api/v1/devices/{self.device}/commands", self.wanted(),
                headers={"Idempotency-Key": f"key {len(self.acked)}"})
        except (OSError, HTTPException):
            return  # the hub went away in the middle of it
        if status >= 500:
            return  # "nothing can be made durable": not acknowledged
        assert status in (200, 202), body
        self.acked.append(json.loads(body)["command"])

    def stop(self):
        self.over = True
        self.thread.join()

    def records(self, kind):
        return [each for each in self.hub.json_lines("journal", "cat")
                if each.get("kind") == kind and not each["state"]]

    def await_fates(self):
        """The journal tells of each how it ended."""
        eventually(lambda: set(self.acked) <= {
            each["command"] for each in self.records("command_settled")},
            timeout_s=CATCH_UP_S, every_s=0.5)

    def check_issued(self):
        """Each was issued once, however often it was asked for; so perhaps was one more, of which
        nobody was told."""
        assert len(set(self.acked)) == len(self.acked), "two keys got one command"
        issued = self.records("command_issued")
        assert len(issued) in (len(self.acked), len(self.acked) + 1), "a command was doubled"


def count_of(hub, device):
    status, body = hub.http("GET", f"/api/v1/devices/{device}")
    assert status == 200
    untyped = json.loads(body)["reported"].get("untyped", {})
    return max((int(value) for value in untyped.values() if str(value).isdigit()), default=0)


class World:
    """The hub and all who talk to it."""

    def __init__(self, make_hub, **where):
        port = free_port()
        # Room in the queue of a subscriber that is away: what does not fit is another test's rule.
        self.hub = make_hub(
            "--mqtt", f"127.0.0.1:{port}", "--set", "journal.segment_bytes=262144",
            "--set", "broker.queued_messages=100000", **where,
        ).start()
        for name, topics in (("pub", ["load/#", "dev/#"]), ("sub", ["load/#"]),
                             ("sleeper", ["load/#"]), ("onlooker", ["load/#"])):
            self.hub.credential(name, topics)
        self.hub.publish("homeassistant/device/dev/config", DISCOVERY, name="pub", retain=True)
        self.device = eventually(lambda: self.hub.devices().get("Device"))["id"]
        self.publisher = Publisher(self.hub, port, "pub")
        self.subscriber = Subscriber(self.hub, port, "sub").start()
        self.sleeper = Subscriber(self.hub, port, "sleeper").start()
        self.onlooker = Onlooker(self.hub, port, "onlooker").start()
        self.commander = Commander(self.hub, self.device)
        for subscriber in (self.subscriber, self.sleeper, self.onlooker):
            assert subscriber.subscribed.wait(10), subscriber.fault
        self.sleeper.stop()
        self.publisher.start()

    def all_here(self):
        here = self.publisher.connected.wait(10) and self.subscriber.connected.wait(10)
        self.check()
        assert here, "they do not come back"

    def work(self, seconds):
        """Load for so long."""
        self.publisher.sending = True
        time.sleep(seconds)

    def kill_and_look(self, before_ready_s=None, meanwhile=lambda: None, end=None):
        """Dies, perhaps again while it comes back; what was acknowledged until then is there after.
        Returns the newest number that is known to be retained."""
        (end or self.hub.kill9)()
        counted = self.publisher.last_acked("dev/state")
        kept = self.publisher.last_acked("load/kept")
        meanwhile()
        self.verify()
        if before_ready_s is not None:
            self.hub.start_and_kill9(before_ready_s)
        self.publisher.sending = False
        self.publisher.connected.clear()
        self.subscriber.connected.clear()
        self.hub.start()
        assert count_of(self.hub, self.device) >= counted, "a twin went back"
        return kept

    def look_at_retained(self, kept):
        _, payload = self.hub.subscribe("load/kept", name="sub").next_message()
        assert int(payload) >= kept, "a retained message went back"

    def wake_the_sleeper(self):
        """It fetches what has been waiting for it, and leaves again."""
        self.sleeper.start()
        self.sleeper.await_all(self.publisher)
        self.sleeper.stop()

    def check(self):
        for client in (self.publisher, self.subscriber, self.sleeper, self.onlooker):
            client.check()
        if self.commander.fault is not None:
            raise AssertionError("commander") from self.commander.fault

    def settle(self):
        """Everybody catches up with all that was acknowledged."""
        self.publisher.sending = False
        eventually(lambda: not self.publisher.sent, timeout_s=CATCH_UP_S)
        self.subscriber.await_all(self.publisher)
        self.wake_the_sleeper()

    def verify(self):
        """The journal is whole; its end may be torn where nothing was promised."""
        verified = self.hub.json("journal", "verify")
        assert verified["damaged"] == [], verified["damaged"][:3]

    def check_all(self):
        """At the end: everybody has all that was acknowledged, and the journal is whole."""
        self.settle()
        self.check()
        self.subscriber.check_received()
        self.sleeper.check_received()
        self.onlooker.check_received()
        assert len(self.onlooker.received["load/q2"]) > 0, "nobody looked on"
        self.commander.stop()
        self.commander.await_fates()
        self.commander.check_issued()
        self.verify()

    def stop(self):
        for client in (self.publisher, self.subscriber, self.sleeper, self.onlooker):
            client.stop()
        self.commander.stop()


@pytest.mark.timeout(300 + 3 * KILLS)
def test_nothing_acknowledged_is_lost_and_nothing_of_qos_2_doubled(make_hub):
    chance = random.Random(SEED)
    world = World(make_hub)
    kill = 0
    try:
        for kill in range(1, KILLS + 1):
            if chance.random() < 0.8:  # else it may die while they come back
                world.all_here()
            world.work(chance.uniform(0, LOAD_S))
            before_ready_s = chance.uniform(0, 0.06) if chance.random() < 0.15 else None
            kept = world.kill_and_look(before_ready_s)
            if kill % 20 == 0:
                world.look_at_retained(kept)
            if kill % 25 == 0:
                world.wake_the_sleeper()
            world.check()
        world.check_all()
    except BaseException:
        print(f"seed {SEED}, kill {kill}")
        raise
    finally:
        world.stop()
    print(f"{KILLS} kills, seed {SEED}: {world.publisher.number} messages, "
          f"{len(world.commander.acked)} commands acknowledged, none lost")


def test_an_orderly_stop_under_load_loses_nothing_either(make_hub):
    world = World(make_hub)
    try:
        for _ in range(10):
            world.all_here()
            world.work(LOAD_S)
            kept = world.kill_and_look(end=world.hub.stop)
            world.look_at_retained(kept)
            world.check()
        world.check_all()
    finally:
        world.stop()
