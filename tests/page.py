"""The page in a real browser: Debian's Chromium, driven by the scenarios of ui/tests/scenarios."""

import json
import os
import shutil
import subprocess

from hub import ROOT, eventually

SCENARIO_TIMEOUT_S = 120
PASSWORD = "a warm hearth at home"  # ui/tests/browser.mjs signs in with it, as Ann


def require_browser():
    """What the tests of the page need; that it is not there is a failure, never a skip."""
    assert shutil.which("node"), "there is no node: run scripts/setup --dev"
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    assert os.access(chromium, os.X_OK), f"there is no {chromium}: run scripts/setup --dev"
    assert (ROOT / "ui/node_modules/playwright-core").is_dir(), "run scripts/build-ui"


class Page:
    """A hub, and one viewport to look at its page."""

    def __init__(self, hub, viewport, pictures):
        require_browser()
        self.hub = hub
        self.viewport = viewport
        self.pictures = pictures
        self.code = next(
            line.removeprefix("claim code: ")
            for line in hub.process.lines
            if line.startswith("claim code: ")
        )

    def claim(self):
        """Makes the home Ann's, so that scenarios meet it claimed."""
        body = {"code": self.code, "name": "Ann", "password": PASSWORD}
        assert self.hub.http("POST", "/api/v1/claim", body, token=False)[0] == 201

    def play(self, scenario, **options):
        """Plays a scenario; fails with its words, and a picture of the page as it was then."""
        picture = self.pictures / f"{scenario}-{self.viewport}.png"
        command = ["node", ROOT / "ui/tests/run.mjs", scenario, "--viewport", self.viewport]
        command += ["--url", f"http://127.0.0.1:{self.hub.http_port}", "--code", self.code]
        command += ["--options", json.dumps(options)]
        done = subprocess.run(
            [str(word) for word in [*command, "--picture", picture]],
            capture_output=True,
            text=True,
            timeout=SCENARIO_TIMEOUT_S,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}{done.stderr}\npicture: {picture}"


class MadeHome:
    """Devices that a test makes by hand: announced over MQTT, saying only what the test has them say."""

    def __init__(self, hub):
        self.hub = hub
        hub.credential("hand", ["#"])
        self.client = hub.client(name="hand")
        for topic in ("+/set", "+/+/set"):  # it hears what is asked, and says nothing to it
            self.client.subscribe(topic)

    def announce(self, component, name, area=None, **config):
        """A device of one entity. Its topics are TOPIC/state, TOPIC/set, TOPIC/online."""
        topic = name.lower().replace(" ", "_")
        config = {"unique_id": topic, "name": None, "state_topic": f"{topic}/state",
                  "device": {"identifiers": [topic], "name": name}, **config}
        if area:
            config["device"]["suggested_area"] = area
        self.publish(f"homeassistant/{component}/{topic}/config", config, retain=True)
        return topic

    def light(self, name, area=None, **config):
        topic = name.lower().replace(" ", "_")
        return self.announce("light", name, area, schema="json", brightness=True,
                             command_topic=f"{topic}/set", **config)

    def answering(self, topic):
        """From now on this light does what it is told, and says so."""
        client = self.hub.client(name="hand")
        client.on_message = lambda _client, _data, message: client.publish(
            f"{topic}/state", message.payload
        )
        client.subscribe(f"{topic}/set")

    def publish(self, topic, payload, retain=False):
        payload = payload if isinstance(payload, str) else json.dumps(payload)
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)

    def wait_for(self, *names):
        eventually(lambda: set(names) <= set(self.hub.devices()))

