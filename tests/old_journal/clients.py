"""What MQTT clients do in an act: every half-done state of a session that is kept, and wills."""

from hub import (Wire, eventually, mqtt_length, mqtt_number, mqtt_packet, mqtt_publish, mqtt_subscribe,
                 mqtt_text)

from old_journal.scene import DAY_S, Scene
from old_journal.shown import publication

KEPT_S = 7 * DAY_S  # as long as the broker keeps a session
KEPT = b"\x11" + mqtt_number(KEPT_S, 4)
MESSAGE = {"qos": 1, "dup": False, "retain": False}


def brief(seconds):
    """The properties of a message that expires."""
    return b"\x02" + mqtt_number(seconds, 4)


def unsubscribe(topic, packet_id=1):
    no_properties = b"\x00"
    return mqtt_packet(0xA2, mqtt_number(packet_id) + no_properties + mqtt_text(topic))


class Session:
    """A connected client whose session is kept."""

    def __init__(self, wire):
        self.wire = wire
        self.early = []  # what is retained may come before SUBACK

    def subscribe(self, topic, qos):
        self.wire.send(mqtt_subscribe(topic, qos))
        while (packet := self.wire.packet())[0] != 0x90:
            self.early.append(packet)

    def publication(self, qos):
        """The packet id of the next PUBLISH, which must be of that QoS."""
        got = publication(*(self.early.pop(0) if self.early else self.wire.packet()))
        assert got["qos"] == qos, got
        return got["id"]

    def acknowledge(self, qos):
        packet_id = mqtt_number(self.publication(qos))
        if qos == 1:
            self.wire.send(mqtt_packet(0x40, packet_id))
            return
        self.wire.send(mqtt_packet(0x50, packet_id)).expect(0x62)
        self.wire.send(mqtt_packet(0x70, packet_id))

    def close(self):
        """Without a word, as one whose battery is empty."""
        clients = self.wire.hub.metric("hearth_mqtt_clients")
        self.wire.__exit__()
        eventually(lambda: self.wire.hub.metric("hearth_mqtt_clients") < clients)


class Clients(Scene):
    def keep(self, client_id, *topics, qos=1, credential=None):
        """A client with a session that is kept; connected, and subscribed."""
        wire = Wire(self.hub)
        _, code = wire.login(client_id, credential or self.bridge, clean=False, properties=KEPT)
        assert code == 0
        session = Session(wire)
        for topic in topics:
            session.subscribe(topic, qos)
        return session

    def sends(self, topic, payload, qos=1, properties=b"", retain=False):
        """From a client whose session goes with it."""
        with Wire(self.hub) as wire:
            wire.login(f"{self.tag}-sender", self.bridge)
            wire.send(mqtt_publish(topic, payload.encode(), qos, 1, properties=properties,
                                   retain=retain))
            wire.expect(0x40 if qos == 1 else 0x50)
            if qos == 2:
                wire.send(mqtt_packet(0x62, mqtt_number(1))).expect(0x70)

    def sessions(self):
        """What is over: taken and acknowledged, skipped as it came too late, ended."""
        self.taken()
        late = f"{self.tag}-late"
        self.keep(late, self.topic("late")).close()
        self.sends(self.topic("late"), "too late", properties=brief(1))
        self.home.pause(1.5)
        self.keep(late).close()
        self.owes(late)
        self.keep(f"{self.tag}-ended", self.topic("ended")).close()
        with Wire(self.hub) as wire:
            wire.login(f"{self.tag}-ended", self.bridge)
        self.owes(f"{self.tag}-ended", is_there=False)

    def taken(self):
        """Back, the client takes what waited, unsubscribes, and sends a message of its own."""
        client = f"{self.tag}-taker"
        self.keep(client, self.topic("take", "#"), qos=2).close()
        self.sends(self.topic("take", "1"), "one")
        self.sends(self.topic("take", "2"), "two", qos=2)
        session = self.keep(client)
        session.acknowledge(1)
        session.acknowledge(2)
        session.wire.ping()
        session.wire.send(unsubscribe(self.topic("take", "#"))).expect(0xB0)
        session.subscribe(self.topic("take", "+"), 1)
        session.wire.send(mqtt_publish(self.topic("nobody"), b"x", 2, 9)).expect(0x50)
        session.wire.send(mqtt_packet(0x62, mqtt_number(9))).expect(0x70)
        session.close()
        self.owes(client, {"released": 9}, hears=self.topic("take", "more"),
                  hears_not=self.topic("take", "much", "more"))

    def owes(self, client_id, *packets, credential=None, **more):
        """What the client gets when it comes back, in order; nothing where nothing is named. `more`
        tells whether its session is there at all, and of a topic that it hears, or hears no more."""
        self.owed[client_id] = {"credential": credential or self.bridge, "packets": list(packets),
                                "is_there": True, **more}

    def half_done(self):
        """Every state in which a message of QoS 1 or 2 can stand when its client is lost."""
        self.sends(self.topic("retained"), "retained", retain=True)
        self.sends(self.topic("brief"), "brief", retain=True, properties=brief(DAY_S))
        self.waiting()
        self.in_flight()
        self.received()
        self.unreleased()
        self.greeted()
        self.shared()

    def waiting(self):
        """Two clients are away, and one message waits for both."""
        both, one = f"{self.tag}-waiting", f"{self.tag}-waiting-too"
        self.keep(both, self.topic("waiting", "#"), qos=2).close()
        self.keep(one, self.topic("waiting", "#"), qos=1).close()
        self.sends(self.topic("waiting", "1"), "one")
        self.sends(self.topic("waiting", "2"), "two", qos=2)
        first = {**MESSAGE, "topic": self.topic("waiting", "1"), "payload": "one"}
        second = {**MESSAGE, "topic": self.topic("waiting", "2"), "payload": "two"}
        self.owes(both, first, {**second, "qos": 2})
        self.owes(one, first, second, hears=self.topic("waiting", "3"))

    def in_flight(self):
        """It was sent, and neither PUBACK nor PUBREC came."""
        for qos in (1, 2):
            client, topic = f"{self.tag}-flying-{qos}", self.topic("flying", str(qos))
            session = self.keep(client, topic, qos=qos)
            self.sends(topic, "flies", qos=qos)
            packet_id = session.publication(qos)
            session.close()
            self.owes(client, {**MESSAGE, "topic": topic, "payload": "flies", "qos": qos,
                               "dup": True, "id": packet_id})

    def received(self):
        """PUBREC has come, PUBCOMP has not."""
        client, topic = f"{self.tag}-received", self.topic("received")
        session = self.keep(client, topic, qos=2)
        self.sends(topic, "received", qos=2)
        packet_id = session.publication(2)
        session.wire.send(mqtt_packet(0x50, mqtt_number(packet_id))).expect(0x62)
        session.close()
        self.owes(client, {"pubrel": packet_id})

    def unreleased(self):
        """The client's own message: it has not got to PUBREL."""
        client = f"{self.tag}-unreleased"
        session = self.keep(client)
        session.wire.send(mqtt_publish(self.topic("unreleased"), b"once", 2, 7)).expect(0x50)
        session.close()
        self.owes(client, {"unreleased": 7})

    def greeted(self):
        """Of a new subscription what is retained was sent, and not acknowledged."""
        client = f"{self.tag}-greeted"
        session = self.keep(client, self.topic("retained"))
        packet_id = session.publication(1)
        session.close()
        self.owes(client, {**MESSAGE, "topic": self.topic("retained"), "payload": "retained",
                           "retain": True, "dup": True, "id": packet_id})

    def shared(self):
        """The one member of a group is away."""
        client, topic = f"{self.tag}-team", self.topic("shared")
        self.keep(client, f"$share/team/{topic}").close()
        self.sends(topic, "for one of us")
        self.owes(client, {**MESSAGE, "topic": topic, "payload": "for one of us"})

    def wills(self):
        """One that its client took along, one that waits for its delay, and two whose clients are still
        connected when the hub ends."""
        polite = self.with_will("polite")
        polite.send(mqtt_packet(0xE0))
        assert polite.packet() is None
        Session(self.with_will("late", kept=True, delay_s=DAY_S)).close()
        self.wires += [self.with_will("mourned"), self.with_will("mourned-kept", kept=True)]

    def with_will(self, client, kept=False, delay_s=0):
        """A client whose will is of QoS 1 and to be retained."""
        properties = KEPT if kept else b""
        delay = b"\x18" + mqtt_number(delay_s, 4) if delay_s else b""
        flags = 0xC0 | 0x20 | 0x08 | 0x04  # name and password; retain, QoS 1, a will
        body = mqtt_text("MQTT") + bytes([5, flags]) + mqtt_number(0)
        body += mqtt_length(len(properties)) + properties
        body += mqtt_text(f"{self.tag}-will-{client}")
        body += mqtt_length(len(delay)) + delay
        body += mqtt_text(self.topic("will", client)) + mqtt_text("gone")
        body += mqtt_text(self.bridge) + mqtt_text(self.hub.passwords[self.bridge])
        wire = Wire(self.hub)
        wire.send(mqtt_packet(0x10, body))
        assert wire.expect(0x20)[1] == 0
        return wire
