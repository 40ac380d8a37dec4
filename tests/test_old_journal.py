"""A journal that an earlier hearth wrote is read by the hearth of today, and nothing of it is lost.

tests/fixtures holds such journals, each with every record kind that the program could write then, and
what that program showed of it (make_old_journal.py; tests/fixtures/README.md).

A test must not fail because time has passed since. Where it needs the hours after the journal's end,
the hub's clock is held there by libfaketime. With the clock of today only that is compared which does
not depend on the time since (after_years): a browser's session ends 90 days after its last use, an MQTT
session after seven, and delays, held-for, messages with an expiry and open commands are due.
"""

import json
import tarfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hub import Wire, eventually, is_sanitized, mqtt_number, mqtt_packet, mqtt_publish
from old_journal.clients import KEPT
from old_journal.compared import after_a_restart, after_years, differences
from old_journal.shown import get, publication, retained, shown
from test_clock import FalseClock

FIXTURES = Path(__file__).resolve().parent / "fixtures"
NAMES = sorted(path.name.removesuffix(".tar.gz") for path in FIXTURES.glob("*.tar.gz"))
SEGMENT_BYTES = 64 << 10
# Nothing that is open ends by itself while the tests look at it.
PATIENCE = ("--set", "home.command_timeout=24h", "--set", "broker.will_grace=1h")


class OldHome:
    """A data folder with an old journal in it, and what was noted of it."""

    def __init__(self, folder, name):
        self.data = folder / "old"
        with tarfile.open(FIXTURES / f"{name}.tar.gz") as archive:
            archive.extractall(self.data)
        self.data.chmod(0o700)
        self.noted = json.loads((self.data / "noted.json").read_text())
        self.kinds = json.loads((FIXTURES / f"{name}.json").read_text())


@pytest.fixture(params=NAMES)
def old(request, tmp_path):
    return OldHome(tmp_path, request.param)


@pytest.fixture
def hub(make_hub, old):
    """A hub of today on the old journal, with the clock of today; not started yet."""
    hub = make_hub(*PATIENCE, data=old.data)
    hub.passwords = dict(old.noted["secrets"]["passwords"])
    return hub


@pytest.fixture
def hub_then(hub, program, tmp_path, old):
    """The same a minute after the journal's end."""
    if is_sanitized(program):
        pytest.skip("a sanitizer wants to be the first library")
    hub.clock = FalseClock(tmp_path / "clock")
    hub.clock.set(datetime.fromisoformat(old.noted["ended"]) + timedelta(minutes=1))
    hub.env = hub.clock.environment("UTC")
    return hub


def test_the_journal_is_whole_and_holds_every_kind_that_there_was(hub, old):
    assert hub.json("journal", "verify")["damaged"] == []
    lines = hub.json_lines("journal", "cat")
    assert [line for line in lines if "error" in line] == []
    kinds = sorted({(line["kind"], line["state"]) for line in lines})
    assert kinds == [tuple(each) for each in old.kinds["lines"]]


def test_everything_is_shown_that_was_noted_also_once_it_is_written_anew(hub_then, old):
    hub, noted = hub_then, after_a_restart(old.noted["shown"])
    hub.start()
    check_shown(hub, noted)
    hub.restart()
    check_shown(hub, noted)
    make_checkpoint(hub)
    hub.kill9()
    check_whole(hub)
    hub.start()
    check_shown(hub, noted)
    check_doors(hub, old)
    assert get(hub, "/session", token=False, headers={
        "Authorization": f"Bearer {old.noted['secrets']['session']}"})["person"]["name"] == "Ann"
    eventually(lambda: is_retained(hub, old.noted["retained"]))


def test_what_lasts_is_there_however_long_it_has_been(hub, old):
    noted = after_years(old.noted["shown"])
    hub.start()
    check_shown(hub, noted)
    check_doors(hub, old)
    make_checkpoint(hub)
    hub.kill9()
    check_whole(hub)
    hub.start()
    check_shown(hub, noted)
    check_doors(hub, old)


@pytest.mark.parametrize("anew", [False, True], ids=["as it was", "written anew"])
def test_every_mqtt_session_goes_on_where_it_was(hub_then, old, anew):
    hub_then.start()
    if anew:
        make_checkpoint(hub_then)
        hub_then.kill9()
        hub_then.start()
    for client, owed in old.noted["owed"].items():
        check_session(hub_then, client, owed)


def test_what_was_open_ends_as_it_would_have(hub_then, old):
    """Devices answer, and the hour comes for which rules wait."""
    hub, noted = hub_then, old.noted
    hub.start()
    waiting = [each for each, run in noted["shown"]["runs"].items() if run["state"] == "waiting"]
    for answer in noted["answers"]:
        hub.publish(answer["topic"], answer["payload"], name=answer["credential"])
    for command in open_commands(noted):
        eventually(lambda: get(hub, f"/commands/{command}")["settlement"] == "confirmed")
    for run in waiting:
        eventually(lambda: get(hub, f"/runs/{run}")["state"] == "finished")
    hub.clock.set(datetime.fromisoformat(noted["ended"]) + timedelta(hours=21))
    for rule in noted["due"]:
        eventually(lambda: get(hub, f"/automations/{rule}/runs")[0]["state"] == "finished")


def test_commands_that_nobody_answered_in_time_have_timed_out(hub, old):
    """All but one whose device was on its way: it may have arrived meanwhile."""
    hub.start()
    told = [event for event in old.noted["shown"]["events"].values()
            if event["kind"] == "command_under_way"]
    moving = {str(event["command"]) for event in told}
    late = set(open_commands(old.noted)) - moving
    assert moving and late
    for command in late:
        eventually(lambda: get(hub, f"/commands/{command}")["settlement"] == "timed_out")


def test_wills_of_who_was_connected_are_published(hub_then, old):
    hub_then.start("--set", "broker.will_grace=1s")
    wills = set(old.noted["wills"])
    eventually(lambda: wills <= retained(hub_then, "watcher").keys())
    others = {topic for topic in retained(hub_then, "watcher") if "/will/" in topic} - wills
    assert others == set(), "its client said good-bye, or its delay is not over"


def open_commands(noted):
    return [each for each, command in noted["shown"]["commands"].items()
            if command["settlement"] is None]


def check_shown(hub, noted):
    """In the API is what was noted, and nothing had to be said of the journal."""
    now = shown(hub)
    assert list(differences(noted, now)) == []
    for things in ("devices", "left", "automations"):
        assert now[things].keys() == noted[things].keys(), "what was removed is back"
    assert [each for each in get(hub, "/refused")["refused"] if each["source"] == "journal"] == []
    assert hub.metric("hearth_journal_damaged_total") == 0


def check_whole(hub):
    assert hub.json("journal", "verify")["damaged"] == []


def check_doors(hub, old):
    """Who was let in still is: the person, the programs with the keys that they used, the MQTT clients."""
    secrets = old.noted["secrets"]
    signed_in = {"name": secrets["name"], "password": secrets["password"]}
    assert hub.http("POST", "/api/v1/session", signed_in, token=False)[0] == 200
    for token in secrets["tokens"]:
        assert hub.http("GET", "/api/v1/devices", token=False,
                        headers={"Authorization": f"Bearer {token}"})[0] == 200
    for use in old.noted["keys"]:
        headers = {"Authorization": f"Bearer {use['token']}", "Idempotency-Key": use["key"]}
        answer = hub.http("POST", f"/api/v1{use['path']}", {"set": use["set"]}, headers, token=False)
        assert json.loads(answer[1])["command"] == use["command"], "the key is as good as new"
    for token in old.noted["closed"]:
        assert hub.http("GET", "/api/v1/devices", token=False,
                        headers={"Authorization": f"Bearer {token}"})[0] == 401
    assert get(hub, "/session")["claimed"]
    for name in {each["name"] for each in old.noted["shown"]["credentials"]}:
        with Wire(hub) as wire:
            assert wire.login(f"door {name}", name)[1] == 0


def check_session(hub, client, owed):
    """It is there, and its client gets what it was owed, in order, and nothing else."""
    with Wire(hub) as wire:
        there = wire.login(client, owed["credential"], clean=False, properties=KEPT)
        assert there == (int(owed["is_there"]), 0), client
        for packet in owed["packets"]:
            check_packet(wire, packet)
        wire.ping()
        if "hears_not" in owed:
            hub.publish(owed["hears_not"], "new", name=owed["credential"])
        if "hears" in owed:
            hub.publish(owed["hears"], "new", name=owed["credential"])
            assert publication(*wire.packet())["topic"] == owed["hears"]


def check_packet(wire, owed):
    if "unreleased" in owed:  # else its identifier were not found
        wire.send(mqtt_packet(0x62, mqtt_number(owed["unreleased"])))
        assert wire.reason(0x70) == 0
    elif "released" in owed:
        wire.send(mqtt_packet(0x62, mqtt_number(owed["released"])))
        assert wire.reason(0x70) == 0x92
    elif "pubrel" in owed:
        assert wire.expect(0x62)[:2] == mqtt_number(owed["pubrel"])
    else:
        got = publication(*wire.packet())
        assert {key: got[key] for key in owed} == owed


def is_retained(hub, noted):
    """Just what was. Wills come when their time is over: they have a test of their own."""
    def without_wills(topics):
        return {topic: payload for topic, payload in topics.items() if "/will/" not in topic}

    return without_wills(retained(hub, "watcher")) == without_wills(noted)


def make_checkpoint(hub):
    """Lets the hub of today write the whole state in its own records."""
    hub.restart("--set", f"journal.segment_bytes={SEGMENT_BYTES}")
    before = hub.metric("hearth_journal_checkpoints_total")
    with Wire(hub) as wire:
        wire.login("fills", "watcher")

        def is_made():
            wire.send(mqtt_publish("t/fill", bytes(SEGMENT_BYTES), 1, retain=True)).expect(0x40)
            return hub.metric("hearth_journal_checkpoints_total") > before

        eventually(is_made)
        wire.send(mqtt_publish("t/fill", b"", 1, retain=True)).expect(0x40)
