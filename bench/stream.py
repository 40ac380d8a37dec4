"""Device message → automation → command message: hearth beside Node-RED 4 with mosquitto.

    scripts/bench stream [--seconds N] [--rounds N]

Both hubs run all the time; blocks of load alternate between them, and of each hub the block with the
lowest p99 counts. The rule is the same: a motion sensor's JSON comes in, its light is switched to
what it says, for twenty pairs of devices, each a client with a connection of its own
(bench/reaction_load.cpp). hearth does it with everything on: discovery, typed devices, twins, the
journal on disk, causes, settlement, a trace of every run. Node-RED has none of these. CPU is that of
the whole process tree of a hub (with mosquitto for Node-RED), from the kernel's scheduler.

Prints Markdown for docs/benchmarks.md. Needs node, npm, mosquitto; installs Node-RED below the
folder of the benchmarks.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from hub import Hub, Process, eventually, mosquitto_tool  # noqa: E402

PAIRS = 20
NODE_RED = "node-red@4"
LOADS = [("50/s", ["--rate", "50"]), ("8 outstanding", ["--outstanding", "8"])]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tree(pid):
    """A process and all that descend from it."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            pids += tree(int(child))
    return pids


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def resident_mb(pids):
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Hearth:
    name = "hearth"

    def __init__(self, folder, program):
        self.hub = Hub(folder / "hearth", program=program)
        begun = time.monotonic()
        self.hub.start()
        self.ready_s = time.monotonic() - begun
        self.hub.credential("bench", ["#"])
        self.token = (self.hub.data / "admin.token").read_text().strip()
        self.port = self.hub.mqtt_port
        self.announce()
        self.add_rules()

    def roots(self):
        return [self.hub.process.pid]

    def login(self):
        return ["--user", "bench", "--password", self.hub.passwords["bench"]]

    def announce(self):
        for i in range(PAIRS):
            for topic, config in discovery(i):
                self.hub.publish(topic, json.dumps(config), name="bench", retain=True)
        eventually(lambda: len(self.get("devices")) == 2 * PAIRS)
        self.ids = {device["name"]: device["id"] for device in self.get("devices")}

    def add_rules(self):
        for i in range(PAIRS):
            self.post("automations", {
                "name": f"Rule {i}",
                "triggers": [{"device": self.ids[f"Sensor {i}"],
                              "attribute": "occupancy.occupied"}],
                "actions": [{"device": self.ids[f"Light {i}"],
                             "set": {"on_off.on": "{{ trigger.to }}"}}],
            })

    def request(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.hub.http_port}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body):
        return self.request("POST", path, body)

    def end(self):
        self.hub.stop()


def discovery(i):
    sensor = {"unique_id": f"s{i}", "name": None, "device_class": "occupancy",
              "state_topic": f"bench/sensor/{i}/state",
              "value_template": "{{ 'ON' if value_json.occupancy else 'OFF' }}",
              "device": {"identifiers": [f"sensor-{i}"], "name": f"Sensor {i}"}}
    light = {"unique_id": f"l{i}", "name": None, "schema": "json",
             "command_topic": f"bench/light/{i}/set", "state_topic": f"bench/light/{i}/state",
             "device": {"identifiers": [f"light-{i}"], "name": f"Light {i}"}}
    if not ECHO:
        del light["state_topic"]  # a light that never answers: its commands settle as assumed
    yield f"homeassistant/binary_sensor/s{i}/config", sensor
    yield f"homeassistant/light/l{i}/config", light


class NodeRed:
    name = "Node-RED 4 + mosquitto"

    def __init__(self, folder, modules):
        self.folder = folder / "node-red"
        self.folder.mkdir()
        self.port = free_port()
        self.ui_port = free_port()
        self.write_files()
        begun = time.monotonic()
        self.broker = Process([mosquitto_tool("mosquitto"), "-c", self.folder / "mosquitto.conf"])
        self.flows = Process(["node", modules / "node-red/red.js", "-u", self.folder,
                              "-s", self.folder / "settings.js", "flows.json"])
        while "Started flows" not in "\n".join(self.flows.lines):
            self.flows.next_line(timeout_s=60)
        self.ready_s = time.monotonic() - begun
        time.sleep(2)  # it connects to the broker after it says so

    def roots(self):
        return [self.broker.pid, self.flows.pid]

    def login(self):
        return []

    def write_files(self):
        (self.folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n")
        (self.folder / "settings.js").write_text(
            f"module.exports = {{uiPort: {self.ui_port}, uiHost: '127.0.0.1',\n"
            "  logging: {console: {level: 'info'}}, telemetry: {enabled: false},\n"
            "  diagnostics: {enabled: false}};\n")
        nodes = [{"id": "tab", "type": "tab", "label": "bench"},
                 {"id": "broker", "type": "mqtt-broker", "broker": "127.0.0.1",
                  "port": str(self.port), "clientid": "", "autoConnect": True,
                  "protocolVersion": "4", "keepalive": "60", "cleansession": True}]
        for i in range(PAIRS):
            nodes += self.rule(i)
        (self.folder / "flows.json").write_text(json.dumps(nodes))

    @staticmethod
    def rule(i):
        common = {"z": "tab", "x": 0, "y": 0}
        return [
            {"id": f"in{i}", "type": "mqtt in", "topic": f"bench/sensor/{i}/state", "qos": "0",
             "datatype": "json", "broker": "broker", "nl": False, "rap": True, "rh": 0,
             "inputs": 0, "wires": [[f"fn{i}"]], **common},
            {"id": f"fn{i}", "type": "function", "outputs": 1, "libs": [],
             "func": "msg.payload = {state: msg.payload.occupancy ? 'ON' : 'OFF'};\n"
                     f"msg.topic = 'bench/light/{i}/set';\nreturn msg;",
             "wires": [[f"out{i}"]], **common},
            {"id": f"out{i}", "type": "mqtt out", "topic": "", "qos": "0", "retain": "false",
             "broker": "broker", "wires": [], **common},
        ]

    def end(self):
        self.flows.end()
        self.broker.end()


def install_node_red(folder):
    modules = folder / "node_modules"
    if not (modules / "node-red/red.js").exists():
        print("installing Node-RED 4", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--no-fund", "--no-audit", "--omit=dev", NODE_RED],
                       cwd=folder, check=True, stdout=sys.stderr)
    return modules


def block(hub, load, arguments):
    before = [cpu_seconds(tree(root)) for root in hub.roots()]
    output = subprocess.run([load, "--port", str(hub.port), "--pairs", str(PAIRS), *hub.login(),
                             *arguments], check=True, capture_output=True, text=True).stdout
    result = json.loads(output)
    scale = 100_000 / max(1, result["reactions"])
    after = [cpu_seconds(tree(root)) for root in hub.roots()]
    result["cpu_s"] = [(end - begin) * scale for begin, end in zip(before, after)]
    if result["lost"] or result["unexpected"]:
        print(f"note: {hub.name}: {output.strip()}", file=sys.stderr)
    return result


def measure(hubs, load, arguments, rounds):
    """Blocks in alternation; of each hub the block with the lowest p99, and its lowest CPU."""
    best = {}
    for _ in range(rounds):
        for hub in hubs:
            result = block(hub, load, arguments)
            known = best.setdefault(hub.name, result)
            cpu = min(known["cpu_s"], result["cpu_s"], key=sum)
            best[hub.name] = result if result["p99_us"] < known["p99_us"] else known
            best[hub.name]["cpu_s"] = cpu
    return best


def print_row(label, best, hubs):
    ours, theirs = (best[hub.name] for hub in hubs)
    cpu_share = sum(ours["cpu_s"]) / sum(theirs["cpu_s"])
    for hub in hubs:
        of = best[hub.name]
        print(f"| {label} | {hub.name} | {of['p50_us'] / 1000:.2f} | {of['p99_us'] / 1000:.2f} "
              f"| {sum(of['cpu_s']):.2f} | {of['reactions'] / of['seconds']:.0f} |")
    print(f"| {label} | *of that mosquitto alone* | | | {theirs['cpu_s'][0]:.2f} | |")
    print(f"| {label} | *hearth's share* | {ours['p50_us'] / theirs['p50_us']:.2f} "
          f"| {ours['p99_us'] / theirs['p99_us']:.2f} | {cpu_share:.3f} | |",
          flush=True)


def main():
    global ECHO
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--echo", action="store_true", help="lights answer with their state")
    options = parser.parse_args()
    ECHO = options.echo
    folder = options.folder.resolve()
    modules = install_node_red(folder / "node-red")
    program = os.environ.get("HEARTH_PROGRAM", folder / "hearth")
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as scratch:
        hubs = [Hearth(Path(scratch), program), NodeRed(Path(scratch), modules)]
        try:
            time.sleep(3)
            print("| hub | start to ready, s | idle resident, MB |\n|---|---|---|")
            for hub in hubs:
                pids = [pid for root in hub.roots() for pid in tree(root)]
                print(f"| {hub.name} | {hub.ready_s:.2f} | {resident_mb(pids):.1f} |")
            print("\n| load | hub | p50, ms | p99, ms | CPU-s per 100,000 | reactions/s |"
                  "\n|---|---|---|---|---|---|", flush=True)
            for qos in ("0", "1"):
                for label, arguments in LOADS:
                    arguments = [*arguments, "--qos", qos, "--seconds", str(options.seconds)]
                    arguments += ["--echo"] if ECHO else []
                    best = measure(hubs, folder / "reaction_load", arguments, options.rounds)
                    print_row(f"QoS {qos}, {label}", best, hubs)
        finally:
            for hub in hubs:
                hub.end()


ECHO = False
if __name__ == "__main__":
    main()
