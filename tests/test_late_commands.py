"""A device that sleeps with a session that is kept is told what is still wanted when it wakes, and
never what the hub has given up: it would move when nobody looks."""

import socket
import threading
from datetime import datetime, timezone

import paho.mqtt.client as paho
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from hub import MESSAGE_TIMEOUT_S, eventually
from test_kill9 import free_port

PLUG = {
    "unique_id": "plug", "name": None, "command_topic": "plug/set", "state_topic": "plug/state",
    "qos": 1, "device": {"identifiers": ["plug"], "name": "Plug"},
}
SHORT_S = "0.3"
PROTOCOLS = [paho.MQTTv311, paho.MQTTv5]


class Sleeper:
    """A device whose session is kept for an hour."""

    def __init__(self, hub, port, protocol, qos=1):
        self.port = port
        self.qos = qos
        self.told = []
        self.fence = threading.Event()
        self.ready = threading.Event()
        if protocol == paho.MQTTv5:
            self.client = paho.Client("plug", protocol=protocol)
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 3600
            self.how = {"clean_start": False, "properties": properties}
        else:
            self.client = paho.Client("plug", protocol=protocol, clean_session=False)
            self.how = {}
        self.client.username_pw_set("plug", hub.passwords["plug"])
        self.client.on_message = self.on_message
        self.client.on_connect = lambda client, *_: client.subscribe(
            [("plug/set", self.qos), ("plug/fence", 1)])
        self.client.on_subscribe = lambda *_: self.ready.set()

    def on_message(self, _client, _data, message):
        if message.topic == "plug/fence":
            self.fence.set()
        else:
            self.told.append(message.payload.decode())

    def wake(self):
        self.ready.clear()
        self.client.connect("127.0.0.1", self.port, **self.how)
        self.client.loop_start()
        assert self.ready.wait(MESSAGE_TIMEOUT_S)

    def sleep(self):
        self.client.disconnect()
        self.client.loop_stop()

    def everything_told(self, hub):
        """What it was told, once all that was queued before now must have come."""
        self.fence.clear()
        hub.publish("plug/fence", "x", name="plug", qos=1)
        assert self.fence.wait(MESSAGE_TIMEOUT_S)
        return self.told


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def home(make_hub, port):
    hub = make_hub("--mqtt", f"127.0.0.1:{port}").start()
    hub.credential("plug", ["plug/#"])
    return hub


def announce(hub, **config):
    hub.publish("homeassistant/switch/plug/config", {**PLUG, **config}, name="plug", retain=True)
    eventually(lambda: hub.devices().get("Plug"))


def sleeping(hub, port, protocol, qos=1):
    device = Sleeper(hub, port, protocol, qos)
    device.wake()
    device.sleep()
    return device


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("down", [False, True])
def test_who_wakes_after_the_deadline_gets_nothing_and_before_it_the_command(
        home, port, protocol, down):
    announce(home)
    device = sleeping(home, port, protocol)
    home.cli("set", "Plug", "on_off.on=true", "--timeout", SHORT_S, expect=1)
    home.cli("set", "Plug", "on_off.on=false", "--timeout", "600", "--no-wait")
    if down:
        home.kill9()
        home.start()
    device.wake()
    assert device.everything_told(home) == ["OFF"]
    settled = [event["settlement"] for event in home.json_lines("events", "--json")
               if event["kind"] == "command_settled"]
    assert settled == ["timed_out"]
    device.sleep()


def test_a_restart_after_the_deadline_sends_nothing(home, port):
    announce(home)
    device = sleeping(home, port, paho.MQTTv311)
    home.cli("set", "Plug", "on_off.on=true", "--timeout", "1", "--no-wait")
    (deadline,) = [event["deadline"] for event in home.json_lines("events", "--json")
                   if event["kind"] == "command_issued"]
    home.kill9()
    eventually(lambda: datetime.now(timezone.utc) > datetime.fromisoformat(deadline))
    home.start()
    eventually(lambda: [event for event in home.json_lines("events", "--json")
                        if event["kind"] == "command_settled"])
    device.wake()
    assert device.everything_told(home) == []
    device.sleep()


def test_what_was_sent_into_a_lost_connection_does_not_come_later(home, port):
    announce(home)
    lost = socket.create_connection(("127.0.0.1", port))
    password = home.passwords["plug"].encode()

    def text(word):
        return len(word).to_bytes(2, "big") + word

    body = text(b"MQTT") + b"\x04\xc0\x00\x00" + text(b"plug") + text(b"plug") + text(password)
    lost.sendall(bytes([0x10, len(body)]) + body)
    assert lost.recv(4)[3] == 0
    subscribe = b"\x00\x01" + text(b"plug/set") + b"\x01"
    lost.sendall(bytes([0x82, len(subscribe)]) + subscribe)
    assert lost.recv(5)[0] == 0x90
    home.cli("set", "Plug", "on_off.on=true", "--timeout", SHORT_S, expect=1)  # it stays silent
    assert b"plug/set" in lost.recv(100), "it was sent"
    device = Sleeper(home, port, paho.MQTTv311)
    device.wake()
    assert device.everything_told(home) == []
    lost.close()
    device.sleep()


def test_retained_commands_wait_for_who_wakes_later(home, port):
    announce(home, retain=True)
    device = sleeping(home, port, paho.MQTTv5)
    home.cli("set", "Plug", "on_off.on=true", "--timeout", SHORT_S, expect=1)
    device.wake()
    assert set(device.everything_told(home)) == {"ON"}
    device.sleep()
