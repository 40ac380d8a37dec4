"""Bad input gets a clear error and loses nothing: one line that says what and why, counted in
/metrics, shown by `hearth refused`; and a device that works before it works after it."""

import contextlib
import json
import os
import resource
import socket
import subprocess

import pytest
from hub import (Wire, eventually, mqtt_connect, mqtt_packet, mqtt_publish, mqtt_subscribe,
                 mqtt_text)

LAMP = {
    "unique_id": "lamp",
    "name": None,
    "schema": "json",
    "brightness": True,
    "state_topic": "lamp/state",
    "command_topic": "lamp/set",
    "device": {"identifiers": ["lamp"], "name": "Lamp"},
}
ENDLESS = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"


class Lamp:
    """A device of the hub, by which to see that the hub goes on."""

    def __init__(self, hub):
        self.hub = hub
        self.level = 0
        hub.credential("lamp")
        hub.publish("homeassistant/light/lamp/config", LAMP, name="lamp", retain=True)
        eventually(lambda: hub.devices().get("Lamp"))

    def works(self):
        """What it reports shows in its twin."""
        self.level = self.level % 100 + 1
        told = {"state": "ON", "brightness": round(self.level * 2.55)}
        self.hub.publish("lamp/state", told, name="lamp")
        eventually(lambda: abs(self.shown_level() - self.level) < 0.5)

    def shown_level(self):
        return self.hub.devices()["Lamp"]["reported"].get("level", {}).get("percent", -1)

    @contextlib.contextmanager
    def sees_refused(self, source, *words):
        """What happens inside is refused with these words, counted, and harms nothing."""
        self.works()
        count = self.hub.metric("hearth_refused_total", source=source)
        newest = max((each["number"] for each in self.hub.json("refused")), default=0)
        yield

        def found():
            for each in self.hub.json("refused"):
                told = f"{each['from']}: {each['why']}"
                if each["number"] > newest and each["source"] == source and all(
                        word in told for word in words):
                    return each
            return None

        try:
            entry = eventually(found, timeout_s=5)
        except AssertionError:
            raise AssertionError(f"not told: {words} in {self.hub.json('refused')}") from None
        assert entry["why"].strip() and "\n" not in entry["why"]
        assert self.hub.metric("hearth_refused_total", source=source) > count
        self.works()


@pytest.fixture
def lamp(hub):
    return Lamp(hub)


# Packets.

LONG = 300 << 10


@pytest.mark.parametrize("sent, words", [
    (mqtt_packet(0xC0), ["must be CONNECT"]),
    (b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n", ["PUBACK"]),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32), []),  # TLS on a plain port
    (b"\x10\xff\xff\xff\xff\x7f", ["length"]),
    (b"\x10\x80\x80\x40" + bytes(64), ["bytes"]),
    (mqtt_packet(0x10, b"\x00\x04MQTX\x05\x02\x00\x00\x00\x00\x00"), ["MQTX"]),
    (mqtt_packet(0x10, b"\x00\x04MQTT\x09\x02\x00\x00\x00\x00\x00"), ["9"]),
    (mqtt_packet(0x10, b"\x00\x06MQIsdp\x04\x02\x00\x00\x00\x01a"), ["MQIsdp"]),
    (mqtt_packet(0x10, b"\x00\x06MQIsdp\x03\x02\x00\x00\x00\x00"), ["identifier"]),
    (mqtt_packet(0x10, b"\x00\x04MQTT\x86\x02\x00\x00\x00\x00\x01a"), ["134"]),
    (mqtt_packet(0x10, b"\x00\x04MQTT\x05"), []),
    (mqtt_connect(b"\xff\xfe", "lamp", "x"), ["UTF-8"]),
    (mqtt_connect("a\0b", "lamp", "x"), ["UTF-8"]),
    (mqtt_connect("x" * 300, "lamp", "x"), ["300"]),
    (mqtt_connect("will", "lamp", "x", will=("lamp/#", "x")), ["#"]),
])
def test_who_does_not_begin_as_mqtt_asks_is_turned_away(lamp, sent, words):
    with lamp.sees_refused("mqtt", *words), Wire(lamp.hub) as wire:
        wire.send(sent)
        answer = wire.packet()
        assert answer is None or (answer[0] == 0x20 and answer[1][1] != 0), answer
        assert answer is None or wire.packet() is None, "and then closed"


BAD_PACKETS = {
    "topic not UTF-8": (mqtt_publish(b"lamp/\xff", b"x"), 0x81, ["UTF-8"]),
    "topic with U+0000": (mqtt_publish("lamp/\0", b"x"), 0x81, ["UTF-8"]),
    "topic with a surrogate": (mqtt_publish(b"lamp/\xed\xa0\x80", b"x"), 0x81, ["UTF-8"]),
    "topic with a wildcard": (mqtt_publish("lamp/#", b"x"), 0x90, ["#"]),
    "no topic": (mqtt_publish("", b"x"), 0x82, ["topic"]),
    "too deep": (mqtt_publish("lamp" + "/a" * 40, b"x"), 0x90, ["levels"]),
    "too long": (b"\x30" + b"\x80\x80\x7f" + b"\x00\x01a", 0x95, ["bytes"]),
    "QoS 3": (mqtt_packet(0x36, mqtt_text("lamp/a") + b"\x00\x01\x00"), 0x81, ["QoS"]),
    "packet identifier 0": (mqtt_publish("lamp/a", b"x", 1, 0), 0x82, ["identifier"]),
    "topic longer than its packet": (mqtt_packet(0x30, b"\x00\x50lamp"), 0x81, []),
    "nothing in it": (mqtt_packet(0x30), 0x81, []),
    "unknown property": (mqtt_publish("lamp/a", b"x", properties=b"\x7f\x01"), 0x81, ["propert"]),
    "property twice": (mqtt_publish("lamp/a", b"x", properties=b"\x01\x00\x01\x00"), 0x82, []),
    "property not of PUBLISH": (
        mqtt_publish("lamp/a", b"x", properties=b"\x11\x00\x00\x00\x01"), 0x81, []),
    "property cut off": (mqtt_packet(0x30, mqtt_text("a") + b"\x05\x02\x00"), 0x81, []),
    "five bytes of length": (b"\x30\xff\xff\xff\xff\x01", 0x81, ["length"]),
    "type 0": (mqtt_packet(0x00), 0x81, ["0"]),
    "flags of PINGREQ": (mqtt_packet(0xC1), 0x81, ["PINGREQ"]),
    "body of PINGREQ": (mqtt_packet(0xC0, b"x"), 0x81, ["PINGREQ"]),
    "flags of SUBSCRIBE": (b"\x80" + mqtt_subscribe("lamp/a")[1:], 0x81, ["SUBSCRIBE"]),
    "no filter": (mqtt_packet(0x82, b"\x00\x01\x00"), 0x82, []),
    "wildcard in the middle": (mqtt_subscribe("lamp/#/a"), 0x8F, ["#"]),
    "options of SUBSCRIBE": (mqtt_subscribe("lamp/a", 0xC0), 0x81, []),
    "a server's packet": (mqtt_packet(0x90, b"\x00\x01\x00\x00"), 0x82, ["SUBACK"]),
    "CONNECT again": (mqtt_connect("again", "lamp", "x"), 0x82, ["CONNECT"]),
    "AUTH": (mqtt_packet(0xF0), 0x82, ["AUTH"]),
}


@pytest.mark.parametrize("what", BAD_PACKETS)
def test_a_malformed_packet_ends_its_connection_with_a_reason(lamp, what):
    sent, reason, words = BAD_PACKETS[what]
    with lamp.sees_refused("mqtt", "broken", *words), Wire(lamp.hub) as wire:
        assert wire.login("broken", "lamp")[1] == 0
        assert wire.send(sent).reason(0xE0) == reason
        assert wire.packet() is None


@pytest.mark.parametrize("sent", [
    mqtt_publish(b"lamp/\xff", b"x", version=4),
    mqtt_publish("lamp/+", b"x", version=4),
    b"\x30\x80\x80\x7f\x00\x01a",
    mqtt_packet(0x82, b"\x00\x01"),
    mqtt_packet(0xF0),
])
def test_with_3_1_1_it_just_ends(lamp, sent):
    with lamp.sees_refused("mqtt", "broken"), Wire(lamp.hub) as wire:
        assert wire.login("broken", "lamp", version=4)[1] == 0
        assert wire.send(sent).packet() is None


def test_a_packet_as_long_as_allowed_passes_and_one_byte_more_does_not(lamp):
    most = 1 << 20
    head = len(mqtt_publish("lamp/long", b"", 1)) + 2  # a longer length takes two bytes more
    with lamp.sees_refused("mqtt", "long", str(most), "broker.packet_bytes"), Wire(lamp.hub) as wire:
        wire.login("long", "lamp")
        fits = mqtt_publish("lamp/long", bytes(most - head), 1)
        assert len(fits) == most
        assert wire.send(fits).reason(0x40) == 0x10
        wire.send(mqtt_publish("lamp/long", bytes(most - head + 1), 1))
        assert wire.reason(0xE0) == 0x95


def test_who_says_nothing_is_not_waited_for(make_hub):
    lamp = Lamp(make_hub("--set", "broker.connect_timeout=1").start())
    with lamp.sees_refused("mqtt", "CONNECT"), Wire(lamp.hub) as silent, Wire(lamp.hub) as half:
        half.send(mqtt_connect("half", "lamp", "x")[:9])
        assert silent.packet() is None
        assert half.packet() is None


def test_a_crowd_of_strangers_leaves_room_for_the_lamp(make_hub):
    hub = make_hub("--set", "broker.connections=10", "--set", "broker.connect_timeout=1").start()
    lamp = Lamp(hub)
    strangers = [socket.create_connection(("127.0.0.1", hub.mqtt_port)) for _ in range(30)]
    eventually(lambda: [s for s in strangers if closed(s)] == strangers, timeout_s=20)
    for stranger in strangers:
        stranger.close()
    lamp.works()
    assert hub.metric("hearth_net_refused_connections") >= 20


def test_without_descriptors_who_is_connected_goes_on_and_all_is_well_after(make_hub):
    hub = make_hub("--set", "journal.segment_bytes=65536").start()
    lamp = Lamp(hub)
    with Wire(hub) as wire:
        wire.login("connected", "lamp")
        process = hub.process.pid
        _, most = resource.prlimit(process, resource.RLIMIT_NOFILE)
        used = len(os.listdir(f"/proc/{process}/fd"))
        resource.prlimit(process, resource.RLIMIT_NOFILE, (used + 3, most))
        strangers = [socket.create_connection(("127.0.0.1", hub.mqtt_port)) for _ in range(20)]
        for number in range(1, 1000):  # the journal goes through some segments meanwhile
            told = json.dumps({"state": "ON", "brightness": number % 255 + 1}).encode()
            assert wire.send(mqtt_publish("lamp/state", told, 1, number)).reason(0x40) < 0x80
        resource.prlimit(process, resource.RLIMIT_NOFILE, (most, most))
        for stranger in strangers:
            stranger.close()
    lamp.works()
    assert hub.metric("hearth_net_accept_failures") > 0
    eventually(lambda: hub.metric("hearth_journal_accepts") == 1)
    hub.kill9()
    hub.start()
    lamp.works()


def closed(stream):
    stream.setblocking(False)
    try:
        return stream.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


# Discovery and states.

SWITCH = {"unique_id": "s", "command_topic": "lamp/s/set", "state_topic": "lamp/s",
          "device": {"identifiers": ["s"], "name": "S"}}


@pytest.mark.parametrize("topic, config, words", [
    ("switch/a", "no json", ["switch/a"]),
    ("switch/a", '{"command_topic": "x"', ["switch/a"]),
    ("switch/a", "[1, 2]", ["map"]),
    ("switch/a", b'{"name": "\xff"}', ["JSON"]),
    ("switch/a", "[" * 5000, ["switch/a"]),
    ("switch/a", {**SWITCH, "command_topic": None}, ["command_topic"]),
    ("switch/a", {**SWITCH, "command_topic": 7}, ["command_topic"]),
    ("switch/a", {**SWITCH, "command_topic": "a/#"}, ["command_topic"]),
    ("switch/a", {**SWITCH, "qos": 5}, ["qos"]),
    ("sensor/a", {**SWITCH, "value_template": "{{ oops"}, ["value_template"]),
    ("sensor/a", {**SWITCH, "value_template": "{{ value | no_such_filter }}"}, ["no_such_filter"]),
    ("number/a", {**SWITCH, "min": 10, "max": 1}, ["min"]),
    ("device/a", {"components": 3, "device": {"identifiers": ["s"]}}, ["components"]),
    ("device/a", {"components": {"a": {"platform": "switch"}}, "device": {}}, ["identifiers"]),
])
def test_a_discovery_message_that_makes_no_sense_is_told(lamp, topic, config, words):
    payload = json.dumps(config) if isinstance(config, dict) else config
    payload = payload if isinstance(payload, bytes) else payload.encode()
    devices = set(lamp.hub.devices())
    with lamp.sees_refused("mqtt_discovery", f"homeassistant/{topic}/config", *words):
        with Wire(lamp.hub) as wire:
            wire.login("announcer", "lamp")
            wire.send(mqtt_publish(f"homeassistant/{topic}/config", payload, 1)).expect(0x40)
    assert set(lamp.hub.devices()) == devices


def test_of_a_device_that_is_wrong_in_part_the_rest_is_taken(lamp):
    config = {"device": {"identifiers": ["d"], "name": "D"}, "origin": {"name": "test"},
              "components": {
                  "good": {"platform": "switch", "unique_id": "good", "state_topic": "lamp/g",
                           "command_topic": "lamp/g/set"},
                  "bad": {"platform": "switch", "unique_id": "bad", "command_topic": 7}}}
    with lamp.sees_refused("mqtt_discovery", "bad", "command_topic"):
        lamp.hub.publish("homeassistant/device/d/config", config, name="lamp")
        eventually(lambda: "D" in lamp.hub.devices())
    lamp.hub.publish("lamp/g", "ON", name="lamp")
    eventually(lambda: lamp.hub.devices()["D"]["reported"].get("on_off") == {"on": True})


@pytest.mark.parametrize("payload, words", [
    (b"ON", ["JSON"]),
    (b'{"state": "ON", "brightness": ', ["JSON"]),
    (b'{"state": "\xff\xfe"}', ["UTF-8"]),
    (b'{"state": "PERHAPS"}', ["PERHAPS"]),
    (b'{"state": "ON", "brightness": "much"}', ["brightness"]),
    (b"[" * 100_000, ["JSON"]),
])
def test_a_state_that_makes_no_sense_is_told_and_changes_nothing(lamp, payload, words):
    with lamp.sees_refused("mqtt_discovery", "lamp/state", *words):
        with Wire(lamp.hub) as wire:
            wire.login("babbler", "lamp")
            wire.send(mqtt_publish("lamp/state", payload, 1)).expect(0x40)
        assert lamp.shown_level() == pytest.approx(lamp.level, abs=0.5)


@pytest.mark.parametrize("template, payload, words", [
    ("{{ value_json.t }}", "warm", ["lamp/t"]),
    ("{{ 1 / (value | float) }}", "0", ["lamp/t"]),
    ("{{ value }}", "warm", ["lamp/t", "warm"]),
    (ENDLESS, "1", ["lamp/t", "steps"]),
    ("{{ value ~ 'x' * 999999999 }}", "1", ["lamp/t"]),
    ("{{ 'a' | regex_replace('(a+)+$', 'b') if value == '1' else 'aaaa' }}", "2", ["lamp/t"]),
])
def test_a_template_that_fails_or_never_ends_costs_its_own_value_alone(
        lamp, template, payload, words):
    device = {"identifiers": ["t"], "name": "T"}
    for key, topic, value_template in (("t", "lamp/t", template), ("u", "lamp/u", "{{ value }}")):
        config = {"unique_id": key, "device": device, "state_topic": topic, "name": key,
                  "device_class": "temperature", "unit_of_measurement": "°C",
                  "value_template": value_template}
        lamp.hub.publish(f"homeassistant/sensor/{key}/config", config, name="lamp")
    eventually(lambda: "T" in lamp.hub.devices())
    with lamp.sees_refused("mqtt_discovery", *words):
        lamp.hub.publish("lamp/t", payload, name="lamp")
        lamp.hub.publish("lamp/u", "21.5", name="lamp")
    eventually(lambda: "21.5" in json.dumps(lamp.hub.devices()["T"]["reported"]))


# The command line and the API of a running hub.


@pytest.mark.parametrize("words, told", [
    (["set", "Lamp", "no.such=1"], ["no.such"]),
    (["set", "Lamp", "level.percent=101"], ["level.percent", "0 to 100"]),
    (["set", "Lamp", "level.percent=much"], ["level.percent", "much"]),
    (["set", "Lamp", "on_off.on=7"], ["on_off.on"]),
    (["set", "Nobody", "on_off.on=true"], ["Nobody"]),
    (["show", "Nobody"], ["Nobody"]),
    (["rename", "Lamp", " "], ["name"]),
    (["credential", "add", "a/b"], ["a/b"]),
    (["credential", "add", "new", "--topic", "a/#/b"], ["a/#/b"]),
    (["credential", "revoke", "nobody"], ["nobody"]),
])
def test_a_command_that_makes_no_sense_is_one_line_and_changes_nothing(lamp, words, told):
    lamp.works()
    devices, events = lamp.hub.devices(), lamp.hub.metric("hearth_events")
    line = lamp.hub.cli(*words, expect=1)
    assert line.count("\n") == 1 and line.startswith("hearth: ")
    assert all(word in line for word in told), line
    assert lamp.hub.devices() == devices
    assert lamp.hub.metric("hearth_events") == events
    lamp.works()


@pytest.mark.parametrize("body, told", [
    ({"set": {"no.such": 1}}, "no.such"),
    ({"set": {"level.percent": 101}}, "0 to 100"),
    ({"set": {}}, "set"),
    ([], "JSON object"),
])
def test_a_request_that_makes_no_sense_is_counted_and_listed(lamp, body, told):
    device = lamp.hub.devices()["Lamp"]["id"]
    with lamp.sees_refused("api", told):
        status, answer = lamp.hub.http("POST", f"/api/v1/devices/{device}/commands", body)
        assert 400 <= status < 500 and told in answer, answer


# Starting.


def refuses_to_start(hub, *arguments, env=None):
    """The one line with which `hearth serve` refuses."""
    command = [hub.program, "serve", "--data", hub.data]
    for option in ("--http", "--mqtt"):
        command += [] if option in arguments else [option, "127.0.0.1:0"]
    done = subprocess.run([str(word) for word in [*command, *arguments]], capture_output=True,
                          text=True, timeout=30, check=False, env=env)
    assert done.returncode == 1, done
    assert "ready" not in done.stdout
    lines = [line for line in done.stderr.splitlines() if line.startswith("hearth: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize("arguments, words", [
    (["--set", "broker.nonsense=1"], ["broker.nonsense"]),
    (["--set", "broker.receive_maximum=0"], ["broker.receive_maximum", "1 to 65535"]),
    (["--set", "broker.receive_maximum=few"], ["broker.receive_maximum", "few"]),
    (["--set", "nonsense"], ["KEY=VALUE"]),
    (["--mqtt", "0.0.0.0:0", "--anonymous"], ["0.0.0.0", "loopback"]),
    (["--mqtt", "0.0.0.0:0"], ["broker.allow_plain_lan"]),
    (["--mqtt", "nonsense"], ["nonsense"]),
    (["--mqtt", "127.0.0.1:99999"], ["99999"]),
    (["--mqtt", "192.0.2.1:0", "--set", "broker.allow_plain_lan=true"], ["192.0.2.1"]),
    (["--home", "/nowhere.yaml"], ["/nowhere.yaml"]),
    (["--config", "/nowhere.yaml"], ["/nowhere.yaml"]),
])
def test_options_that_make_no_sense_are_named(make_hub, arguments, words):
    line = refuses_to_start(make_hub(), *arguments)
    assert all(word in line for word in words), line


@pytest.mark.parametrize("content, words", [
    ("broker:\n  recieve_maximum: 3\n", ["recieve_maximum"]),
    ("nonsense: 1\n", ["nonsense"]),
    ("broker: [\n", ["line"]),
    ("broker:\n  receive_maximum: [1]\n", ["receive_maximum"]),
    ("- a\n- b\n", []),
    ("a: \xff\n", []),
])
def test_a_config_file_that_makes_no_sense_is_named_and_so_is_the_place(
        make_hub, tmp_path, content, words):
    config = tmp_path / "config.yaml"
    config.write_bytes(content.encode("latin-1"))
    line = refuses_to_start(make_hub(), "--config", config)
    assert str(config) in line and all(word in line for word in words), line


def test_a_port_in_use_is_told_and_the_one_who_has_it_goes_on(lamp, make_hub):
    lamp.works()
    for option, port in (("--mqtt", lamp.hub.mqtt_port), ("--http", lamp.hub.http_port)):
        line = refuses_to_start(make_hub(), option, f"127.0.0.1:{port}")
        assert f"127.0.0.1:{port}" in line and "in use" in line
    lamp.works()


def files_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_data_folder_of_a_newer_version_is_left_as_it_is(lamp):
    hub = lamp.hub
    hub.stop()
    (hub.data / "version").write_text("999\n")
    before = files_of(hub.data)
    assert "newer" in refuses_to_start(hub)
    assert files_of(hub.data) == before
    (hub.data / "version").write_text("1\n")
    hub.start()
    lamp.works()


def test_a_data_folder_that_cannot_be_one_is_told(make_hub, tmp_path):
    (tmp_path / "file").write_text("")
    assert "file" in refuses_to_start(make_hub(data=tmp_path / "file" / "data"))
    hub = make_hub().start()
    hub.stop()
    (hub.data / "version").write_text("one\n")
    assert "version" in refuses_to_start(hub)


# Damage and a full disk.


def flip(folder, content):
    """Flips a byte of what stands nowhere but once in the journal."""
    for path in sorted((folder / "journal").iterdir()):
        all_bytes = bytearray(path.read_bytes())
        at = all_bytes.find(content)
        if at >= 0:
            all_bytes[at] ^= 0xFF
            path.write_bytes(all_bytes)
            return
    raise AssertionError(f"{content} is nowhere in the journal")


def test_a_damaged_journal_loses_one_record_and_says_so(lamp):
    hub = lamp.hub
    for number in (1, 2, 3):
        hub.publish(f"lamp/kept/{number}", f"payload number {number}", name="lamp", retain=True)
    hub.kill9()
    flip(hub.data, b"payload number 2")
    report = json.loads(verify(hub, 1))
    assert report["lost"] == 1 and len(report["damaged"]) == 1
    hub.start()
    assert hub.metric("hearth_refused_total", source="journal") == 1
    told = [each["why"] for each in hub.json("refused") if each["source"] == "journal"]
    assert len(told) == 1 and str(report["damaged"][0]["first"]) in told[0]
    kept = hub.subscribe("lamp/kept/+", name="lamp")
    assert {kept.next_message()[1] for _ in range(2)} == {"payload number 1", "payload number 3"}
    lamp.works()
    hub.restart()
    lamp.works()


def verify(hub, expect):
    done = subprocess.run([hub.program, "journal", "verify", "--json", "--data", hub.data],
                          capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == expect, done
    return done.stdout


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own with room for little."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "hearth-test", folder],
                             capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder):
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as out, contextlib.suppress(OSError):
        while out.write(bytes(4096)):
            pass
    return ballast


def test_on_a_full_disk_nothing_is_promised_and_the_twin_still_moves(small_disk, make_hub):
    hub = make_hub("--set", "journal.segment_bytes=65536", "--set", "journal.retry_interval=1",
                   data=small_disk / "data").start()
    lamp = Lamp(hub)
    lamp.works()
    ballast = fill(small_disk)
    acknowledged = 0
    with Wire(hub) as wire:
        wire.login("eager", "lamp")
        for number in range(1, 2000):
            wire.send(mqtt_publish(f"lamp/kept/{number}", bytes(500), 1, number, retain=True))
            packet = wire.packet()
            if packet is None or packet[0] != 0x40 or (packet[1] + b"\0")[2] >= 0x80:
                break
            acknowledged = number
    assert packet is None or (packet[1] + b"\0")[2 if packet[0] == 0x40 else 0] == 0x97
    assert hub.metric("hearth_journal_accepts") == 0
    why = [each["why"] for each in hub.json("refused")]
    assert any("disk full" in each or "No space left" in each for each in why), why
    for brightness, level in ((255, 100), (51, 20)):
        told = {"state": "ON", "brightness": brightness}
        hub.publish("lamp/state", told, qos=0, name="lamp")
        eventually(lambda: lamp.shown_level() == level)
        hub.kill9()
        hub.start()

    ballast.unlink()
    eventually(lambda: hub.metric("hearth_journal_accepts") == 1, timeout_s=20)
    lamp.works()
    hub.kill9()
    hub.start()
    with Wire(hub) as wire:
        wire.login("reader", "lamp")
        wire.send(mqtt_subscribe("lamp/kept/+", 0)).expect(0x90)
        kept = set()
        while len(kept) < acknowledged:
            kept.add(wire.expect(0x31))
    lamp.works()


def test_a_hub_comes_back_on_a_full_disk(small_disk, make_hub):
    hub = make_hub("--set", "journal.segment_bytes=65536", "--set", "journal.retry_interval=1",
                   data=small_disk / "data").start()
    lamp = Lamp(hub)
    ballast = fill(small_disk)
    for end in (hub.kill9, hub.stop):
        end()
        hub.start()
        lamp.works()  # what is preallocated is room for a while
    ballast.unlink()
    hub.restart()
    lamp.works()


def test_a_disk_that_is_full_from_the_start_is_told(small_disk, make_hub):
    fill(small_disk)
    assert "No space left" in refuses_to_start(make_hub(data=small_disk / "data"))

