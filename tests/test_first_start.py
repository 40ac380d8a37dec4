"""The program as somebody meets it first: what it prints, what it refuses, what it leaves behind."""

import json
import re
import subprocess

from hub import Hub


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
    for command in ("serve", "simulate", "devices", "show", "set", "events", "rename", "move", "alias",
                    "credential", "journal", "claim", "version"):
        assert command in output("help")
        assert command in output("help", command)


