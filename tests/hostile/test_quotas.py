"""One client that takes all it can hurts itself alone: another credential goes on working, and what
was taken is given back when the taker is revoked. See src/broker/quotas.h."""

import resource
import socket
import time
from pathlib import Path

import pytest
from hub import (Hub, Wire, eventually, is_sanitized, mqtt_connect, mqtt_length, mqtt_number, mqtt_packet,
                 mqtt_publish, mqtt_subscribe, mqtt_text)

MIB = 1 << 20


def memory(hub):
    """Resident bytes of the hub."""
    for line in Path(f"/proc/{hub.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def refused(hub, words):
    """A line of `hearth refused` has all these words."""
    return eventually(lambda: [row for row in hub.json("refused")
                               if all(word in row["why"] for word in words)])


class Good:
    """The innocent one, with an address of its own if wanted."""

    def __init__(self, hub, topics=("good/#",)):
        self.hub = hub
        hub.credential("good", topics)

    def works(self, client_id="good client"):
        """It comes in, subscribes, publishes, keeps and hears; all within a moment."""
        begin = time.monotonic()
        with Wire(self.hub) as wire:
            assert wire.login(client_id, "good") == (0, 0)
            assert wire.send(mqtt_subscribe("good/state", 1)).expect(0x90)[-1] == 1
            wire.send(mqtt_publish("good/state", b"on", 1, 7, retain=True))
            got = set()
            while got != {0x30, 0x40}:  # what was retained may come before
                got.add(wire.packet()[0] & 0xF0)
        assert time.monotonic() - begin < 3


def away(hub, client_id, name, topic):
    """A session that is kept, asked for a topic and has gone."""
    with Wire(hub) as wire:
        code = wire.login(client_id, name, version=4, clean=False)[1]
        if code == 0:
            wire.send(mqtt_subscribe(topic, 1, version=4)).expect(0x90)
            wire.send(mqtt_packet(0xE0)).packet()
        return code


def flood(hub, name, sessions, messages, size):
    """Fills the queues of sessions that are away."""
    for number in range(sessions):
        away(hub, f"{name}-{number}", name, f"{name}/{number}")
    with Wire(hub) as wire:
        assert wire.login("filler", name) == (0, 0)
        for number in range(sessions):
            for _ in range(messages):
                wire.send(mqtt_publish(f"{name}/{number}", bytes(size), 1)).expect(0x40)


@pytest.fixture
def own_memory(program):
    """For tests that look at how much memory the hub takes."""
    if is_sanitized(program):
        pytest.skip("a sanitizer's memory is not the hub's")


@pytest.mark.usefixtures("own_memory")
def test_queues_of_one_credential_are_bounded_together_and_given_back(make_hub):
    hub = make_hub().start()
    good = Good(hub)
    hub.credential("evil")
    before = memory(hub)
    flood(hub, "evil", 40, 12, 250_000)  # 120 MB
    assert hub.metric("hearth_mqtt_queued_bytes") <= 48 * MIB
    assert memory(hub) - before < 110 * MIB
    assert refused(hub, ["broker.queued_bytes_per_credential"])
    assert away(hub, "good away", "good", "good/x") == 0
    good.works()
    with Wire(hub) as wire:
        wire.login("good sender", "good")
        assert wire.send(mqtt_publish("good/x", b"kept", 1)).reason(0x40) == 0
    with Wire(hub) as wire:
        assert wire.login("good away", "good", version=4, clean=False) == (1, 0)
        assert wire.expect(0x32).endswith(b"kept")
        wire.send(mqtt_packet(0x40, mqtt_number(1)))
        eventually(lambda: hub.metric("hearth_mqtt_queued_bytes") % 1000 != 9)
    hub.cli("credential", "revoke", "evil")
    eventually(lambda: hub.metric("hearth_mqtt_queued_bytes") == 0)
    eventually(lambda: memory(hub) - before < 60 * MIB)
    hub.restart()
    assert hub.metric("hearth_mqtt_queued_bytes") == 0
    good.works()


def limited(tmp_path, program, limits):
    """The program under limits of the shell."""
    script = tmp_path / "limited"
    script.write_text(f"#!/bin/sh\n{limits}\nexec {program} \"$@\"\n")
    script.chmod(0o755)
    return script


@pytest.mark.usefixtures("own_memory")
def test_with_little_address_space_it_refuses_goes_on_and_starts_again(program, tmp_path):
    small = limited(tmp_path, program, "ulimit -v 600000")
    hub = Hub(tmp_path / "data", program=small)
    try:
        hub.start()
        good = Good(hub)
        for name in ("evil1", "evil2", "evil3"):
            hub.credential(name)
            flood(hub, name, 20, 14, 250_000)  # 70 MB each
        assert hub.process.running()
        good.works()
        hub.restart()
        good.works()
        hub.kill9()
        hub.start()
        good.works()
    finally:
        hub.close()


@pytest.mark.usefixtures("own_memory")
def test_a_memory_budget_refuses_what_would_add_and_the_rest_goes_on(make_hub):
    hub = make_hub("--set", f"memory.budget_bytes={60 * MIB}").start()
    Good(hub)
    hub.credential("evil")
    assert away(hub, "known", "good", "good/x") == 0
    flood(hub, "evil", 16, 16, 250_000)
    assert memory(hub) < 100 * MIB
    assert hub.metric("hearth_memory_full") == 1
    with Wire(hub) as wire:
        assert wire.login("new", "good") == (0, 0x97)
    assert refused(hub, ["memory.budget_bytes"])
    with Wire(hub) as known:
        assert known.login("known", "good", version=4, clean=False) == (1, 0)
        known.send(mqtt_publish("good/x", b"on", 1, 7, version=4))
        assert {known.packet()[0] & 0xF0 for _ in range(2)} == {0x30, 0x40}
    hub.kill9()
    hub.start()
    assert memory(hub) < 100 * MIB
    hub.cli("credential", "revoke", "evil")
    eventually(lambda: hub.metric("hearth_memory_full") == 0)
    with Wire(hub) as wire:
        assert wire.login("new", "good") == (0, 0)


def test_sessions_of_one_credential_leave_room_for_others(make_hub):
    hub = make_hub("--set", "broker.sessions=200", "--set",
                   "broker.sessions_per_credential=150").start()
    good = Good(hub)
    hub.credential("evil")
    codes = [away(hub, f"evil-{number}", "evil", "evil/x") for number in range(155)]
    assert codes == [0] * 150 + [3] * 5
    assert refused(hub, ["evil", "broker.sessions_per_credential"])
    with Wire(hub) as wire:
        assert wire.login("one more", "evil") == (0, 0x97)
    good.works()
    hub.cli("credential", "revoke", "evil")
    eventually(lambda: hub.metric("hearth_mqtt_sessions") == 0)


def test_retained_messages_of_one_credential_leave_room_for_others(make_hub):
    hub = make_hub("--set", "broker.retained_messages=500", "--set",
                   "broker.retained_messages_per_credential=300").start()
    good = Good(hub)
    hub.credential("evil")
    with Wire(hub) as wire:
        wire.login("evil", "evil")
        reasons = [wire.send(mqtt_publish(f"evil/{number}", b"x", 1, retain=True)).reason(0x40)
                   for number in range(310)]
    assert reasons == [0x10] * 300 + [0x97] * 10
    assert refused(hub, ["evil", "broker.retained_messages_per_credential"])
    good.works()
    hub.cli("credential", "revoke", "evil")
    eventually(lambda: hub.metric("hearth_mqtt_retained_messages") <= 3)


def test_a_client_id_cannot_be_squatted(hub):
    good = Good(hub)
    hub.credential("evil")
    assert away(hub, "good client", "evil", "evil/x") == 0
    assert away(hub, "good client", "good", "good/x") == 0
    with Wire(hub) as squatter, Wire(hub) as owner:
        assert squatter.login("good client", "evil", version=4, clean=False) == (1, 0)
        assert owner.login("good client", "good", version=4, clean=False) == (1, 0)
        squatter.ping()
        owner.ping()
    hub.restart()
    with Wire(hub) as owner:
        assert owner.login("good client", "good", version=4, clean=False) == (1, 0)
    good.works("good client")


def from_address(hub, host):
    return socket.create_connection(("127.0.0.1", hub.mqtt_port), 5, (host, 0))


def test_silent_connections_keep_nobody_out(make_hub):
    hub = make_hub("--set", "broker.connections=300").start()
    hub.credential("good")
    with Wire(hub) as known:
        assert known.login("known", "good") == (0, 0)
        crowd = [from_address(hub, "127.0.0.9") for _ in range(900)]
        for host in ("127.0.0.1", "127.0.0.9"):
            begin = time.monotonic()
            with from_address(hub, host) as fresh:
                fresh.sendall(mqtt_connect("fresh", "good", hub.passwords["good"]))
                assert fresh.recv(4)[:4][0] == 0x20
            assert time.monotonic() - begin < 2
        known.ping()
        assert hub.metric("hearth_mqtt_silent_connections") <= 300
        assert refused(hub, ["said nothing", "broker.connections"])
    for one in crowd:
        one.close()


def test_ten_thousand_come_at_once_from_one_address(make_hub):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < 12_000:
        pytest.skip(f"{most} files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    hub = make_hub("--anonymous").start()
    connect = mqtt_connect("", version=5)
    crowd = []
    for _ in range(10_000):
        one = socket.socket()
        one.connect(("127.0.0.1", hub.mqtt_port))
        crowd.append(one)
    for one in crowd:
        one.sendall(connect)
    eventually(lambda: hub.metric("hearth_mqtt_clients") == 10_000, timeout_s=20)
    for one in crowd:
        one.close()


def test_many_equal_filters_cost_little_where_nobody_reads(make_hub):
    hub = make_hub("--anonymous").start()
    with Wire(hub) as filler:
        filler.send(mqtt_connect("filler")).expect(0x20)
        for number in range(20_000):
            filler.socket.sendall(mqtt_publish(f"many/{number}", b"x" * 20, 0, retain=True))
        filler.ping()
    before = memory(hub)
    filters = b"".join(mqtt_text("many/#") + b"\0" for _ in range(500))
    packet = mqtt_packet(0x82, mqtt_number(1) + mqtt_length(0) + filters)
    with Wire(hub) as greedy, Wire(hub) as other:
        greedy.send(mqtt_connect("greedy")).expect(0x20)
        other.send(mqtt_connect("other")).expect(0x20)
        for _ in range(50):
            greedy.socket.sendall(packet)
            begin = time.monotonic()
            other.ping()
            assert time.monotonic() - begin < 1
        assert memory(hub) - before < 30 * MIB
    with Wire(hub) as reader:
        reader.send(mqtt_connect("reader")).expect(0x20)
        reader.send(mqtt_subscribe("many/+")).expect(0x90)
        for _ in range(20_000):
            assert reader.packet()[0] == 0x31


def test_a_gateway_may_have_thousands_of_filters(hub):
    hub.credential("gateway", ["#"])
    with Wire(hub) as wire:
        wire.login("gateway", "gateway")
        for block in range(10):
            filters = b"".join(mqtt_text(f"room/{block}/{number}/state") + b"\1"
                               for number in range(500))
            wire.send(mqtt_packet(0x82, mqtt_number(1) + mqtt_length(0) + filters))
            assert set(wire.expect(0x90)[3:]) == {1}


def test_topics_have_a_longest_length(hub):
    hub.credential("one", ["#"])
    with Wire(hub) as wire:
        wire.login("one", "one")
        assert wire.send(mqtt_publish("t" * 5_000, b"x", 1)).reason(0x40) == 0x90
        assert wire.send(mqtt_subscribe("t" * 5_000)).expect(0x90)[-1] == 0x8F
        assert wire.send(mqtt_publish("t" * 4_000, b"x", 1)).reason(0x40) == 0x10
    assert refused(hub, ["broker.topic_bytes"])


def soft_files(hub):
    for line in Path(f"/proc/{hub.process.pid}/limits").read_text().splitlines():
        if line.startswith("Max open files"):
            return int(line.split()[3])
    raise AssertionError("no such line")


def test_the_limit_of_open_files_is_raised_or_the_lack_told(program, tmp_path):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limits, told in (("ulimit -Sn 256", most < 16_000), ("ulimit -n 900", True)):
        hub = Hub(tmp_path / limits.split()[-1], program=limited(tmp_path, program, limits))
        try:
            hub.start()
            assert soft_files(hub) == (900 if "900" in limits else min(most, soft_files(hub)))
            assert soft_files(hub) >= 900
            Good(hub).works()
            if told:
                hub.process.says("broker.connections")
            assert ("broker.connections" in hub.log()) == told
        finally:
            hub.close()


def test_wrong_passwords_are_answered_late_and_the_right_one_at_once(make_hub):
    hub = make_hub("--set", "broker.password_tries=10", "--set", "broker.password_delay=1").start()
    good = Good(hub)

    def guess():
        begin = time.monotonic()
        with Wire(hub) as wire:
            wire.send(mqtt_connect("guess", "good", "wrong"))
            assert wire.expect(0x20)[1] == 0x86
        return time.monotonic() - begin

    assert max(guess() for _ in range(10)) < 0.9
    assert min(guess() for _ in range(3)) > 0.9
    good.works()
    assert refused(hub, ["broker.password_tries"])
    assert hub.metric("hearth_mqtt_login_failures_total") == 13
