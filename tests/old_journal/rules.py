"""What rules do in an act: every state of a rule, every end of a run."""

from hub import eventually

from old_journal.scene import Scene


class Rules(Scene):
    def hold_rules(self):
        """What holds already is taken up when the rule comes, and moves as the clock is set."""
        still = {"device": self.called("motion"), "attribute": "occupancy.occupied", "to": False,
                 "for": "20h"}
        self.add_rule("still", [still], [{"notify": "still"}], self.token)

    def rules(self):
        moves = self.when("motion", "occupancy.occupied", to=True)
        self.add_rule("walk", [moves], [self.sets("fan", on_off__on=False), {"notify": "walk"}],
                      self.session)
        self.add_rule("never", [moves], [{"notify": "never"}], self.token, conditions=[
            self.when("lock", "lock.state", **{"is": "locked"})])
        self.add_rule("slow", [moves], [{"notify": "slow"}, {"delay": "20h"}], mode="restart")
        self.add_rule("single", [moves], [{"delay": "20h"}])
        self.add_rule("owing", [moves], [self.sets("silent", on_off__on=True)])
        self.becomes("motion", "ON", "occupancy.occupied", True)
        self.runs("walk", "finished")
        self.runs("slow", "running")
        self.becomes("motion", "OFF", "occupancy.occupied", False)
        self.becomes("motion", "ON", "occupancy.occupied", True)  # slow begins anew, single ignores
        self.runs("never", "not_met")
        self.runs("slow", "running")
        self.rule("walk", "POST", "/run", token=self.session)
        self.runs("walk", "finished")
        self.becomes("motion", "OFF", "occupancy.occupied", False)

    def rules_that_end(self):
        """Changed, switched off under way, removed, failed, and set aside as they never end."""
        press = [self.when("loop", "on_off.on", event="reported")]
        self.add_rule("stopped", press, [{"delay": "1h"}])
        self.rule("stopped", "POST", "/run", token=self.token)
        self.runs("stopped", "running")
        self.rule("stopped", "PATCH", body={"enabled": False}, token=self.session)
        self.runs("stopped", "stopped")
        self.add_rule("removed", press, [{"delay": "1h"}])
        self.rule("removed", "POST", "/run")
        self.rule("removed", "DELETE", token=self.session)
        self.add_rule("versions", [{"time": "03:00"}], [{"notify": "one"}], self.session)
        for text in ("two", "three"):
            self.rule("versions", "PUT", body={
                "name": self.called("versions"), "triggers": [{"time": "03:00"}],
                "actions": [{"notify": text}]}, token=self.token)
        self.add_rule("failing", [{"time": "03:00"}],
                      [self.sets("deaf", on_off__on=True), {"notify": "after"}])
        self.rule("failing", "POST", "/run")
        self.runs("failing", "failed")
        self.add_rule("ping", [self.when("loop", "on_off.on", to=True)],
                      [self.sets("loop", on_off__on=False)])
        self.add_rule("pong", [self.when("loop", "on_off.on", to=False)],
                      [self.sets("loop", on_off__on=True)])
        self.command("loop", {"on_off.on": True}, self.session)
        eventually(lambda: "set_aside" in [self.rule(name)["state"] for name in ("ping", "pong")])
