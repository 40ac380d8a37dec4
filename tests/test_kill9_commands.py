"""kill -9 at random moments while a device with a session that is kept does what it is told: no command
is published to it twice, and none that was acknowledged is lost.

HEARTH_COMMAND_KILLS says how many times the hub is killed (30), HEARTH_KILL_SEED repeats a run's
moments.
"""

import collections
import os
import random
import time

import pytest
from hub import eventually
from test_kill9 import CATCH_UP_S, Client, Commander, free_port

KILLS = int(os.environ.get("HEARTH_COMMAND_KILLS", "30"))
SEED = int(os.environ.get("HEARTH_KILL_SEED", str(random.randrange(1 << 30))))
LIFE_S = 0.3

NUMBER = {
    "unique_id": "dev_number",
    "name": "Number",
    "command_topic": "dev/set",
    "state_topic": "dev/state",
    "min": 0,
    "max": 1_000_000,
    "device": {"identifiers": ["dev"], "name": "Device"},
}


class Device(Client):
    """Becomes what it is told, and says so."""

    def __init__(self, hub, port, qos):
        super().__init__(hub, port, "dev", [("dev/set", qos)])
        self.told = []
        self.paho.on_message = self.on_message

    def on_message(self, client, _userdata, message):
        value = int(float(message.payload))
        # With QoS 1 MQTT itself repeats what was not acknowledged, and says so.
        if not (message.dup and value in self.told):
            self.told.append(value)
        client.publish("dev/state", str(value), 1)


class Numbers(Commander):
    """Asks for one number after the other, each of which the device can become."""

    def __init__(self, hub, device, path):
        self.path = path
        super().__init__(hub, device)

    def wanted(self):
        return {"set": {self.path: len(self.acked) + 1}, "timeout_s": 60}


@pytest.mark.timeout(300 + 3 * KILLS)
@pytest.mark.parametrize("qos", [1, 2])
def test_a_command_in_a_kept_session_is_not_published_again_after_a_restart(make_hub, qos):
    chance = random.Random(SEED)
    port = free_port()
    hub = make_hub("--mqtt", f"127.0.0.1:{port}", "--set", "journal.segment_bytes=262144",
                   "--set", "broker.in_flight=5").start()
    hub.credential("dev", ["dev/#"])
    hub.publish("homeassistant/number/dev/config", {**NUMBER, "qos": qos}, name="dev", retain=True)
    known = eventually(lambda: hub.devices().get("Device"))["id"]
    hub.publish("dev/state", "0", name="dev")
    untyped = eventually(lambda: hub.devices()["Device"]["reported"].get("untyped"))
    device = Device(hub, port, qos).start()
    assert device.subscribed.wait(10), device.fault
    commander = Numbers(hub, known, f"untyped.{next(iter(untyped))}")
    kill = 0
    try:
        for kill in range(1, KILLS + 1):
            time.sleep(chance.uniform(0, LIFE_S))
            hub.kill9()
            device.connected.clear()
            hub.start()
            if chance.random() < 0.7:  # else it dies again while they come back
                assert device.connected.wait(10), device.fault
            device.check()
            if commander.fault is not None:
                raise AssertionError("commander") from commander.fault
        commander.stop()
        commander.await_fates()
        wanted = set(range(1, len(commander.acked) + 1))
        eventually(lambda: wanted <= set(device.told), timeout_s=CATCH_UP_S)
        twice = {value for value, times in collections.Counter(device.told).items() if times > 1}
        assert not twice, f"{len(twice)} of {len(wanted)} came again: {sorted(twice)[:10]}"
        fates = collections.Counter(each["settlement"] for each in
                                    commander.records("command_settled"))
        assert set(fates) == {"confirmed"}, fates
    except BaseException:
        print(f"seed {SEED}, kill {kill}")
        raise
    finally:
        commander.stop()
        device.stop()
    print(f"{KILLS} kills, seed {SEED}: {len(commander.acked)} commands, each came once")
