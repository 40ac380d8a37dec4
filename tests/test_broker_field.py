"""The broker as clients meet it that people have: MQTT 3.1, firmware that always sends a name, a
mosquitto that bridges, and Zigbee2MQTT's long lists."""

import socket
import subprocess

import pytest
from hub import Process, eventually, mosquitto_tool
from test_kill9 import free_port


def pub(hub, *options):
    return subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(hub.mqtt_port), "-t", "a",
                           "-m", "b", *options], capture_output=True, text=True, check=False)


# MQTT 3.1.

def test_a_client_of_mqtt_3_1_publishes_and_subscribes(hub):
    hub.credential("old", ["t/#"])
    listener = hub.subscribe("t/#", name="old", version="mqttv31")
    hub.publish("t/a", "x", name="old", version="mqttv31", qos=2)
    assert listener.next_message() == ("t/a", "x")


# Anonymous, with a name all the same.

def test_with_anonymous_any_name_comes_in_but_a_credentials_only_with_its_password(make_hub):
    hub = make_hub("--anonymous").start()
    password = hub.credential("plug")
    assert pub(hub, "-u", "DVES_USER", "-P", "DVES_PASS").returncode == 0
    assert pub(hub, "-u", "DVES_USER").returncode == 0
    assert pub(hub).returncode == 0
    assert pub(hub, "-u", "plug", "-P", "guess").returncode != 0
    assert pub(hub, "-u", "plug").returncode != 0
    assert pub(hub, "-u", "plug", "-P", password, "-t", "plug/a").returncode == 0


def test_without_anonymous_an_unknown_name_stays_outside(hub):
    assert pub(hub, "-u", "DVES_USER", "-P", "DVES_PASS").returncode != 0


# Long messages.

@pytest.mark.parametrize("version", ["mqttv31", "mqttv311", "mqttv5"])
def test_a_list_of_a_hundred_devices_is_kept_and_delivered(hub, version):
    hub.credential("bridge", ["zigbee2mqtt/#"])
    long_list = "z" * 434_136
    sleeper = hub.client("sleeper", name="bridge", version=4, clean=False)
    sleeper.subscribe("zigbee2mqtt/bridge/devices", 1)
    live = hub.subscribe("zigbee2mqtt/bridge/devices", name="bridge", version=version)
    sleeper.disconnect()
    hub.publish("zigbee2mqtt/bridge/devices", long_list, name="bridge", retain=True,
                version=version)
    assert live.next_message()[1] == long_list
    hub.kill9()
    hub.start()
    late = hub.subscribe("zigbee2mqtt/bridge/devices", name="bridge", version=version)
    assert late.next_message()[1] == long_list
    got = []
    sleeper = hub.client("sleeper", name="bridge", version=4, clean=False, connect=False)
    sleeper.on_message = lambda _c, _u, message: got.append(message.payload.decode())
    hub.connect_client(sleeper)
    eventually(lambda: got)
    assert got == [long_list]


# A bridge.

class Mosquitto:
    """A mosquitto that bridges everything to the hub in both directions, as its manual shows it."""

    def __init__(self, hub, folder, *lines):
        self.port = free_port()
        config = folder / "mosquitto.conf"
        config.write_text("\n".join([
            f"listener {self.port} 127.0.0.1", "allow_anonymous true", "persistence false",
            "connection hearth", f"address 127.0.0.1:{hub.mqtt_port}", "topic # both 1",
            "remote_username bridge", f"remote_password {hub.passwords['bridge']}",
            "restart_timeout 1", *lines, ""]))
        self.process = Process([mosquitto_tool("mosquitto"), "-c", config, "-v"])
        hub.adopt(self.process)
        eventually(self.listens)

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def publish(self, topic, payload, *options):
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-t", topic, "-m",
                        payload, "-q", "1", *options], check=True)

    def got(self, topic, retained_only=False):
        """One message on a topic, or nothing within a second."""
        options = ["--retained-only"] if retained_only else []
        done = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), "-t", topic,
                               "-C", "1", "-W", "1", *options], capture_output=True, text=True,
                              check=False)
        return done.stdout.strip()


@pytest.mark.skipif(mosquitto_tool("mosquitto") is None, reason="mosquitto is not installed")
@pytest.mark.parametrize("lines", [
    [],
    ["bridge_protocol_version mqttv31"],
    ["bridge_protocol_version mqttv50"],
], ids=["as it comes", "3.1", "5.0"])
def test_a_mosquitto_bridges_both_ways(hub, tmp_path, lines):
    hub.credential("bridge", ["#"])
    hub.credential("plug", ["there/#"])
    hub.publish("here/before", "1", name="bridge", retain=True)
    there = Mosquitto(hub, tmp_path, *lines)
    eventually(lambda: there.got("here/before") == "1", every_s=0.2)
    plug = hub.subscribe("there/#", name="plug")
    there.publish("there/now", "2", "-r")
    assert plug.next_message() == ("there/now", "2")
    hub.publish("here/now", "3", name="bridge", retain=True)
    eventually(lambda: there.got("here/now") == "3", every_s=0.2)
    late = hub.subscribe("there/#", name="plug")
    assert late.next_message() == ("there/now", "2"), "kept on this side too"
    assert there.got("here/now", retained_only=True) == "3", "and on that side"
    hub.publish("there/last", "4", name="bridge")
    assert plug.next_message() == ("there/last", "4"), "nothing came back in between"


@pytest.mark.skipif(mosquitto_tool("mosquitto") is None, reason="mosquitto is not installed")
def test_a_bridges_notification_is_listed_as_refused(hub, tmp_path):
    hub.credential("bridge", ["#"])
    Mosquitto(hub, tmp_path)
    refused = eventually(lambda: [each["why"] for each in hub.json("refused")
                                  if "$SYS/broker/connection" in each["why"]])
    assert "will" in refused[0]
