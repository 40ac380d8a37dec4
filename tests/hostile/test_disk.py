"""A disk that is full, that fails, or whose files somebody has cut: what is answered is true, nothing
reaches a device whose command was refused, and the hub says what is missing."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hub import READY_TIMEOUT_S, Process, eventually, is_sanitized

LAMP = {
    "unique_id": "lamp-1",
    "name": None,
    "schema": "json",
    "state_topic": "lamp/state",
    "command_topic": "lamp/set",
    "device": {"identifiers": ["lamp-1"], "name": "Lamp"},
}


class BadDisk:
    """The disk under a hub's journal, which fails as the test says."""

    def __init__(self, library, orders):
        self.orders = orders
        self.heal()
        self.env = {"LD_PRELOAD": str(library), "HEARTH_BAD_DISK": str(orders)}

    def fail(self, error, *calls):
        # Replaced as a whole: the hub may read at any moment.
        fresh = self.orders.with_suffix(".new")
        fresh.write_text("".join(f"{call} {error}\n" for call in calls))
        fresh.rename(self.orders)

    def heal(self):
        self.fail("EIO")


@pytest.fixture(scope="session")
def bad_disk_library(tmp_path_factory):
    compiler = shutil.which("clang-19") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here")
    library = tmp_path_factory.mktemp("bad_disk") / "bad_disk.so"
    source = Path(__file__).with_name("bad_disk.c")
    command = [compiler, "-shared", "-fPIC", "-O1", "-w", source, "-o", library, "-ldl"]
    subprocess.run([str(word) for word in command], check=True, timeout=60)
    return library


@pytest.fixture
def bad_disk(bad_disk_library, program, tmp_path):
    if is_sanitized(program):
        pytest.skip("a sanitizer wants to be the first library")
    return BadDisk(bad_disk_library, tmp_path / "orders")


class Lamp:
    """A lamp that keeps what it is told."""

    def __init__(self, hub):
        self.hub = hub
        hub.credential("lamp")
        hub.publish("homeassistant/light/lamp/config", LAMP, name="lamp", retain=True)
        eventually(lambda: "Lamp" in hub.devices())
        self.heard = []
        client = hub.client(name="lamp")
        client.on_message = lambda _, __, message: self.heard.append(message.payload)
        granted = []
        client.on_subscribe = lambda *_: granted.append(True)
        client.subscribe("lamp/set", 1)
        eventually(lambda: granted)
        assert self.command(True) == 202
        # One command, one message: none is left on the way to be counted among the next.
        eventually(lambda: self.heard)
        self.heard.clear()

    def command(self, on):
        status, _ = self.hub.http(
            "POST", "/api/v1/devices/Lamp/commands", {"set": {"on_off.on": on}}
        )
        return status


def tokens(hub):
    return [token["name"] for token in json.loads(hub.http("GET", "/api/v1/tokens")[1])]


def add_token(hub, name):
    status, body = hub.http("POST", "/api/v1/tokens", {"name": name})
    return status, json.loads(body).get("detail", "")


def refuses_everything(hub, lamp):
    """What is answered 503 is not done, however often it is asked."""
    lamp.heard.clear()
    for _ in range(5):
        assert lamp.command(False) == 503
    before = tokens(hub)
    for number in range(20):
        status, detail = add_token(hub, f"t{number}")
        assert status == 503 and "nothing was done" in detail
    assert hub.http("POST", "/api/v1/credentials", {"name": "plug"})[0] == 503
    assert hub.http("PATCH", "/api/v1/devices/Lamp", {"name": "Other"})[0] == 503
    assert tokens(hub) == before
    assert "Other" not in hub.devices()
    assert lamp.heard == []


def test_on_a_disk_that_turns_full_the_first_refusal_is_true_already(make_hub, bad_disk):
    hub = make_hub(env=bad_disk.env).start()
    lamp = Lamp(hub)
    bad_disk.fail("ENOSPC", "pwrite", "fallocate")
    # The very first one finds out.
    assert lamp.command(False) == 503
    refuses_everything(hub, lamp)
    bad_disk.heal()
    eventually(lambda: hub.metric("hearth_journal_accepts") == 1, timeout_s=30)
    assert add_token(hub, "afterwards")[0] == 201
    assert lamp.command(False) == 202
    eventually(lambda: len(lamp.heard) == 1)
    hub.restart()
    assert tokens(hub) == ["afterwards"]


def test_a_token_that_finds_the_disk_full_does_not_exist(make_hub, bad_disk):
    hub = make_hub(env=bad_disk.env).start()
    bad_disk.fail("ENOSPC", "pwrite", "fallocate")
    for number in range(20):
        assert add_token(hub, f"t{number}")[0] == 503
    assert tokens(hub) == []
    bad_disk.heal()
    eventually(lambda: hub.metric("hearth_journal_accepts") == 1, timeout_s=30)
    assert tokens(hub) == []
    hub.restart()
    assert tokens(hub) == []


def full(folder):
    """Leaves no byte free; returns the file that takes it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    out.write(b"x" * size)
            except OSError:
                pass
    return ballast


def test_a_really_full_disk_refuses_before_anything_is_done(make_hub, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "hearth-test", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("cannot mount a tmpfs here")
    try:
        segment = ["--set", "journal.segment_bytes=65536"]
        hub = make_hub(*segment, data=disk / "data").start()
        lamp = Lamp(hub)
        ballast = full(disk)
        done = []
        for number in range(5_000):
            status = lamp.command(number % 2 == 0)
            if status != 202:
                break
            done.append(number)
        assert status == 503, "2 MiB take no 5,000 commands"
        eventually(lambda: len(lamp.heard) == len(done))
        refuses_everything(hub, lamp)
        ballast.unlink()
        eventually(lambda: hub.metric("hearth_journal_accepts") == 1, timeout_s=30)
        assert add_token(hub, "afterwards")[0] == 201
        hub.kill9()
        hub.start()
        assert tokens(hub) == ["afterwards"]
        hub.stop()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


@pytest.mark.parametrize("call", ["pwrite", "fdatasync"])
def test_after_an_io_error_the_hub_ends_and_its_next_start_knows_what_there_is(
    make_hub, bad_disk, call
):
    hub = make_hub(env=bad_disk.env).start()
    lamp = Lamp(hub)
    assert add_token(hub, "before")[0] == 201
    bad_disk.fail("EIO", call)
    lamp.heard.clear()
    status, body = hub.http("POST", "/api/v1/devices/Lamp/commands", {"set": {"on_off.on": False}})
    assert status == 503
    detail = json.loads(body)["detail"]
    assert "nothing was done" in detail or "may have been done" in detail
    if "nothing was done" in detail or call == "pwrite":
        assert lamp.heard == []
    process, hub.process = hub.process, None
    assert process.wait() == 1, process.describe()
    assert "journal.io" in process.errors and "hub.journal" in process.errors
    bad_disk.heal()
    hub.start()
    assert tokens(hub) == ["before"]


def test_a_token_that_meets_an_io_error_is_not_answered_with_201(make_hub, bad_disk):
    hub = make_hub(env=bad_disk.env).start()
    bad_disk.fail("EIO", "pwrite", "fdatasync")
    status, detail = add_token(hub, "t")
    assert status == 503 and "done" in detail
    process, hub.process = hub.process, None
    assert process.wait() == 1, process.describe()
    bad_disk.heal()
    hub.start()
    assert tokens(hub) == []


def start_that_fails(hub):
    """What a hub says that does not start."""
    command = [hub.program, "serve", "--data", hub.data, "--http", "127.0.0.1:0"]
    process = Process([*command, "--mqtt", "127.0.0.1:0"], hub.env)
    code = process.wait(READY_TIMEOUT_S)
    assert code == 1, process.describe()
    return process.errors


def test_a_folder_that_cannot_be_listed_is_no_empty_home(make_hub, bad_disk):
    hub = make_hub(env=bad_disk.env).start()
    assert add_token(hub, "kept")[0] == 201
    hub.stop()
    bad_disk.fail("EIO", "readdir")
    assert "read failed" in start_that_fails(hub)
    bad_disk.heal()
    hub.start()
    assert tokens(hub) == ["kept"]


def test_a_disk_that_reads_nothing_is_no_empty_home(make_hub, bad_disk):
    hub = make_hub(env=bad_disk.env).start()
    assert add_token(hub, "kept")[0] == 201
    hub.stop()
    bad_disk.fail("EIO", "pread")
    start_that_fails(hub)
    bad_disk.heal()
    hub.start()
    assert tokens(hub) == ["kept"]


def segments(hub):
    return sorted((hub.data / "journal").glob("*.seg"))


def missed(hub):
    """What verify says of a journal that is not whole, with its exit code checked."""
    return hub.cli("journal", "verify", expect=1) or ""


def verify(hub):
    command = [hub.program, "journal", "verify", "--data", hub.data]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout


def test_a_journal_that_was_cut_is_named_by_verify_and_at_the_start(make_hub):
    hub = make_hub().start()
    for number in range(50):
        assert add_token(hub, f"t{number}")[0] == 201
    hub.kill9()
    newest = segments(hub)[-1]
    with newest.open("rb+") as file:
        file.truncate(4096)
    code, said = verify(hub)
    assert code == 1 and "cut short" in said and "no damage" not in said
    hub.start()
    hub.process.says("cut short")
    assert len(tokens(hub)) < 50
    assert add_token(hub, "afterwards")[0] == 201
    hub.stop()


def test_a_journal_that_was_emptied_is_named_by_verify_and_at_the_start(make_hub):
    hub = make_hub().start()
    assert add_token(hub, "lost")[0] == 201
    hub.stop()
    for segment in segments(hub):
        segment.unlink()
    code, said = verify(hub)
    assert code == 1 and "the segment is gone" in said
    hub.start()
    hub.process.says("the segment is gone")
    hub.stop()


def test_a_journal_whose_folder_is_gone_is_said_to_be_empty(make_hub):
    hub = make_hub().start()
    hub.stop()
    shutil.rmtree(hub.data / "journal")
    (hub.data / "journal.state").unlink()
    hub.start()
    hub.process.says("journal.empty")
    hub.stop()


def folder_bytes(hub):
    return sum(file.stat().st_size for file in (hub.data / "journal").iterdir())


def test_the_journal_keeps_to_its_bytes_when_what_filled_it_is_revoked(make_hub):
    keep = 24 << 20
    hub = make_hub("--set", "journal.keep_bytes=25165824", "--set", "journal.segment_bytes=1048576").start()
    hub.credential("greedy")
    payload = "x" * 250_000
    for number in range(12):
        sleeper = hub.client(f"s{number}", name="greedy", version=4, clean=False)
        sleeper.subscribe(f"greedy/q{number}", 1)
        sleeper.disconnect()
    sender = hub.client("sender", name="greedy", version=4)
    for number in range(12):
        for _ in range(12):
            sender.publish(f"greedy/q{number}", payload, 1).wait_for_publish(10)
    sender.disconnect()
    eventually(lambda: folder_bytes(hub) > keep)
    hub.cli("credential", "revoke", "greedy")
    eventually(lambda: folder_bytes(hub) <= keep, timeout_s=20)
    hub.stop()
    assert verify(hub)[0] == 0
