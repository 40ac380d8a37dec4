"""usage: scripts/bench ground [--part NAME]... [--blocks N] [--into docs/benchmarks.md]

Measures the ground (broker, discovery, core, journal) and prints Markdown tables. Parts: twin,
reaction, memory, acks, start, day; all of them without --part. --into puts the tables between the
two marks in that file instead.

The program that runs is $HEARTH_PROGRAM, else the `hearth` that scripts/bench has just built with
the release preset. Other work on the machine disturbs: what is compared alternates in short blocks,
of which the middle counts, and processor time stands beside the time on the wall.
"""

import argparse
import datetime
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from hub import Hub, eventually  # noqa: E402 (the path above comes first)
from support.processes import Mosquitto, cpu_seconds, machine, resident_bytes  # noqa: E402

FEW_DEVICES, MANY_DEVICES = 1_000, 10_000
FEW_CONNECTIONS, MANY_CONNECTIONS = 1_000, 5_000
ACK_LOADS = [(1, 1), (16, 1), (64, 1), (1, 64), (64, 64)]  # connections, outstanding on each
ACK_SECONDS = 1.5
BEGIN, END = "<!-- ground: begin -->", "<!-- ground: end -->"


class Bench:
    """Where the programs are and where data may lie."""

    def __init__(self, build, folder, blocks):
        self.build = Path(build).absolute()
        self.folder = Path(folder)
        self.blocks = blocks
        self.program = Path(os.environ.get("HEARTH_PROGRAM", self.build / "hearth")).absolute()

    def json_lines(self, *command):
        done = subprocess.run(
            [str(self.build / command[0]), *map(str, command[1:])],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=1200,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def load(self, *arguments):
        """mqtt_load to its end; returns what it prints."""
        return self.json_lines("mqtt_load", *arguments)

    @contextmanager
    def hub(self, data):
        hub = Hub(data, "--anonymous", program=self.program)
        try:
            yield hub.start()
        finally:
            hub.close()


def middle(values):
    return statistics.median(values)


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


# The parts. Each returns rows (what, measured, goal), or a table of its own.


def twin(bench):
    """PUBLISH bytes to twin."""
    rows = []
    for one in bench.json_lines("ground_bench", "twin"):
        rows.append(
            (
                f"PUBLISH ({one['kind']}, {one['bytes']} B) → twin, in process",
                f"{one['cpu_us']:.1f} µs CPU, {one['wall_us']:.1f} µs wall, "
                f"{one['allocs']:.0f} allocations",
                "none set",
            )
        )
    return rows


def reaction(bench):
    """Message to command through a listener."""
    (one,) = bench.json_lines("ground_bench", "reaction")
    return [
        (
            "motion's PUBLISH → listener → the light's command as bytes, in process",
            f"p50 {one['p50_us']:.1f} µs, p99 {one['p99_us']:.1f} µs",
            "none set",
        ),
        (
            "the same with the light's answer and settlement",
            f"{one['cpu_us']:.1f} µs CPU",
            "none set",
        ),
    ]


def memory(bench):
    """Bytes a device and an idle connection cost."""
    return [*device_memory(bench), *connection_memory(bench)]


def device_memory(bench):
    with bench.hub(bench.folder / "devices") as hub:
        grown = []
        for first, last, rounds in (
            (0, FEW_DEVICES, 6),
            (FEW_DEVICES, MANY_DEVICES, 2),
        ):
            bench.load("announce", hub.mqtt_port, first, last - first)
            eventually(lambda last=last: hub.metric("hearth_devices") == last, timeout_s=60)
            # The events in memory are the same mix at both points: reports only.
            bench.load("report", hub.mqtt_port, 0, last, rounds)
            grown.append(resident_bytes(hub.process.pid))
    slope = (grown[1] - grown[0]) / (MANY_DEVICES - FEW_DEVICES)
    return [
        (
            "a device of 2 to 6 components, its retained announcement included",
            f"{slope / 1024:.1f} KiB ({grown[1] / 2**20:.0f} MiB with {MANY_DEVICES:,})",
            "none set",
        )
    ]


def connection_memory(bench):
    with bench.hub(bench.folder / "connections") as hub:
        own = idle_slope(bench, hub.mqtt_port, hub.process.pid)
    with Mosquitto(bench.folder / "connections-mosquitto", saves=False) as broker:
        peer = idle_slope(bench, broker.mqtt_port, broker.pid)
    return [
        (
            "an idle connection with one subscription, without the kernel's socket",
            f"{own:,.0f} B (mosquitto {peer:,.0f} B)",
            "≤ 2,500 B",
        )
    ]


def idle_slope(bench, port, pid):
    holders = []
    sizes = []
    opened = 0
    for many in (FEW_CONNECTIONS, MANY_CONNECTIONS):
        command = [bench.build / "mqtt_load", "idle", port, opened, many - opened]
        holder = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        holders.append(holder)
        assert holder.stdout.readline() == "open\n", "connections are missing"
        opened = many
        sizes.append(resident_bytes(pid))
    for holder in holders:
        holder.communicate(timeout=60)
    return (sizes[1] - sizes[0]) / (MANY_CONNECTIONS - FEW_CONNECTIONS)


def acks(bench):
    """Durable acknowledgements, beside mosquitto; a table of its own."""
    with (
        Mosquitto(bench.folder / "saving", saves=True) as saving,
        Mosquitto(bench.folder / "forgetful", saves=False) as forgetful,
        bench.hub(bench.folder / "acks") as hub,
    ):
        brokers = {
            "hearth": (hub.mqtt_port, hub.process.pid),
            "saving": (saving.mqtt_port, saving.pid),
            "forgetful": (forgetful.mqtt_port, forgetful.pid),
        }
        rows = [ack_row(bench, brokers, *load) for load in ACK_LOADS]
    return table(
        [
            "connections × outstanding",
            "hearth: acks/s",
            "p50 / p99 ms",
            "CPU µs",
            "mosquitto, saving: acks/s",
            "p50 / p99 ms",
            "hearth : it",
            "mosquitto, in memory: acks/s",
            "hearth : it",
            "client CPU µs",
        ],
        rows,
    )


def ack_row(bench, brokers, connections, outstanding):
    results = {name: [] for name in brokers}
    for _ in range(bench.blocks):
        for name, (port, pid) in brokers.items():
            before = cpu_seconds(pid)
            (one,) = bench.load("acks", port, connections, outstanding, ACK_SECONDS)
            one["rate"] = one["acks"] / one["seconds"]
            one["cpu_us"] = (cpu_seconds(pid) - before) * 1e6 / max(one["acks"], 1)
            results[name].append(one)

    def of(name, key):
        return middle([one[key] for one in results[name]])

    def ratio(name):
        pairs = zip(results["hearth"], results[name], strict=True)
        return f"{middle([own['rate'] / peer['rate'] for own, peer in pairs]):.2f}"

    def latency(name):
        return f"{of(name, 'p50_us') / 1e3:.2f} / {of(name, 'p99_us') / 1e3:.2f}"

    return [
        f"{connections} × {outstanding}",
        f"{of('hearth', 'rate'):,.0f}",
        latency("hearth"),
        f"{of('hearth', 'cpu_us'):.1f}",
        f"{of('saving', 'rate'):,.0f}",
        latency("saving"),
        ratio("saving"),
        f"{of('forgetful', 'rate'):,.0f}",
        ratio("forgetful"),
        f"{of('hearth', 'client_cpu_us'):.1f}",
    ]


def start(bench):
    """From exec to the `ready` line."""
    folders = {"many": bench.folder / "many", "empty": bench.folder / "empty"}
    with bench.hub(folders["many"]) as hub:
        bench.load("announce", hub.mqtt_port, 0, MANY_DEVICES)
        eventually(lambda: hub.metric("hearth_devices") == MANY_DEVICES, timeout_s=60)
        bench.load("report", hub.mqtt_port, 0, MANY_DEVICES, 2)
    with bench.hub(folders["empty"]):
        pass
    times = {name: [] for name in folders}
    cpu = {name: [] for name in folders}
    for _ in range(max(5, bench.blocks)):
        for name, folder in folders.items():
            began = time.perf_counter()
            with bench.hub(folder) as hub:
                times[name].append(time.perf_counter() - began)
                cpu[name].append(cpu_seconds(hub.process.pid))
                expected = MANY_DEVICES if name == "many" else 0
                assert hub.metric("hearth_devices") == expected, "devices are missing"
    journal = sum(file.stat().st_size for file in (folders["many"] / "journal").iterdir())
    return [
        (
            f"exec → `ready`, {MANY_DEVICES:,} devices in {journal / 2**20:.0f} MiB of journal",
            f"p50 {middle(times['many']) * 1e3:.0f} ms ({middle(cpu['many']) * 1e3:.0f} ms CPU)",
            "none set",
        ),
        (
            "exec → `ready`, an empty home",
            f"p50 {middle(times['empty']) * 1e3:.0f} ms",
            "none set",
        ),
    ]


def day(bench):
    """What 200 devices write in a day."""
    (one,) = bench.json_lines("ground_bench", "day", bench.folder / "day")
    return [
        (
            "written to disk: 200 devices, a report a minute at QoS 0, a day by a turned clock",
            f"{one['disk_bytes'] / 1e6:.0f} MB in whole pages ({one['record_bytes'] / 1e6:.0f} MB "
            f"of records, {one['commits']:,} commits)",
            "≤ 400 MB",
        ),
        (
            "of that a message: broker, discovery, twin, journal, `write` and `fdatasync`",
            f"{one['cpu_us']:.1f} µs CPU",
            "none set",
        ),
    ]


PARTS = {
    "twin": twin,
    "reaction": reaction,
    "memory": memory,
    "start": start,
    "day": day,
    "acks": acks,
}


def measure(bench, parts):
    """The Markdown text."""
    load = os.getloadavg()[0]
    rows, tables = [], []
    for name in parts:
        print(f"ground: {name}", file=sys.stderr, flush=True)
        found = PARTS[name](bench)
        if isinstance(found, str):
            tables.append(found)
        else:
            command = f"`scripts/bench ground --part {name}`"
            rows += [(*row, command) for row in found]
    text = (
        f"Measured on {datetime.date.today()}: {machine(bench.folder)}; load by others before it "
        f"began: {load:.1f}.\n"
    )
    if rows:
        text += "\n" + table(["what", "measured", "goal", "command"], rows)
    for one in tables:
        text += f"\nDurable acknowledgements (`scripts/bench ground --part acks`):\n\n{one}"
    return text


def put_into(path, text):
    page = path.read_text()
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    if not after:
        sys.exit(f"{path} has no {BEGIN} … {END}")
    path.write_text(f"{before}{BEGIN}\n{text}{END}{after}")


def main():
    reader = argparse.ArgumentParser(usage=__doc__.removeprefix("usage: "))
    reader.add_argument("build", help="the folder of the programs; scripts/bench names it")
    reader.add_argument("--part", action="append", choices=PARTS)
    reader.add_argument("--blocks", type=int, default=7)
    reader.add_argument("--into", type=Path)
    options = reader.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="ground-", dir=options.build) as folder:
        bench = Bench(options.build, Path(folder).absolute(), options.blocks)
        text = measure(bench, options.part or list(PARTS))
    if options.into:
        put_into(options.into, text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
