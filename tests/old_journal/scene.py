"""Whose home it is in which an act is played, and the words with which it is told."""

from hub import eventually

DAY_S = 24 * 3600


class Scene:
    """Part of an act (act.py). Everything in it bears the name of a tag, so that it can be played twice
    in one home. `home` is make_old_journal.Home: the hub, its clock and Ann, whose it is."""

    def __init__(self, home, tag):
        self.home, self.hub, self.tag = home, home.hub, tag
        self.name = tag.capitalize()
        self.bridge = f"{tag}-bridge"  # whose credential most devices and clients have
        self.session = self.token = None  # of a person's browser and of a program: people() gets them
        self.rule_ids = {}
        # What a reader of the journal has to show beside what the API does:
        self.keys = []  # idempotency keys that were used, and the commands that they stand for
        self.owed = {}  # client id → what it gets when it comes back
        self.answers = []  # what devices say to the commands that are open
        self.closed = []  # tokens that let nobody in any more
        self.wires = []  # clients that are connected until the hub ends

    def topic(self, *levels):
        return "/".join([self.tag, *levels])

    def called(self, thing):
        return f"{self.name} {thing}"

    def device(self, thing):
        return self.hub.devices().get(self.called(thing))

    def reports(self, thing, payload, qos=1):
        self.hub.publish(self.topic(thing, "state"), payload, qos, name=self.bridge)

    def reported(self, thing, path):
        value = (self.device(thing) or {"reported": {}})["reported"]
        for part in path.split("."):
            value = (value or {}).get(part)
        return value

    def becomes(self, thing, payload, path, value):
        self.reports(thing, payload)
        eventually(lambda: self.reported(thing, path) == value)

    def config(self, thing, component, **more):
        return {
            "unique_id": f"{self.tag}-{thing}", "name": None,
            "state_topic": self.topic(thing, "state"),
            "device": {"identifiers": [f"{self.tag}-{thing}"], "name": self.called(thing),
                       "manufacturer": "Acme", "model": component},
            **({"command_topic": self.topic(thing, "set")} if component != "sensor" else {}),
            **more,
        }

    def joins(self, thing, component="switch", by=None, retain=True, **more):
        config = {key: value for key, value in self.config(thing, component, **more).items()
                  if value != ""}
        topic = f"homeassistant/{component}/{self.tag}_{thing}/config"
        self.hub.publish(topic, config, name=by or self.bridge, retain=retain)

    def leaves(self, thing, component="switch"):
        self.hub.publish(f"homeassistant/{component}/{self.tag}_{thing}/config", None,
                         name=self.bridge, retain=True)
        eventually(lambda: self.device(thing) is None)

    def command(self, thing, asks, token=None, **more):
        path = f"/devices/{self.device(thing)['id']}/commands"
        key = more.pop("key", None)
        headers = {"Idempotency-Key": key} if key else None
        answer = self.home.ask("POST", path, {"set": asks, **more}, token, headers)
        if key:
            self.keys.append({"token": token, "key": key, "path": path, "set": asks,
                              "command": answer["command"]})
        return answer

    def add_rule(self, name, triggers, actions, token=None, **more):
        definition = {"name": self.called(name), "triggers": triggers, "actions": actions, **more}
        self.rule_ids[name] = self.home.ask("POST", "/automations", definition, token)["id"]

    def rule(self, name, method="GET", below="", body=None, token=None):
        """What the API says of a rule, or does with it."""
        path = f"/automations/{self.rule_ids[name]}{below}"
        return self.home.ask(method, path, body, token)

    def runs(self, rule, state):
        """Waits for the newest run of a rule to be in that state."""

        def look():
            runs = self.rule(rule, below="/runs")
            return runs and runs[0]["state"] == state

        eventually(look)

    def when(self, thing, attribute, **more):
        return {"device": self.called(thing), "attribute": attribute, **more}

    def sets(self, thing, **values):
        return {"device": self.called(thing),
                "set": {key.replace("__", "."): value for key, value in values.items()}}
