"""What benchmarks of whole programs share: another broker beside ours, and what the kernel says
about a process and the machine."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from hub import eventually, mosquitto_tool  # noqa: E402 (the path above comes first)


class Mosquitto:
    """A mosquitto of our own, for a `with`; `saves`: it keeps its database after every change."""

    def __init__(self, folder, saves):
        program = mosquitto_tool("mosquitto")
        if program is None:
            sys.exit("mosquitto is missing: run scripts/setup --dev")
        folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.mqtt_port = free.getsockname()[1]
        settings = [
            f"listener {self.mqtt_port} 127.0.0.1",
            "allow_anonymous true",
            "set_tcp_nodelay true",
            "max_inflight_messages 0",
            "log_dest none",
            f"persistence {'true' if saves else 'false'}",
        ]
        if os.getuid() == 0:
            settings.append("user root")  # else it could not write into our folder
        if saves:
            settings += [
                f"persistence_location {folder}/",
                "autosave_on_changes true",
                "autosave_interval 1",
            ]
        (folder / "mosquitto.conf").write_text("\n".join(settings) + "\n")
        self.process = subprocess.Popen(
            [program, "-c", folder / "mosquitto.conf"], stderr=subprocess.DEVNULL
        )
        eventually(self._listens)

    def _listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.mqtt_port)) == 0

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid):
    """Anonymous memory: without the program's own file."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) * 1024


def machine(folder):
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    words = model[1].split()[:2] if model else ["unknown"]
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    holding = [(m, t) for m, t in mounts if str(folder).startswith(m.rstrip("/") + "/")]
    kind = max(holding, key=lambda one: len(one[0]))[1]
    return f"{os.cpu_count()} cores ({' '.join(words)}), {kind}"
