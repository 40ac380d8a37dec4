"""What devices and people do in an act: they come, change, are named, asked, and go."""

from hub import eventually

from old_journal.scene import DAY_S, Scene

SHORT_S = 0.3  # after which a command without an answer is given up


class House(Scene):
    def announce(self):
        """Devices of one bridge, one that nobody retains, and one that sleeps with its session."""
        self.hub.credential(self.bridge, [f"{self.tag}/#"])
        self.hub.credential(f"{self.tag}-sleeper", [f"{self.tag}/plug/#"])
        self.hub.credential(f"{self.tag}-heir", [f"{self.tag}/#"])
        self.joins("lamp", "light", schema="json", brightness=True,
                   availability_topic=self.topic("lamp", "online"))
        for thing in ("fan", "loop", "silent", "gone", "forgotten", "handed"):
            self.joins(thing)
        self.joins("away", availability_topic=self.topic("away", "online"))
        self.joins("deaf", state_topic="")
        self.joins("bell", "button", state_topic="")
        self.joins("motion", "binary_sensor", device_class="occupancy", command_topic="")
        self.meter_joins("Outside")
        self.joins("storm", "sensor", state_class="measurement", name="Wind")
        self.joins("curtain", "cover", set_position_topic=self.topic("curtain", "set"),
                   position_topic=self.topic("curtain", "position"))
        self.joins("lock", "lock")
        self.joins("plug", by=f"{self.tag}-sleeper", qos=1)
        self.joins("mast", "sensor", retain=False)
        eventually(lambda: all(self.device(thing) for thing in (
            "lamp", "fan", "loop", "silent", "gone", "forgotten", "handed", "away", "deaf", "bell",
            "motion", "meter", "storm", "curtain", "lock", "plug", "mast")))

    def meter_joins(self, name):
        self.joins("meter", "sensor", device_class="temperature", unit_of_measurement="°C", name=name,
                   value_template="{{ value_json.t }}")

    def play_devices(self):
        """They tell how they are; one describes itself anew, one is away, one was. From here on the
        lamp, the fan and the loop become what they are asked, and a bell hears it and says nothing."""
        self.player = self.hub.client(f"{self.tag}-player", name=self.bridge)
        self.player.on_message = self.answer
        self.player.subscribe([(self.topic(thing, "set"), 1)
                               for thing in ("lamp", "fan", "loop", "bell")])
        self.becomes("lamp", {"state": "OFF", "brightness": 10}, "on_off.on", False)
        for thing in ("fan", "loop", "silent"):
            self.becomes(thing, "OFF", "on_off.on", False)
        self.becomes("motion", "OFF", "occupancy.occupied", False)
        self.becomes("meter", {"t": 4.5}, "temperature.celsius", 4.5)
        self.becomes("lock", "UNLOCKED", "lock.state", "unlocked")
        self.becomes("mast", "tall", f"untyped.{self.tag}_mast", "tall")
        self.position(10)
        self.meter_joins("Garden")
        eventually(lambda: "Garden" in self.device("meter")["labels"].values())
        for thing, word in (("away", "offline"), ("lamp", "offline"), ("lamp", "online")):
            self.hub.publish(self.topic(thing, "online"), word, retain=True, name=self.bridge)
            eventually(lambda: self.device(thing)["online"] == (word == "online"))

    def position(self, percent):
        self.hub.publish(self.topic("curtain", "position"), str(percent), name=self.bridge)

    def answer(self, client, _userdata, message):
        if not message.topic.endswith("bell/set"):
            client.publish(message.topic.replace("/set", "/state"), message.payload, 1)

    def names_and_rooms(self):
        hub = self.hub
        hub.cli("alias", self.called("lamp"), f"{self.name}lampe", f"{self.tag} 灯")
        hub.cli("move", self.called("lamp"), f"{self.name} study")
        lamp = self.device("lamp")["id"]
        self.home.ask("PATCH", f"/devices/{lamp}", {"area": f"{self.name} den"}, self.home.session)
        hub.cli("move", self.called("fan"), f"{self.name} attic")
        hub.cli("area", "remove", f"{self.name} attic")
        hub.cli("move", self.called("gone"), f"{self.name} study")
        hub.cli("alias", self.called("gone"), f"{self.tag} once")
        hub.cli("hand", self.called("handed"), f"{self.tag}-heir")
        hub.cli("rename", self.called("handed"), self.called("heirloom"))

    def departures(self):
        """One leaves and is remembered, one is forgotten; a credential goes with all that was its own."""
        self.leaves("gone")
        self.leaves("forgotten")
        self.hub.cli("forget", self.called("forgotten"))
        name = f"{self.tag}-revoked"
        self.hub.credential(name, [f"{self.tag}/revoked/#"])
        self.hub.publish(self.topic("revoked", "a"), "kept", retain=True, name=name)
        self.keep(name, self.topic("revoked", "#"), credential=name).close()
        self.hub.cli("credential", "revoke", name)

    def people(self):
        """A session that was ended, and one that goes on; a token that was revoked, and one that is not."""
        old_session, self.session = self.home.sign_in(), self.home.sign_in()
        self.home.ask("DELETE", "/session", token=old_session)
        old_token, self.token = (
            self.home.ask("POST", "/tokens", {"name": f"{self.tag}-{name}"}, self.session)["token"]
            for name in ("old-script", "script"))
        self.home.ask("DELETE", f"/tokens/{self.tag}-old-script", token=self.session)
        self.closed = [old_session, old_token]

    def hours_pass(self):
        """Over a time of day; who comes back after that is seen to be there still."""
        self.add_rule("clock", [{"time": self.home.local_time(119)}], [{"notify": "tick"}])
        self.hold_rules()
        self.home.turn_clock(minutes=120)
        self.home.ask("GET", "/devices", token=self.home.session)
        self.runs("clock", "finished")

    def commands(self):
        confirmed = self.command("fan", {"on_off.on": True}, self.token, key="done", wait_s=5)
        assert confirmed["settlement"] == "confirmed", confirmed
        self.command("lamp", {"on_off.on": True, "level.percent": 40}, self.session, wait_s=5)
        assumed = self.command("bell", {"button.press": True}, self.session, wait_s=5)
        assert assumed["settlement"] == "assumed", assumed
        refused = self.command("deaf", {"on_off.on": True}, wait_s=5)
        assert refused["settlement"] == "refused", refused
        late = self.command("silent", {"on_off.on": True}, self.session, timeout_s=SHORT_S, wait_s=5)
        assert late["settlement"] == "timed_out", late
        silent = self.device("silent")["id"]
        self.home.ask("DELETE", f"/devices/{silent}/desired/on_off.on", token=self.session)
        # Asked, never confirmed, and still owed.
        self.command("silent", {"on_off.on": True}, self.token, timeout_s=SHORT_S, wait_s=5)

    def sentences(self):
        """Said by a person, a program and the command line."""
        for token, word in ((self.session, "on"), (self.token, "off"), (None, "on")):
            said = self.home.ask("POST", "/conversation",
                                 {"text": f"turn {word} the {self.called('fan')}"}, token)
            assert said["outcome"] == "done", said

    def leave_open(self):
        """Commands without an answer, one of them in the session of a device that sleeps, and a
        curtain that has begun to move, stopped, and begun again."""
        sleeper = f"{self.tag}-sleeper"
        self.keep(sleeper, self.topic("plug", "set"), credential=sleeper).close()
        asleep = self.command("plug", {"on_off.on": True}, self.token, key="open", timeout_s=DAY_S)
        self.owes(sleeper, {"qos": 1, "dup": False, "retain": False,
                            "topic": self.topic("plug", "set"), "payload": "ON"},
                  credential=sleeper)
        curtain = self.command("curtain", {"cover.position": 80}, self.session, timeout_s=DAY_S)
        under_way = f"/commands/{curtain['command']}"
        for percent, is_so in ((20, True), (15, False), (30, True)):
            self.position(percent)
            eventually(lambda: self.home.ask("GET", under_way)["under_way"] == is_so)
        for command in (asleep, curtain):
            assert self.home.ask("GET", f"/commands/{command['command']}")["settlement"] is None
        for credential, thing, level, payload in (
                (sleeper, "plug", "state", "ON"), (self.bridge, "curtain", "position", "80"),
                (self.bridge, "silent", "state", "ON")):
            self.answers.append({"credential": credential, "topic": self.topic(thing, level),
                                 "payload": payload})
        self.runs("owing", "waiting")
