"""The program as somebody meets it first: what it prints, what it refuses, what it leaves behind."""

import json
import os
import re
import subprocess
import threading
import time
from pathlib import Path

from hub import ROOT, Hub, Process, eventually, mosquitto_tool


def serve(hub, *arguments):
    return [hub.program, "serve", "--data", hub.data, "--http", "127.0.0.1:0", "--mqtt",
            "127.0.0.1:0", *arguments]


def refused(command):
    """Runs a command that must end at once with exit code 1, and returns its one line."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1, done
    lines = [line for line in done.stderr.splitlines() if line.startswith("hearth: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_the_first_start_prints_a_claim_code_and_then_the_ready_line(make_hub):
    hub = make_hub().start()
    assert re.fullmatch(r"claim code: [2-9A-Z]{4}-[2-9A-Z]{4}", hub.process.lines[0])
    assert hub.process.lines[1].startswith("ready http=127.0.0.1:")
    hub.restart()
    assert not any(line.startswith("claim code") for line in hub.process.lines)
    assert re.fullmatch(r"claim code: \S{4}-\S{4}\n", hub.cli("claim"))


def test_a_hub_that_is_somebodys_prints_none_also_where_its_token_was_lost(make_hub):
    hub = make_hub().start()
    code = hub.process.lines[0].removeprefix("claim code: ")
    body = {"code": code, "name": "Ann", "password": "correct horse battery"}
    assert hub.http("POST", "/api/v1/claim", body, token=False)[0] == 201
    hub.stop()
    (hub.data / "admin.token").unlink()
    hub.start()
    assert not [line for line in hub.process.lines if "claim code" in line]
    assert (hub.data / "admin.token").exists()


def test_the_system_log_gets_no_claim_code(make_hub):
    # As systemd starts a service: it says of which stream that this is its log.
    hub = make_hub()
    log = 'JOURNAL_STREAM=$(stat -L -c %d:%i "/proc/$$/fd/1") exec "$@"'
    process = Process(["bash", "-c", log, "bash", *serve(hub)])
    try:
        said = [process.next_line(), process.next_line()]
        assert said[0] == "this hub is nobody's yet: `hearth claim` prints the code that claims it"
        assert said[1].startswith("ready ")
        assert re.fullmatch(r"claim code: \S{4}-\S{4}\n", hub.cli("claim"))
    finally:
        process.end()


def test_no_file_of_the_data_folder_is_for_others(make_hub):
    hub = make_hub().start()
    open_to_others = [path for path in [hub.data, *hub.data.rglob("*")] if path.stat().st_mode & 0o077]
    assert open_to_others == []


def test_commands_work_at_once_and_say_where_there_is_no_hub(make_hub, tmp_path):
    hub = make_hub().start()
    assert hub.json("devices") == []
    version = subprocess.run([hub.program, "version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("hearth ")
    hub.stop()
    assert "is `hearth serve` running?" in hub.cli("devices", expect=1)
    nowhere = Hub(tmp_path / "nowhere", program=hub.program)
    assert "no hub has run with the data folder" in nowhere.cli("devices", expect=1)


def test_wrong_usage_ends_with_2(make_hub):
    hub = make_hub()
    for words in (["nonsense"], ["serve", "--nonsense"], ["set", "lamp"], []):
        done = subprocess.run([hub.program, *words], capture_output=True, text=True, timeout=20)
        assert done.returncode == 2, words
        assert done.stderr.startswith("hearth: "), done.stderr


def test_anonymous_is_for_loopback_only(make_hub):
    hub = make_hub()
    command = [hub.program, "serve", "--data", hub.data, "--mqtt", "0.0.0.0:0", "--anonymous"]
    assert "loopback only" in refused(command)


def test_mqtt_beyond_this_machine_is_refused_by_default(make_hub):
    hub = make_hub()
    command = [hub.program, "serve", "--data", hub.data, "--mqtt", "0.0.0.0:0"]
    assert "broker.allow_plain_lan" in refused(command)
    assert "loopback" in refused([hub.program, "serve", "--data", hub.data, "--http", "0.0.0.0:0"])


def test_settings_that_make_no_sense_are_named(make_hub, tmp_path):
    hub = make_hub()
    assert "no setting \"broker.nonsense\"" in refused(serve(hub, "--set", "broker.nonsense=1"))
    assert "1 to 65535" in refused(serve(hub, "--set", "broker.receive_maximum=0"))
    config = tmp_path / "config.yaml"
    config.write_text("broker:\n  recieve_maximum: 3\n")
    line = refused(serve(hub, "--config", config))
    assert "config.yaml" in line and "recieve_maximum" in line
    config.write_text("broker: [\n")
    assert "line" in refused(serve(hub, "--config", config))
    assert "none.yaml" in refused(serve(hub, "--config", tmp_path / "none.yaml"))


def test_a_port_in_use_is_told_with_its_address(make_hub):
    first = make_hub().start()
    second = make_hub()
    for option, port in (("--mqtt", first.mqtt_port), ("--http", first.http_port)):
        line = refused([second.program, "serve", "--data", second.data, "--http", "127.0.0.1:0",
                        "--mqtt", "127.0.0.1:0", option, f"127.0.0.1:{port}"])
        assert f"127.0.0.1:{port}" in line and "in use" in line


def test_two_hubs_do_not_share_a_data_folder(make_hub):
    hub = make_hub().start()
    assert str(hub.data) in refused(serve(hub))
    assert hub.json("devices") == []


def test_a_folder_of_a_newer_version_is_left_alone(make_hub):
    hub = make_hub().start()
    hub.stop()
    (hub.data / "version").write_text("999\n")
    before = {path: path.read_bytes() for path in hub.data.rglob("*") if path.is_file()}
    assert "newer" in refused(serve(hub))
    after = {path: path.read_bytes() for path in hub.data.rglob("*") if path.is_file()}
    assert before == after


def test_sigterm_ends_it_in_order(make_hub):
    hub = make_hub().start()
    hub.credential("lamp")
    hub.stop()
    report = json.loads(hub.cli("journal", "verify", "--json"))
    assert report["damaged"] == [] and "torn_tail" not in report
    hub.start()
    assert [credential["name"] for credential in hub.json("credential", "list")] == ["lamp"]


def test_a_request_without_the_token_or_for_another_host_gets_nothing(hub):
    assert hub.http("GET", "/api/v1/devices", token=False)[0] == 401
    assert hub.http("GET", "/api/v1/devices", headers={"Host": "evil.example"})[0] == 421
    assert hub.http("GET", "/metrics", token=False)[0] == 200
    status, document = hub.http("GET", "/api/v1/openapi.json", token=False)
    assert status == 200 and next(iter(json.loads(document))) == "openapi"


def test_a_process_that_speaks_no_http_is_turned_away(hub):
    import socket

    for bytes_ in (b"\x10\x00\x00\x00nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20000):
        with socket.create_connection(("127.0.0.1", hub.http_port), timeout=10) as stream:
            try:
                stream.sendall(bytes_)
                answer = stream.recv(100)
            except ConnectionError:
                answer = b""
            assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer
    assert hub.json("devices") == []


def test_help_is_there_for_each_command_and_setting(make_hub):
    hub = make_hub()

    def output(*words):
        return subprocess.run([hub.program, *words], capture_output=True, text=True, check=True).stdout

    assert "journal.commit_interval" in output("help", "settings")
    for command in ("serve", "simulate", "devices", "show", "set", "events", "rename", "move", "alias", "hand", "forget",
                    "area", "credential", "journal", "claim", "version"):
        assert command in output("help")
        assert command in output("help", command)




def tour():
    """The blocks of README's "Five minutes", as (language, text), in their order."""
    text = (ROOT / "README.md").read_text()
    part = text.split("## Five minutes")[1].split("\n## ")[0]
    return re.findall(r"```(\w*)\n(.*?)```", part, re.DOTALL)


def test_the_tour_works_as_it_is_printed(make_hub, tmp_path):
    """Each block of the README is pasted whole into one shell, at once, as a newcomer does."""
    hub = make_hub("--home", ROOT / "homes/demo.yaml").start()
    hub.simulate(ROOT / "homes/demo.yaml")
    eventually(lambda: sum(device["online"] for device in hub.devices().values()) == 8, 30)
    blocks = [text for language, text in tour() if language == "sh"]
    rule = next(text for language, text in tour() if language == "yaml")
    script = "set -e\n" + "".join(blocks)
    # What only a person at a keyboard can do, or what stands elsewhere on a test's machine.
    replaced = {
        "~/.local/share/hearth-demo": str(hub.data),
        "$PWD/build/release": str(hub.program.parent),
        "hearth events --follow ": "timeout --signal=INT 2 hearth events --follow || true ",
        # Without a keyboard it asks, does nothing, and says so by its exit code.
        'hearth say "unlock the front door" ': 'hearth say "unlock the front door" || [ $? = 3 ] ',
        "hearth automation add porch.yaml": f"cat > porch.yaml <<'END'\n{rule}END\n"
        "hearth automation add porch.yaml",
    }
    for printed, here in replaced.items():
        assert printed in script, printed
        script = script.replace(printed, here)
    script += 'stat -c %a "$PWD"\n'
    # mosquitto_pub's own way to another port, so that the lines stay as they are.
    (tmp_path / "config").mkdir()
    (tmp_path / "config/mosquitto_pub").write_text(f"-h 127.0.0.1\n-p {hub.mqtt_port}\n")
    tools = Path(mosquitto_tool("mosquitto_pub")).parent
    env = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config"), "TMPDIR": str(tmp_path),
           "PATH": f"{tools}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120,
                          env=env, cwd=ROOT, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    porch = next(line for line in done.stdout.splitlines() if "Porch light" in line)
    assert "on_off.on=true" in porch and "level.percent=50" in porch, porch
    assert hub.devices()["Porch light"]["area"] == "Garden"
    trace = done.stdout.split("of Porch light with the hall", 1)[1]
    assert "Hall light" in trace and "Porch light: on_off.on = " in trace, trace
    assert "it has not run yet" not in done.stdout
    assert done.stdout.splitlines()[-1] == "700", "the folder with the password is for others too"
    assert not (ROOT / "porch.json").exists() and not (ROOT / "porch.yaml").exists()


def test_a_name_that_is_announced_just_now_is_waited_for_and_a_wrong_one_is_told(hub):
    hub.credential("diary", ["#"])
    publisher = hub.client(name="diary")
    config = {"unique_id": "late", "name": None, "state_topic": "late/state",
              "command_topic": "late/set", "device": {"identifiers": ["late"], "name": "Late lamp"}}
    commands = {"show": [], "move": ["Garden"], "set": ["on_off.on=true", "--no-wait"]}
    for number, (command, more) in enumerate(commands.items()):
        name = f"Late lamp {number}"
        config["unique_id"] = config["device"]["identifiers"][0] = f"late-{number}"
        config["device"]["name"] = name
        topic = f"homeassistant/switch/late-{number}/config"
        late = threading.Timer(0.5, publisher.publish, (topic, json.dumps(config)))
        late.start()
        hub.cli(command, name, *more)
        late.join()
    began = time.monotonic()
    assert "there is no device" in hub.cli("show", "Nobody", expect=1)
    assert time.monotonic() - began < 5


def test_tables_stay_straight_whatever_things_are_called(hub):
    """Columns are counted as a terminal draws them: wide letters, emoji, marks, right to left."""
    hub.credential("diary", ["#"])
    names = ["Lamp", "卧室灯", "Lampe d’été 🛋️", "مصباح", "e\u0301t\u0301e\u0301", "👩‍👩‍👧 room",
             "A lamp with a name that is so long that it pushes everything aside"]
    drawn = [4, 6, 14, 5, 3, 7, 40]
    for number, name in enumerate(names):
        config = {"unique_id": f"t{number}", "name": None, "state_topic": f"t/{number}",
                  "device_class": "temperature", "unit_of_measurement": "°C",
                  "device": {"identifiers": [f"t{number}"], "name": name}}
        hub.publish(f"homeassistant/sensor/t{number}/config", config, name="diary")
    eventually(lambda: len(hub.devices()) == len(names))
    hub.publish("t/0", "21.0", name="diary")
    eventually(lambda: hub.devices()["Lamp"]["reported"])
    lines = hub.cli("devices").splitlines()
    assert lines[0].index("AREA") == lines[0].index("NAME") + 40 + 2
    for line in lines[1:]:
        name, padding = re.fullmatch(r"\S+  (.*?)\u200e?( {2,})-  .*", line).groups()
        which = next(i for i, each in enumerate(names) if each.startswith(name.rstrip("…")))
        assert len(padding) == 40 - drawn[which] + 2, line
    assert any("…  -" in line for line in lines)
    shown = hub.cli("show", "Lamp")
    assert "temperature.celsius = 21 °C" in shown, shown


def test_the_command_line_says_that_it_was_the_command_line(hub):
    hub.credential("diary", ["#"])
    config = {"unique_id": "d", "name": None, "command_topic": "d/set", "state_topic": "d/state",
              "device": {"identifiers": ["d"], "name": "Bell"}}
    hub.publish("homeassistant/switch/d/config", config, name="diary")
    hub.cli("move", "Bell", "Hall")
    hub.cli("set", "Bell", "on_off.on=true", expect=1)
    events = hub.cli("events")
    assert "command 1: on_off.on=true  (command line)" in events, events
    assert "admin token" not in events, events
