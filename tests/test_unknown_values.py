"""Values that are not current any more: taken back by the device, expired, or of a part that is away.
Nobody sees them as current, no condition on them holds."""

import time

import pytest
from hub import eventually


@pytest.fixture(name="hub")
def with_credential(hub):
    hub.credential("dev", ["home/#"])
    return hub


def announce(hub, component, key, **options):
    """An announcement of the device `device`, called `called`; both are the key without being said."""
    device = {"identifiers": [options.pop("device", key)], "name": options.pop("called", key)}
    hub.publish(f"homeassistant/{component}/{key}/config",
                {"unique_id": key, "device": device, **options}, name="dev", retain=True)


def tell(hub, topic, payload, retain=False):
    hub.publish(topic, payload, name="dev", retain=retain)


def value(hub, device, capability, attribute):
    reported = hub.devices().get(device, {}).get("reported", {})
    return reported.get(capability, {}).get(attribute)


def becomes(hub, device, path, wanted, timeout_s=10):
    eventually(lambda: value(hub, device, *path.split(".")) == wanted, timeout_s)


def add_rule(hub, condition):
    file = hub.data / "rule.yaml"
    file.write_text("name: Charge less\n"
                    "triggers: [{device: bell, attribute: occupancy.occupied, to: true}]\n"
                    f"conditions: [{condition}]\n"
                    "actions: [{device: lamp, set: {on_off.on: true}}]\n")
    hub.cli("automation", "add", file)


def run_of(hub):
    """Rings the bell; returns the trace of the run."""
    before = len(hub.json("trace", "Charge less", "-n", "100"))
    tell(hub, "home/bell", "OFF")
    tell(hub, "home/bell", "ON")
    eventually(lambda: len(hub.json("trace", "Charge less", "-n", "100")) > before)
    return hub.json("trace", "Charge less", "-n", "100")


def test_what_is_taken_back_is_unknown_and_no_condition_on_it_holds(hub):
    announce(hub, "sensor", "car", state_topic="home/car", value_template="{{ value_json.soc }}",
             device_class="battery", unit_of_measurement="%")
    announce(hub, "binary_sensor", "bell", state_topic="home/bell", device_class="occupancy",
             name=None)
    announce(hub, "light", "lamp", state_topic="home/lamp", command_topic="home/lamp/set", name=None)
    eventually(lambda: {"car", "bell", "lamp"} <= hub.devices().keys())
    tell(hub, "home/bell", "OFF")
    tell(hub, "home/car", {"soc": 63})
    becomes(hub, "car", "battery.percent", 63)
    add_rule(hub, "{device: car, attribute: battery.percent, above: 50}")
    lamp = hub.subscribe("home/lamp/set", name="dev")
    run_of(hub)
    assert lamp.next_message() == ("home/lamp/set", "ON")
    tell(hub, "home/car", {"range": 300})
    tell(hub, "home/car", None)
    becomes(hub, "car", "battery.percent", 63)
    tell(hub, "home/car", {"soc": None})
    becomes(hub, "car", "battery.percent", None)
    trace = run_of(hub)
    assert "not known any more" in str(trace)
    assert not lamp.has_line()


def test_a_value_expires_and_a_motion_ends_also_while_the_hub_is_away(hub):
    announce(hub, "sensor", "icebox", state_topic="home/icebox", device_class="temperature",
             unit_of_measurement="°C", expire_after=2)
    announce(hub, "binary_sensor", "hall", state_topic="home/hall", device_class="motion",
             off_delay=2, name=None)
    eventually(lambda: {"icebox", "hall"} <= hub.devices().keys())
    for _ in range(2):
        tell(hub, "home/icebox", "4.2", retain=True)
        tell(hub, "home/hall", "ON", retain=True)
        becomes(hub, "icebox", "temperature.celsius", 4.2)
        becomes(hub, "hall", "occupancy.occupied", True)
        becomes(hub, "icebox", "temperature.celsius", None)
        becomes(hub, "hall", "occupancy.occupied", False)
        hub.restart()
        assert value(hub, "icebox", "temperature", "celsius") is None
        assert value(hub, "hall", "occupancy", "occupied") is False
    tell(hub, "home/icebox", "4.2", retain=True)
    tell(hub, "home/hall", "ON", retain=True)
    becomes(hub, "hall", "occupancy.occupied", True)
    hub.kill9()
    time.sleep(2.1)  # the length itself, in which no hub runs
    hub.start()
    becomes(hub, "icebox", "temperature.celsius", None, timeout_s=1)
    becomes(hub, "hall", "occupancy.occupied", False, timeout_s=1)


def test_of_a_part_that_is_away_nothing_is_known_until_it_is_back(hub):
    for part, kind, unit in (("pv", "power", "W"), ("grid", "voltage", "V")):
        announce(hub, "sensor", f"roof_{part}", device="roof", called="Roof", name=part,
                 state_topic=f"home/{part}", device_class=kind, unit_of_measurement=unit,
                 availability_topic=f"home/{part}/av")
    eventually(lambda: "Roof" in hub.devices())
    for topic, payload in (("pv/av", "online"), ("grid/av", "online"), ("pv", "812"), ("grid", "230")):
        tell(hub, f"home/{topic}", payload, retain=True)
    becomes(hub, "Roof", "voltage.volts", 230)
    becomes(hub, "Roof", "power.watts", 812)
    tell(hub, "home/pv/av", "offline", retain=True)
    becomes(hub, "Roof", "power.watts", None)
    hub.restart()
    assert hub.devices()["Roof"]["online"]
    assert value(hub, "Roof", "power", "watts") is None
    assert value(hub, "Roof", "voltage", "volts") == 230
    tell(hub, "home/pv/av", "online", retain=True)
    becomes(hub, "Roof", "power.watts", 812)
