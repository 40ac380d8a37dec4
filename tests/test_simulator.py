"""`hearth simulate` against another broker than hearth's: a real mosquitto. What the devices announce,
tell, understand and refuse, and how the program begins and ends."""

import getpass
import json
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from hub import Process, Subscriber, eventually, mosquitto_tool

DEMO = Path(__file__).resolve().parent.parent / "homes/demo.yaml"
OPEN = "allow_anonymous true\n"


class Mosquitto:
    """A mosquitto on a free port of the loopback, with a configuration of its own."""

    def __init__(self, folder, rules):
        self.program = mosquitto_tool("mosquitto")
        assert self.program, "there is no mosquitto: run scripts/setup --dev"
        self.folder = folder
        self.rules = rules
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.children = []
        self.process = None
        self.logins = []

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        file = self.folder / "mosquitto.conf"
        # Started as root it would become somebody who cannot read this folder.
        common = f"listener {self.port} 127.0.0.1\npersistence false\nuser {getpass.getuser()}\n"
        file.write_text(common + self.rules)
        self.process = Process([self.program, "-c", file])
        eventually(self.answers)
        return self

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        process, self.process = self.process, None
        if process:
            process.end()

    def close(self):
        for child in self.children:
            child.end()
        self.stop()

    def command(self, tool):
        return [tool, "-h", "127.0.0.1", "-p", str(self.port), *self.logins]

    def publish(self, topic, payload, retain=False):
        if not isinstance(payload, str):
            payload = json.dumps(payload)
        command = [*self.command("mosquitto_pub"), "-t", topic, "-q", "1", "-m", payload]
        subprocess.run(command + ["-r"] * retain, check=True, timeout=30)

    def subscribe(self, *topics):
        options = [word for topic in topics for word in ("-t", topic)]
        subscriber = Subscriber([*self.command("mosquitto_sub"), "-q", "1", *options])
        self.children.append(subscriber)
        return subscriber

    def retained(self):
        """All retained messages, by their topic."""
        command = [*self.command("mosquitto_sub"), "-t", "#", "--retained-only", "-W", "1", "-v"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return dict(line.split(" ", 1) for line in done.stdout.splitlines())


@pytest.fixture
def make_broker(tmp_path):
    brokers = []

    def make(rules=OPEN):
        brokers.append(Mosquitto(tmp_path, rules))
        return brokers[-1]

    yield make
    for broker in brokers:
        broker.close()


@pytest.fixture
def make_simulator(program):
    processes = []

    def make(*arguments):
        processes.append(Process([program, "simulate", *arguments]))
        return processes[-1]

    yield make
    for process in processes:
        if process.running():
            process.end()


@pytest.fixture
def broker(make_broker):
    return make_broker().start()


@pytest.fixture
def simulator(make_simulator, broker):
    """The demo home, connected and announced."""
    process = make_simulator(DEMO, "--mqtt", broker.address)
    assert process.next_line(30).startswith("simulating 8 devices")
    return process


def wait_for(subscriber, wanted, timeout_s=20):
    """The payload of the first message for which wanted(topic, payload) is true."""
    while True:
        topic, payload = subscriber.next_message(timeout_s)
        if wanted(topic, payload):
            return payload


def test_all_eight_devices_are_announced_retained(broker, simulator):
    retained = broker.retained()
    configs = {t: json.loads(p) for t, p in retained.items() if t.startswith("homeassistant/")}
    ids = set()
    for config in configs.values():
        device = config.get("device") or config["dev"]
        found = device.get("identifiers") or device["ids"]
        ids.add(found if isinstance(found, str) else found[0])
    assert len(ids) == 8
    # Device form, single components, and short words.
    assert "cover" in configs["homeassistant/device/curtain-7f21c4/config"]["cmps"]
    lamp = configs["homeassistant/light/0x00124b0022a1c001/light/config"]
    assert lamp["supported_color_modes"] == ["hs", "color_temp"]
    assert configs["homeassistant/switch/3C71BF8A11E7_RL_1/config"]["~"] == "tele/coffee-plug/"


def test_availability_is_retained_and_goes_offline_at_a_clean_end(broker, simulator):
    online = {
        "zigbee2mqtt/bridge/state": '{"state":"online"}',
        "zigbee2mqtt/hall_motion/availability": '{"state":"online"}',
        "kitchen-light/status": "online",
        "tele/hall-light/LWT": "Online",
        "tele/coffee-plug/LWT": "Online",
        "curtain-7f21c4/available": "online",
        "lock-2b90e6/available": "online",
    }
    retained = broker.retained()
    assert {topic: retained.get(topic) for topic in online} == online
    assert simulator.end() == 0
    retained = broker.retained()
    assert retained["zigbee2mqtt/bridge/state"] == '{"state":"offline"}'
    assert retained["kitchen-light/status"] == "offline"
    assert retained["tele/hall-light/LWT"] == "Offline"
    assert retained["tele/coffee-plug/LWT"] == "Offline"
    assert retained["curtain-7f21c4/available"] == "offline"
    assert retained["lock-2b90e6/available"] == "offline"


def test_the_wills_say_offline_when_it_is_killed(broker, simulator):
    subscriber = broker.subscribe("lock-2b90e6/available", "zigbee2mqtt/bridge/state")
    simulator.signal(signal.SIGKILL)
    simulator.wait()
    wait_for(subscriber, lambda t, p: t == "lock-2b90e6/available" and p == "offline")


def test_each_dialect_obeys_a_command_and_answers(broker, simulator):
    cases = [
        (
            "zigbee2mqtt/living_room_lamp",
            "zigbee2mqtt/living_room_lamp/set",
            {"state": "ON", "brightness": 77, "color": {"hue": 240, "saturation": 100}},
            lambda p: p["state"] == "ON" and p["brightness"] == 77 and p["color"]["hue"] == 240,
        ),
        (
            "kitchen-light/light/kitchen_light/state",
            "kitchen-light/light/kitchen_light/command",
            {"state": "ON", "brightness": 128},
            lambda p: p["state"] == "ON" and p["brightness"] == 128,
        ),
        (
            "stat/hall-light/RESULT",
            "cmnd/hall-light/POWER",
            "TOGGLE",
            lambda p: p["POWER"] in ("ON", "OFF"),
        ),
        (
            "lock-2b90e6/state",
            "lock-2b90e6/set",
            "UNLOCK",
            lambda p: p["lock"] == "UNLOCKED",
        ),
    ]
    for state, command, payload, reached in cases:
        subscriber = broker.subscribe(state)
        broker.publish(command, payload)
        wait_for(subscriber, lambda _, p, reached=reached: reached(json.loads(p)))


def test_the_curtain_reports_on_its_way(broker, simulator):
    subscriber = broker.subscribe("curtain-7f21c4/state")
    begin = json.loads(subscriber.next_message()[1])["position"]
    goal = 0 if begin > 50 else 100
    broker.publish("curtain-7f21c4/position/set", str(goal))
    positions = []
    while not positions or positions[-1] != goal:
        positions.append(json.loads(subscriber.next_message()[1])["position"])
    assert len(positions) >= 8
    assert positions == sorted(positions, reverse=goal == 0)


def test_nonsense_is_refused_as_firmware_does(broker, simulator):
    cases = [
        ("zigbee2mqtt/bridge/logging", "zigbee2mqtt/living_room_lamp/set", '{"state": "MAYBE"}'),
        ("kitchen-light/debug", "kitchen-light/light/kitchen_light/command", "ON please"),
        ("stat/coffee-plug/RESULT", "cmnd/coffee-plug/DANCE", "1"),
        ("lock-2b90e6/log", "lock-2b90e6/set", "OPEN SESAME"),
        ("curtain-7f21c4/log", "curtain-7f21c4/position/set", "101"),
    ]
    for answer, topic, payload in cases:
        subscriber = broker.subscribe(answer)
        broker.publish(topic, payload)
        subscriber.next_message()


def test_state_comes_on_request_and_all_comes_again_when_a_hub_appears(broker, simulator):
    subscriber = broker.subscribe("zigbee2mqtt/bedroom_thermometer")
    broker.publish("zigbee2mqtt/bedroom_thermometer/get", {"temperature": ""})
    reading = json.loads(subscriber.next_message()[1])
    assert 5 < reading["temperature"] < 40
    assert 0 < reading["humidity"] < 100

    config = "homeassistant/device/lock-2b90e6/config"
    broker.publish(config, "", retain=True)  # as if it were lost
    assert config not in broker.retained()
    broker.publish("homeassistant/status", "online")
    eventually(lambda: config in broker.retained(), timeout_s=20)


def test_something_moves_within_the_first_minute(broker, simulator):
    subscriber = broker.subscribe("zigbee2mqtt/+", "tele/coffee-plug/SENSOR")
    seen = set()
    while len(seen) < 3:
        topic, payload = subscriber.next_message(60)
        if topic.endswith("hall_motion") and not json.loads(payload)["occupancy"]:
            continue
        if topic.endswith("living_room_lamp"):
            continue
        seen.add(topic)


def test_at_high_speed_days_pass_and_the_counter_grows(broker, make_simulator):
    subscriber = broker.subscribe("tele/coffee-plug/SENSOR")
    make_simulator(DEMO, "--mqtt", broker.address, "--speed", "20000")
    first = json.loads(subscriber.next_message(30)[1])
    total = first["ENERGY"]["Total"]
    while True:
        last = json.loads(subscriber.next_message(30)[1])
        assert last["ENERGY"]["Total"] >= total
        total = last["ENERGY"]["Total"]
        if last["Time"][:10] != first["Time"][:10] and total > first["ENERGY"]["Total"]:
            break


def test_it_waits_for_a_broker_says_so_once_and_comes_back_after_an_outage(
    make_broker, make_simulator
):
    broker = make_broker()
    process = make_simulator(DEMO, "--mqtt", broker.address)
    eventually(lambda: "no connection" in process.errors)
    broker.start()
    assert process.next_line(30).startswith("simulating 8 devices")
    assert process.errors.count("no connection") == 1
    broker.stop()
    eventually(lambda: process.errors.count("no connection") == 2)
    broker.start()
    eventually(lambda: "again" in process.errors.splitlines()[-1], timeout_s=30)
    eventually(lambda: "kitchen-light/status" in broker.retained(), timeout_s=30)


def with_passwords(make_broker, tmp_path):
    """A broker that knows one user, demo, with the password "secret"."""
    passwords = tmp_path / "passwords"
    subprocess.run([mosquitto_tool("mosquitto_passwd"), "-b", "-c", passwords, "demo", "secret"], check=True)
    broker = make_broker(f"allow_anonymous false\npassword_file {passwords}\n").start()
    broker.logins = ["-u", "demo", "-P", "secret"]
    return broker


def test_credentials_let_it_in(make_broker, make_simulator, tmp_path):
    broker = with_passwords(make_broker, tmp_path)
    file = tmp_path / "credentials.yaml"
    file.write_text("username: demo\npassword: secret\n")
    process = make_simulator(DEMO, "--mqtt", broker.address, "--credentials", file)
    assert process.next_line(30).startswith("simulating 8 devices")


@pytest.mark.parametrize("login", [None, '{"name": "demo", "password": "wrong"}'])
def test_without_the_right_credentials_it_says_what_to_do_and_ends_with_1(
    make_broker, make_simulator, tmp_path, login
):
    broker = with_passwords(make_broker, tmp_path)
    arguments = [DEMO, "--mqtt", broker.address]
    if login:
        (tmp_path / "login.json").write_text(login)
        arguments += ["--credentials", tmp_path / "login.json"]
    process = make_simulator(*arguments)
    assert process.wait(30) == 1
    assert len(process.errors.splitlines()) == 1
    assert "hearth credential add" in process.errors
    assert "wrong" not in process.errors


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("devices: [", "line 1"),
        ("devices: []", "nothing to play"),
        ("devices: [{name: a, id: x, simulate: {kind: robot}}]", "robot"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_home_file_is_named_and_ends_with_2(make_simulator, tmp_path, text, complaint):
    file = tmp_path / "home.yaml"
    if text is not None:
        file.write_text(text)
    process = make_simulator(file)
    assert process.wait(30) == 2
    assert complaint in process.errors
    assert len(process.errors.splitlines()) == 1


def test_bad_credentials_and_options_end_with_2(make_simulator, tmp_path):
    file = tmp_path / "credentials.yaml"
    file.write_text("user: demo\n")
    for arguments in (["--credentials", file], ["--mqtt", "nowhere"], ["--speed", "0"]):
        process = make_simulator(DEMO, *arguments)
        assert process.wait(30) == 2
        assert len(process.errors.splitlines()) == 1
