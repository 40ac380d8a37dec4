"""kill -9 at random moments under load: what was acknowledged is there, QoS 2 came exactly once.

HEARTH_KILLS says how many times the hub is killed (200); HEARTH_KILL_SEED repeats one run.
"""

import json
import os
import random
import socket
import threading
import time

import paho.mqtt.client
from hub import eventually

KILLS = int(os.environ.get("HEARTH_KILLS", "200"))
SEED = int(os.environ.get("HEARTH_KILL_SEED", str(random.randrange(1 << 30))))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client:
    """A client with a persistent session that survives the hub: it reconnects at once, and sends
    again what was not acknowledged, as MQTT asks of it."""

    def __init__(self, hub, port, client_id):
        self.paho = paho.mqtt.client.Client(client_id, clean_session=False)
        self.paho.username_pw_set(client_id, hub.passwords[client_id])
        self.paho.reconnect_delay_set(1, 1)
        self.paho.max_inflight_messages_set(20)
        self.port = port
        self.connected = threading.Event()
        self.paho.on_connect = lambda *_: (self.arrive(), self.connected.set())
        self.paho.on_disconnect = lambda *_: self.connected.clear()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.over = False

    def arrive(self):
        pass

    def start(self):
        self.thread.start()
        return self

    def run(self):
        while not self.over:
            try:
                self.paho.connect("127.0.0.1", self.port, keepalive=30)
                while not self.over and self.paho.loop(0.05) == paho.mqtt.client.MQTT_ERR_SUCCESS:
                    pass
            except OSError:
                pass
            time.sleep(0.01)

    def stop(self):
        self.over = True
        self.thread.join()
        self.paho.disconnect()


class Publisher(Client):
    """Publishes numbers, and knows which were acknowledged."""

    def __init__(self, hub, port, client_id):
        super().__init__(hub, port, client_id)
        self.number = 0
        self.sent = {}  # mid → (topic, number)
        self.acked = {"load/q1": set(), "load/q2": set(), "load/kept": set(), "dev/state": set()}
        self.lock = threading.Lock()
        self.paho.on_publish = self.on_publish

    def on_publish(self, _client, _userdata, mid):
        with self.lock:
            topic, number = self.sent.pop(mid)
            self.acked[topic].add(number)

    def publish_some(self):
        for topic, qos, retain in (
            ("load/q1", 1, False),
            ("load/q2", 2, False),
            ("load/kept", 1, True),
            ("dev/state", 1, False),
        ):
            with self.lock:
                if len(self.sent) > 200:
                    return
                self.number += 1
                payload = str(self.number)
                if topic == "dev/state":
                    payload = json.dumps({"state": "ON", "count": self.number})
                message = self.paho.publish(topic, payload, qos, retain)
                self.sent[message.mid] = (topic, self.number)


class Subscriber(Client):
    def __init__(self, hub, port, client_id):
        super().__init__(hub, port, client_id)
        self.received = {"load/q1": [], "load/q2": []}
        self.paho.on_message = self.on_message

    def arrive(self):
        self.paho.subscribe([("load/q1", 1), ("load/q2", 2)])

    def on_message(self, _client, _userdata, message):
        self.received[message.topic].append(int(message.payload))


class Commander:
    """Asks for commands over the API, and knows which were acknowledged."""

    def __init__(self, hub):
        self.hub = hub
        self.acked = []
        self.level = 0

    def command_some(self, device):
        self.level = (self.level + 1) % 100
        try:
            status, body = self.hub.http(
                "POST",
                f"/api/v1/devices/{device}/commands",
                {"set": {"on_off.on": self.level % 2 == 0}, "timeout_s": 2},
            )
        except OSError:
            return
        except Exception:  # the hub went away in the middle of its answer
            return
        if status == 202:
            self.acked.append(json.loads(body)["command"])


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


def count_of(hub, device):
    status, body = hub.http("GET", f"/api/v1/devices/{device}")
    assert status == 200
    untyped = json.loads(body)["reported"].get("untyped", {})
    return max((int(value) for value in untyped.values() if str(value).isdigit()), default=0)


def test_nothing_acknowledged_is_lost_and_nothing_of_qos_2_doubled(make_hub):
    chance = random.Random(SEED)
    port = free_port()
    # Room in the queues for a subscriber that is away: what does not fit is another test's rule.
    hub = make_hub(
        "--mqtt", f"127.0.0.1:{port}", "--set", "journal.segment_bytes=262144",
        "--set", "broker.queued_messages=100000",
    ).start()
    hub.credential("pub", ["load/#", "dev/#"])
    hub.credential("sub", ["load/#"])
    hub.publish("homeassistant/device/dev/config", DISCOVERY, name="pub", retain=True)
    device = eventually(lambda: hub.devices().get("Device"))["id"]
    publisher = Publisher(hub, port, "pub").start()
    subscriber = Subscriber(hub, port, "sub").start()
    commander = Commander(hub)
    try:
        for kill in range(KILLS):
            context = f"seed {SEED}, kill {kill}"
            assert publisher.connected.wait(10) and subscriber.connected.wait(10), context
            end = time.monotonic() + chance.uniform(0.0, 0.25)
            while time.monotonic() < end:
                publisher.publish_some()
                if chance.random() < 0.2:
                    commander.command_some(device)
            with publisher.lock:
                kept = max(publisher.acked["load/kept"], default=0)
                counted = max(publisher.acked["dev/state"], default=0)
                # Acknowledgements may lie unread in the client's socket: more than these may be due.
            hub.kill9()
            publisher.connected.clear()
            subscriber.connected.clear()
            hub.start()
            assert count_of(hub, device) >= counted, context
            if kill % 20 == 0:
                retained = hub.subscribe("load/kept", name="sub").next_message()
                assert int(retained[1]) >= kept, context
        eventually(lambda: not publisher.sent, timeout_s=60)
        for topic in ("load/q1", "load/q2"):
            acked = publisher.acked[topic]
            eventually(lambda: acked <= set(subscriber.received[topic]), timeout_s=60)
        received = subscriber.received["load/q2"]
        doubled = {number for number in received if received.count(number) > 1}
        assert not doubled, f"seed {SEED}: QoS 2 doubled {sorted(doubled)[:5]}"
        assert len(commander.acked) == len(set(commander.acked)), f"seed {SEED}"
        known = settled_commands(hub, commander.acked)
        assert not known, f"seed {SEED}: no fate of commands {known[:5]}"
        verified = json.loads(hub.cli("journal", "verify", "--json"))
        assert verified["damaged"] == [], verified["damaged"][:3]
        print(
            f"{KILLS} kills, seed {SEED}: {publisher.number} messages, "
            f"{len(commander.acked)} commands acknowledged, none lost"
        )
    finally:
        publisher.stop()
        subscriber.stop()


def settled_commands(hub, commands):
    """Those commands of which the journal does not tell how they ended."""
    wanted = set(commands)

    def missing():
        fates = set()
        for line in hub.cli("journal", "cat").splitlines():
            record = json.loads(line)
            if record.get("kind") == "command_settled":
                fates.add(record["command"])
        return None if wanted - fates else True

    try:
        eventually(missing, timeout_s=30, every_s=0.5)
    except AssertionError:
        return sorted(wanted)
    return []
