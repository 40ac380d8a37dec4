"""A hub under test: `hearth serve` as a process of its own, and the clients that talk to it.

    def test_retained_message_waits_for_its_subscriber(hub):
        hub.credential("plug", ["plug/#"])
        hub.publish("plug/state", "ON", name="plug", retain=True)
        assert hub.subscribe("plug/state", name="plug").next_message() == ("plug/state", "ON")

Every process that is started here is ended here, by its id.
"""

import json
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import paho.mqtt.client

ROOT = Path(__file__).resolve().parent.parent


def mosquitto_tool(name):
    """The path of mosquitto or of a program that comes with it: the system's, else the one that
    scripts/setup --dev unpacked; None where there is neither."""
    unpacked = ROOT / "build/mosquitto/usr"
    folders = ["/usr/sbin", "/usr/local/sbin", f"{unpacked}/sbin", f"{unpacked}/bin"]
    return shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *folders]))
READY_TIMEOUT_S = 30  # replaying a long journal under a sanitizer on a busy machine
STOP_TIMEOUT_S = 20
MESSAGE_TIMEOUT_S = 10
READY = re.compile(r"ready http=127\.0\.0\.1:(\d+) mqtt=127\.0\.0\.1:(\d+)")


def program_path():
    """The program under test; it must be there: a hub that was not built is a failure."""
    path = Path(os.environ.get("HEARTH_PROGRAM", ROOT / "build/release/hearth")).absolute()
    if not os.access(path, os.X_OK):
        raise AssertionError(
            f"there is no program {path}: build it with scripts/build, or name it in HEARTH_PROGRAM"
        )
    return path


def is_sanitized(program):
    """Whether the program runs under AddressSanitizer: its memory is then mostly the sanitizer's."""
    return b"__asan_init" in Path(program).read_bytes()


def eventually(what, timeout_s=MESSAGE_TIMEOUT_S, every_s=0.02):
    """Asks until what() answers something true, and returns that. For effects that another process
    brings about and nothing announces."""
    until = time.monotonic() + timeout_s
    while True:
        answer = what()
        if answer:
            return answer
        assert time.monotonic() < until, f"did not come true within {timeout_s} s (last: {answer!r})"
        time.sleep(every_s)


class Process:
    """A child process whose lines are kept and can be waited for."""

    def __init__(self, command, env=None):
        self.command = [str(word) for word in command]
        self.lines = []  # all of standard output, in order
        self._fresh = queue.Queue()
        self._errors = []
        self._child = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, **(env or {})},
        )
        self._readers = [
            threading.Thread(target=self._read_output, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read_output(self):
        for line in self._child.stdout:
            self.lines.append(line.rstrip("\n"))
            self._fresh.put(line.rstrip("\n"))
        self._fresh.put(None)

    def _read_errors(self):
        self._errors.extend(self._child.stderr)

    @property
    def pid(self):
        return self._child.pid

    @property
    def errors(self):
        return "".join(self._errors)

    def says(self, text):
        """Waits until it has said a text on standard error."""
        eventually(lambda: text in self.errors)

    def running(self):
        return self._child.poll() is None

    def next_line(self, timeout_s=MESSAGE_TIMEOUT_S):
        """The next line of standard output; fails where none comes in time."""
        try:
            line = self._fresh.get(timeout=timeout_s)
        except queue.Empty:
            raise AssertionError(f"no line within {timeout_s} s from {self.describe()}") from None
        if line is None:
            self._fresh.put(None)
            raise AssertionError(f"ended: {self.describe()}")
        return line

    def has_line(self):
        """True where a line waits to be read."""
        return not self._fresh.empty()

    def wait(self, timeout_s=STOP_TIMEOUT_S):
        """Waits for its end; returns the exit code, negative for a signal."""
        code = self._child.wait(timeout=timeout_s)
        for reader in self._readers:
            reader.join(timeout=STOP_TIMEOUT_S)
        # A hub that is restarted hundreds of times keeps what they said, not their pipes.
        self._child.stdout.close()
        self._child.stderr.close()
        return code

    def signal(self, number):
        if self.running():
            self._child.send_signal(number)

    def end(self):
        """Ends it for certain, politely first; returns the exit code."""
        self.signal(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.wait()
            raise AssertionError(f"did not end on SIGTERM: {self.describe()}") from None

    def describe(self):
        output = "\n".join(self.lines[-50:])
        state = "running" if self.running() else f"exit code {self._child.returncode}"
        return f"{' '.join(self.command)} ({state})\n-- output\n{output}\n-- errors\n{self.errors}"


class Subscriber(Process):
    """A real mosquitto_sub. Constructed once its subscription stands."""

    def __init__(self, command):
        # With -d it says when the broker granted the subscription, so that nothing is published too
        # early; into a pipe it would keep that to itself until its buffer is full.
        super().__init__(["stdbuf", "-oL", *command, "-d", "-F", r"message %t\t%p"])
        while not self.next_line().startswith("Subscribed"):
            pass

    def next_message(self, timeout_s=MESSAGE_TIMEOUT_S):
        """(topic, payload) of the next message."""
        until = time.monotonic() + timeout_s
        while True:
            line = self.next_line(max(0.0, until - time.monotonic()))
            if line.startswith("message "):
                topic, payload = line.removeprefix("message ").split("\t", 1)
                return topic, payload


class Hub:
    """`hearth serve` on free ports of the loopback, with a data folder of its own."""

    def __init__(self, data, *arguments, program=None, env=None):
        self.program = program or program_path()
        self.data = Path(data)
        self.arguments = list(arguments)
        self.env = env
        self.passwords = {}  # by the name of the credential
        self.process = None
        self.http_port = self.mqtt_port = None
        self._history = []  # hubs that ran before in this folder
        self._children = []
        self._clients = []
        self._streams = []

    # The hub's life.

    def start(self, *arguments):
        """Starts the hub and waits until it listens. Arguments are kept for the next start."""
        assert self.process is None, "the hub runs already"
        self.arguments += arguments
        command = [self.program, "serve", "--data", self.data, *self.arguments]
        for option in ("--http", "--mqtt"):
            if option not in self.arguments:
                command += [option, "127.0.0.1:0"]
        self.process = Process(command, self.env)
        until = time.monotonic() + READY_TIMEOUT_S
        ready = None
        while not ready:
            ready = READY.fullmatch(self.process.next_line(max(0.0, until - time.monotonic())))
        self.http_port, self.mqtt_port = int(ready[1]), int(ready[2])
        return self

    def stop(self):
        """Ends the hub as a person does; it must end well."""
        code = self._finish(signal.SIGTERM)
        assert code == 0, f"the hub ended with {code}:\n{self.log()}"

    def kill9(self):
        """Ends the hub without its knowing, as a crash does. The data folder stays."""
        self._finish(signal.SIGKILL)

    def start_and_kill9(self, after_s):
        """Starts the hub and ends it so many seconds later, however far it has come."""
        command = [self.program, "serve", "--data", self.data, *self.arguments]
        if "--http" not in self.arguments:
            command += ["--http", "127.0.0.1:0"]
        if "--mqtt" not in self.arguments:
            command += ["--mqtt", "127.0.0.1:0"]
        self.process = Process(command, self.env)
        time.sleep(after_s)
        self.kill9()

    def _finish(self, number):
        assert self.process is not None, "the hub does not run"
        process, self.process = self.process, None
        self._history.append(process)
        process.signal(number)
        try:
            return process.wait()
        except subprocess.TimeoutExpired:
            process.signal(signal.SIGKILL)
            process.wait()
            raise AssertionError(f"the hub did not end:\n{process.describe()}") from None

    def restart(self, *arguments):
        """Stops the hub where it runs, and starts it again in the same folder, on new ports."""
        if self.process is not None:
            self.stop()
        return self.start(*arguments)

    def adopt(self, child):
        """Ends it with the hub, by its end()."""
        self._children.append(child)

    def close(self):
        """Ends everything that was started for this hub."""
        for stream in self._streams:
            stream.shutdown()
        for client in self._clients:
            client.loop_stop()
            client.disconnect()
        faults = []
        for child in self._children:
            try:
                child.end()
            except AssertionError as fault:
                faults.append(str(fault))
        if self.process is not None:
            self.stop()
        assert not faults, "\n".join(faults)

    def log(self):
        """Everything that the hubs in this folder said so far: their output, then their errors."""
        running = [self.process] if self.process else []
        return "\n".join(process.describe() for process in self._history + running)

    # The command line.

    def cli(self, *arguments, expect=0, given=""):
        """Runs `hearth COMMAND … --data DIR`, with `given` as its input; returns its output, and fails
        on another exit code."""
        command = [self.program, *arguments, "--data", self.data]
        done = subprocess.run(
            [str(word) for word in command],
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == expect, (
            f"hearth {' '.join(map(str, arguments))} ended with {done.returncode}, not {expect}:"
            f"\n{done.stdout}{done.stderr}"
        )
        return done.stdout if expect == 0 else done.stderr

    def json(self, *arguments):
        """What `hearth COMMAND … --json` prints, read."""
        return json.loads(self.cli(*arguments, "--json"))

    def json_lines(self, *arguments):
        """What a command prints as one JSON object a line, read."""
        return [json.loads(line) for line in self.cli(*arguments).splitlines()]

    def devices(self):
        """All devices by their name."""
        return {device["name"]: device for device in self.json("devices")}

    def credential(self, name, topics=()):
        """Makes MQTT credentials that reach the given topics; returns the password."""
        options = [word for topic in topics for word in ("--topic", topic)]
        self.passwords[name] = self.json("credential", "add", name, *options)["password"]
        return self.passwords[name]

    # HTTP.

    def token(self):
        return (self.data / "admin.token").read_text().strip()

    def http(self, method, path, body=None, headers=None, token=True):
        """(status, body as text) of one request. The body, where given, goes out as JSON."""
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {self.token()}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        url = f"http://127.0.0.1:{self.http_port}{path}"
        request = urllib.request.Request(url, data=data, headers=headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=MESSAGE_TIMEOUT_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    def live(self, since=None, token=None, scheme="ws", port=None, **options):
        """An open live stream (a WebSocket client), closed with the hub. Without a token it brings
        the admin's; `options` are websocket-client's."""
        # Only who uses it needs it.
        import websocket  # pylint: disable=import-outside-toplevel

        query = "" if since is None else f"?since={since}"
        url = f"{scheme}://127.0.0.1:{port or self.http_port}/api/v1/live{query}"
        header = options.pop("header", [f"Authorization: Bearer {token or self.token()}"])
        options = {"timeout": MESSAGE_TIMEOUT_S, "suppress_origin": True, **options}
        stream = websocket.create_connection(url, header=header, http_no_proxy=["*"], **options)
        self._streams.append(stream)
        return stream

    def metric(self, name, **labels):
        """The sum of a metric's samples that have the given labels; 0 where there is none."""
        _, page = self.http("GET", "/metrics", token=False)
        wanted = {f'{key}="{value}"' for key, value in labels.items()}
        total = 0.0
        for sample in re.finditer(rf"^{re.escape(name)}(?:\{{(.*)\}})? (\S+)$", page, re.MULTILINE):
            if wanted <= set((sample[1] or "").split(",")):
                total += float(sample[2])
        return total

    # MQTT.

    def _mosquitto(self, tool, name, version):
        command = [tool, "-h", "127.0.0.1", "-p", str(self.mqtt_port), "-V", version]
        if name is not None:
            command += ["-u", name, "-P", self.passwords[name]]
        return command

    def publish(self, topic, payload, qos=1, retain=False, name=None, version="mqttv5", expect=0):
        """A real mosquitto_pub, waited for. A dict or list goes out as JSON, None as an empty one."""
        if isinstance(payload, (dict, list)):
            payload = json.dumps(payload)
        command = self._mosquitto("mosquitto_pub", name, version) + ["-t", topic, "-q", str(qos)]
        command += ["-n"] if payload is None else ["-s"]
        command += ["-r"] if retain else []
        done = subprocess.run(
            command, input=payload, capture_output=True, text=True, timeout=30, check=False
        )
        ended = 0 if done.returncode == 0 else 1
        assert ended == expect, f"{' '.join(command)}: {done.returncode}\n{done.stderr}"
        return done.stdout + done.stderr

    def subscribe(self, *topics, qos=1, name=None, version="mqttv5", options=()):
        """A real mosquitto_sub, running and subscribed; ended with the hub."""
        command = self._mosquitto("mosquitto_sub", name, version) + ["-q", str(qos), *options]
        subscriber = Subscriber(command + [word for topic in topics for word in ("-t", topic)])
        self._children.append(subscriber)
        return subscriber

    def client(self, client_id="", name=None, version=5, clean=True, connect=True, **options):
        """A paho client with its loop running, connected where `connect` is true. Callbacks and a
        will are set on one that is not connected yet; then use `connect_client`."""
        fresh = {} if version == 5 else {"clean_session": clean}
        protocol = {
            3: paho.mqtt.client.MQTTv31,
            4: paho.mqtt.client.MQTTv311,
            5: paho.mqtt.client.MQTTv5,
        }[version]
        client = paho.mqtt.client.Client(client_id, protocol=protocol, **fresh, **options)
        if name is not None:
            client.username_pw_set(name, self.passwords[name])
        return self.connect_client(client, clean) if connect else client

    def connect_client(self, client, clean=True):
        """Connects a paho client and waits until the hub has let it in."""
        options = {"clean_start": clean} if client._protocol == paho.mqtt.client.MQTTv5 else {}
        client.connect("127.0.0.1", self.mqtt_port, **options)
        client.loop_start()
        self._clients.append(client)
        eventually(client.is_connected)
        return client

    # Simulated devices.

    def simulate(self, home, *arguments, name="simulator", topics=("#",)):
        """`hearth simulate HOME` as a process of its own; ended with the hub."""
        credentials = self.data / f"{name}.json"
        options = [word for topic in topics for word in ("--topic", topic)]
        credentials.write_text(self.cli("credential", "add", name, *options, "--json"))
        credentials.chmod(0o600)
        address = f"127.0.0.1:{self.mqtt_port}"
        command = [self.program, "simulate", home, "--mqtt", address, "--credentials", credentials]
        simulator = Process([*command, *arguments], self.env)
        self._children.append(simulator)
        return simulator


# MQTT as bytes: for packets that no well-behaved client sends.


def mqtt_number(value, size=2):
    return value.to_bytes(size, "big")


def mqtt_text(text):
    """Text, or bytes that only claim to be text, with its length before it (MQTT 1.5.4)."""
    content = text.encode() if isinstance(text, str) else text
    return mqtt_number(len(content)) + content


def mqtt_length(value):
    """A variable byte integer (MQTT 1.5.5)."""
    out = b""
    while True:
        value, digit = divmod(value, 128)
        out += bytes([digit | (128 if value else 0)])
        if not value:
            return out


def mqtt_packet(first_byte, body=b""):
    return bytes([first_byte]) + mqtt_length(len(body)) + body


def mqtt_connect(client_id, name=None, password=None, version=5, clean=True, keep_alive=0,
                 properties=b"", will=None):
    """CONNECT. `will` is (topic, payload); text may be bytes that are not UTF-8."""
    flags = (2 if clean else 0) | (4 if will else 0)
    flags |= (0x80 if name is not None else 0) | (0x40 if password is not None else 0)
    body = mqtt_text("MQTT") + bytes([version, flags]) + mqtt_number(keep_alive)
    body += mqtt_length(len(properties)) + properties if version == 5 else b""
    body += mqtt_text(client_id)
    if will:
        body += (mqtt_length(0) if version == 5 else b"") + mqtt_text(will[0]) + mqtt_text(will[1])
    body += mqtt_text(name) if name is not None else b""
    body += mqtt_text(password) if password is not None else b""
    return mqtt_packet(0x10, body)


def mqtt_publish(topic, payload, qos=0, packet_id=1, version=5, properties=b"", retain=False):
    body = mqtt_text(topic) + (mqtt_number(packet_id) if qos else b"")
    body += mqtt_length(len(properties)) + properties if version == 5 else b""
    return mqtt_packet(0x30 | qos << 1 | retain, body + payload)


def mqtt_subscribe(topic, options=0, packet_id=1, version=5, properties=b""):
    body = mqtt_number(packet_id)
    body += mqtt_length(len(properties)) + properties if version == 5 else b""
    return mqtt_packet(0x82, body + mqtt_text(topic) + bytes([options]))


class Wire:
    """A raw connection to the MQTT port of a hub."""

    def __init__(self, hub):
        self.hub = hub
        self.socket = socket.create_connection(("127.0.0.1", hub.mqtt_port), MESSAGE_TIMEOUT_S)
        self.reader = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.reader.close()
        self.socket.close()

    def send(self, *packets):
        self.socket.sendall(b"".join(packets))
        return self

    def packet(self):
        """(first byte, body) of the next packet; None where the hub has closed the connection."""
        try:
            first = self.reader.read(1)
            if not first:
                return None
            length = shift = 0
            while True:
                digit = self.reader.read(1)[0]
                length |= (digit & 127) << shift
                shift += 7
                if digit < 128:
                    return first[0], self.reader.read(length)
        except (ConnectionError, IndexError):
            return None

    def expect(self, first_byte):
        """The body of the next packet, which must be of that kind."""
        packet = self.packet()
        assert packet is not None and packet[0] == first_byte, f"{packet}, not {first_byte:#x}"
        return packet[1]

    def reason(self, first_byte):
        """The reason code of the next packet: of DISCONNECT, PUBACK, PUBREC, PUBREL or PUBCOMP."""
        body = self.expect(first_byte)
        at = 0 if first_byte == 0xE0 else 2
        return body[at] if len(body) > at else 0

    def login(self, client_id, name, **options):
        """Sends CONNECT with the name's password, and returns CONNACK's flags and reason code."""
        self.send(mqtt_connect(client_id, name, self.hub.passwords[name], **options))
        body = self.expect(0x20)
        return body[0], body[1]

    def ping(self):
        """All before it has been handled, and answered, when this returns."""
        self.send(mqtt_packet(0xC0)).expect(0xD0)
