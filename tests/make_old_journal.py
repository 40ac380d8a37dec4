#!/usr/bin/env python3
"""usage: tests/make_old_journal.py NAME

Makes tests/fixtures/NAME.tar.gz and NAME.json: a journal as a hearth of today writes it, with every
record kind that the program can write, for the hearths of tomorrow to read. tests/test_old_journal.py
starts the hub on each that is there.

Run it with the program as it is BEFORE a kind of record gets another version (HEARTH_PROGRAM names it,
else build/release/hearth is taken), and keep the fixtures that are there already. NAME says which
program it was: journal-COMMIT.

The hub is played through its doors: the command line, REST, sentences, and MQTT with discovery. In the
newest checkpoint stand all kinds that a checkpoint can have, and behind it all events, so that a start
reads them all. The script fails where a kind of the headers is missing that is not named in UNREACHABLE.
"""

import gzip
import io
import json
import re
import sys
import tarfile
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hub import ROOT, Hub, Wire, eventually, mqtt_publish
from old_journal.act import Act
from old_journal.compared import after_a_restart, differences
from old_journal.segments import records_of, segments_of
from old_journal.shown import get, retained, shown
from test_clock import FalseClock

FIXTURES = Path(__file__).resolve().parent / "fixtures"
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)
SEGMENT_BYTES = 64 << 10  # the least

# Where the kinds stand, each with the name that its number has there.
HEADERS = ("automations/records.h", "broker/records.h", "home/credential_book.cpp",
           "home/person_records.h", "home/records.h", "journal/cursor_book.h", "journal/journal.h",
           "store/segment_format.h")
KIND = re.compile(r"^(?:    |constexpr (?:journal::)?Kind )(\w+) = (\d+)[,;]", re.MULTILINE)
UNREACHABLE = {
    501: "cursor_moved: nothing in the program listens through a named cursor",
    502: "cursor_forgotten: the same",
    503: "cursor_state: the same",
}
# Written once in a home's life, and where nothing was to be written: not behind the checkpoint.
PERSON_ADDED, FILLER = 320, 500
MATCH_KEPT = 453
MARKS = range(1, 100)

HOME_FILE = """
name: Old home
floors:
  - name: Ground floor
    areas: [{name: Hall, aliases: [Entrance]}]
devices:
  - {name: North motion, id: north-motion, area: Hall, aliases: [Watcher]}
automations:
  - name: Waits for a ghost
    triggers: [{device: Ghost, attribute: on_off.on, to: true}]
    actions: [{notify: boo}]
  - name: Waits for an attribute
    triggers: [{device: North lamp, attribute: occupancy.occupied, to: true}]
    actions: [{notify: never}]
  - name: Sets what is measured
    triggers: [{time: "04:00"}]
    actions: [{device: North meter, set: {temperature.celsius: 20}}]
  - name: Waited for the lamp
    triggers: [{time: "04:00"}]
    actions: [{device: North lamp, set: {on_off.on: true}}]
"""


class Home:
    """The hub, its clock, and Ann, whose it is."""

    password = "correct horse battery"

    def __init__(self, folder):
        self.clock = FalseClock(folder / "clock")
        self.ahead = BEGIN - datetime.now(timezone.utc)
        self.turn_clock(minutes=0)
        self.hub = Hub(folder / "data", env=self.clock.environment("UTC"))
        self.session = None

    def now(self):
        return datetime.now(timezone.utc) + self.ahead

    def turn_clock(self, minutes):
        self.ahead += timedelta(minutes=minutes)
        self.clock.set(self.now())

    def local_time(self, minutes):
        return (self.now() + timedelta(minutes=minutes)).strftime("%H:%M")

    def pause(self, seconds):
        time.sleep(seconds)

    def ask(self, method, path, body=None, token=None, headers=None):
        """An answer of the API. Asked with the admin's token where no other is given; "" for none."""
        headers = {**(headers or {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        status, text = self.hub.http(method, f"/api/v1{path}", body, headers, token=token is None)
        assert status < 300, f"{method} {path}: {status} {text}"
        return json.loads(text) if text else None

    def start(self, **settings):
        self.hub.arguments = []
        for key, value in settings.items():
            self.hub.arguments += ["--set", f"{key.replace('__', '.')}={value}"]
        self.hub.start()

    def end(self, how):
        """Ends the hub, and lets go of who was connected."""
        how()
        for client in self.hub._clients:
            client.loop_stop()
        self.hub._clients.clear()

    def sign_in(self):
        """The token of a new session of Ann's."""
        person = {"name": "Ann", "password": self.password}
        return self.ask("POST", "/session", person, "")["token"]

    def claim(self):
        code = self.hub.cli("claim").split()[-1]
        body = {"code": code, "name": "Ann", "password": self.password}
        self.session = self.ask("POST", "/claim", body, "")["token"]


# --- How the journal itself is treated -----------------------------------------------------------


def grow_and_shrink(home):
    """A large state that goes at once: segments follow each other without a record between."""
    hub = home.hub
    hub.credential("large", ["large/#"])
    with Wire(hub) as wire:
        wire.login("large", "large")
        for number in range(30):
            wire.send(mqtt_publish(f"large/{number}", bytes(30_000), 1, 1, retain=True)).expect(0x40)
    hub.cli("credential", "revoke", "large")
    eventually(lambda: FILLER in kinds_of(hub.data))


def tear(home):
    """Killed in the middle of a write: of the last records one has not reached the disk."""
    hub = home.hub
    with Wire(hub) as wire:
        wire.login("torn", "watcher")
        for number in range(5):
            wire.send(mqtt_publish(f"t/torn/{number}", b"x", 0, retain=True)).ping()
        home.end(hub.kill9)
    newest = segments_of(hub.data)[-1]
    missing = list(records_of(newest))[-2]
    with newest.open("r+b") as file:
        file.seek(missing.offset)
        file.write(bytes(missing.size))


def checkpoint_amid_a_storm(home, act):
    """More matches than a turn can deal with, and in the same turn so many records that a checkpoint
    is due: what waits for its turn stands in it."""
    storm = [act.when("storm", f"untyped.{act.tag}_storm")]
    for number in range(50):
        act.add_rule(f"storm {number}", storm, [{"delay": "20h"}])
    topic = act.topic("storm", "state")
    for attempt in range(1, 50):
        gusts = b"".join(mqtt_publish(topic, b"%d" % (attempt * 1000 + gust)) for gust in range(30))
        flood = mqtt_publish(act.topic("flood"), bytes(SEGMENT_BYTES), retain=True)
        before = segments_of(home.hub.data)
        with Wire(home.hub) as wire:
            wire.login("storm", act.bridge)
            wire.send(gusts + flood).ping()
        eventually(lambda: segments_of(home.hub.data)[-1] not in before)
        newest = segments_of(home.hub.data)[-1]
        if any(record.kind == MATCH_KEPT for record in records_of(newest)):
            return
    raise AssertionError("no checkpoint came while matches waited for their turn")


def calm(home, act):
    """Of the storm's rules three are enough from here on."""
    for number in range(3, 50):
        act.rule(f"storm {number}", "DELETE")
    home.hub.publish(act.topic("flood"), "over", name=act.bridge, retain=True)


# --- What stands in it ---------------------------------------------------------------------------


def kinds_of(data):
    return {record.kind for segment in segments_of(data) for record in records_of(segment)}


def known_kinds():
    """The names of all kinds that the program can write, by their numbers."""
    return {int(number): name for header in HEADERS
            for name, number in KIND.findall((ROOT / "src" / header).read_text())
            if header != "journal/journal.h" or name == "filler_kind"}


def check_complete(data):
    """Every kind is there, each where a start reads it."""
    files = segments_of(data)
    all_records = [record for segment in files for record in records_of(segment)]
    newest = list(records_of(files[-1]))
    known = known_kinds()
    there = {record.kind for record in all_records}
    missing = known.keys() - there - UNREACHABLE.keys()
    assert not missing, f"not in it: {[known[kind] for kind in missing]}"
    assert there <= known.keys(), f"in no header: {there - known.keys()}"
    states = {record.kind for record in all_records if record.state}
    missing = states - {record.kind for record in newest if record.state}
    assert not missing, f"not in the newest checkpoint: {[known[kind] for kind in missing]}"
    happened = {record.kind for record in all_records if not record.state} - set(MARKS)
    missing = happened - {record.kind for record in newest if not record.state}
    missing -= {PERSON_ADDED, FILLER}
    assert not missing, f"not behind it: {[known[kind] for kind in missing]}"
    return [{"kind": kind, "name": known[kind], "version": version, "state": state}
            for kind, version, state in sorted({(r.kind, r.version, r.state) for r in all_records})]


def lines_of(hub):
    """The kinds as `hearth journal cat` calls them, with whether they are a checkpoint's."""
    return sorted({(line["kind"], line["state"]) for line in hub.json_lines("journal", "cat")})


def pack(data, noted, target):
    """What a hub starts on, without the token of its machine, and what was noted of it."""
    with target.open("wb") as file, gzip.GzipFile("", "wb", mtime=0, fileobj=file) as zipped:
        with tarfile.open(fileobj=zipped, mode="w") as archive:
            files = {str(path.relative_to(data)): path.read_bytes() for path in
                     (data / "version", data / "journal.state", *segments_of(data))}
            files["noted.json"] = to_json(noted).encode()
            for path, content in files.items():
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode, entry.mtime = len(content), 0o600, int(BEGIN.timestamp())
                archive.addfile(entry, io.BytesIO(content))


# --- The life of the home ------------------------------------------------------------------------


def play(home):
    """Returns the second act, with the hub still running."""
    hub = home.hub
    file = hub.data.parent / "home.yaml"
    file.write_text(HOME_FILE)
    home.start(journal__keep_bytes=0, journal__segment_bytes=SEGMENT_BYTES)
    home.claim()
    hub.credential("watcher", ["#"])
    grow_and_shrink(home)
    home.end(hub.stop)

    home.start(journal__commit_interval="300s", journal__segment_bytes=SEGMENT_BYTES)
    tear(home)

    life = {"home__command_timeout": "24h", "broker__will_grace": "1h"}
    home.start(journal__segment_bytes=SEGMENT_BYTES, **life)
    home.end(hub.stop)
    hub.arguments += ["--home", str(file)]
    hub.start()
    north = Act(home, "north")
    north.play()
    checkpoint_amid_a_storm(home, north)
    home.end(hub.kill9)

    home.start(journal__segment_bytes=16 * SEGMENT_BYTES, **life)
    calm(home, north)
    south = Act(home, "south")
    south.play()
    return north, south


def wait_until_quiet(hub):
    seen = [-1]

    def is_quiet():
        seen.append(get(hub, "/status")["last_event"])
        return seen[-1] == seen[-2]

    eventually(is_quiet, every_s=1)


def notes(home, *acts):
    """All that a reader has to show, and what opens the doors."""
    hub = home.hub
    wait_until_quiet(hub)
    noted = {"program": get(hub, "/status")["version"], "shown": shown(hub),
             "retained": retained(hub, "watcher"),
             "owed": {client: owed for act in acts for client, owed in act.owed.items()},
             "keys": [use for act in acts for use in act.keys],
             "answers": [answer for act in acts for answer in act.answers],
             "due": [act.rule_ids[rule] for act in acts for rule in ("slow", "single", "still")],
             "wills": [act.topic("will", client) for act in acts
                       for client in ("mourned", "mourned-kept")],
             "closed": [token for act in acts for token in act.closed],
             "secrets": {"passwords": hub.passwords, "tokens": [act.token for act in acts],
                         "session": home.session, "name": "Ann", "password": home.password}}
    assert noted["shown"] == shown(hub), "something still happens"
    assert noted["retained"] == retained(hub, "watcher"), "something came too late"
    noted["ended"] = home.now().isoformat(timespec="seconds")
    return noted


def check_read_back(home, noted):
    """The program itself shows again what it has written."""
    home.start(home__command_timeout="24h", broker__will_grace="1h")
    lost = list(differences(after_a_restart(noted["shown"]), shown(home.hub)))
    home.end(home.hub.kill9)
    assert not lost, lost


def to_json(value):
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def make(name):
    with tempfile.TemporaryDirectory(prefix="hearth-old-") as folder:
        home = Home(Path(folder))
        try:
            acts = play(home)
            noted = notes(home, *acts)
        except BaseException:
            print(home.hub.log(), file=sys.stderr)
            raise
        finally:
            if home.hub.process is not None:
                home.end(home.hub.kill9)
        data = home.hub.data
        report = home.hub.json("journal", "verify")
        assert report["damaged"] == [], report
        kinds = {"records": check_complete(data), "lines": lines_of(home.hub)}
        pack(data, noted, FIXTURES / f"{name}.tar.gz")
        (FIXTURES / f"{name}.json").write_text(to_json(kinds))
        check_read_back(home, noted)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    make(sys.argv[1])
