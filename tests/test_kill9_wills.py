"""Wills outlive the hub: it is killed, and who does not come back is mourned all the same."""

import pytest
from hub import eventually
from test_broker import Peer


def retained(hub, topic):
    """What is retained on a topic; None for nothing."""
    watcher = hub.subscribe(topic, "fence", name="watcher")
    hub.publish("fence", "here", name="watcher")
    got, payload = watcher.next_message()
    return payload if got == topic else None


@pytest.fixture
def mourning(make_hub):
    hub = make_hub("--set", "broker.will_grace=1").start()
    hub.credential("watcher", ["#"])
    return hub


def leave_will(hub, name, client_id=None, version=4, **more):
    hub.credential(name)
    client = hub.client(client_id or name, name=name, version=version, connect=False)
    client.will_set(f"{name}/online", "no", 1, True)
    hub.connect_client(client, **more)
    return client


@pytest.mark.parametrize("version, clean", [(3, True), (4, True), (4, False), (5, True)])
def test_the_will_of_who_was_connected_is_published_after_a_crash(mourning, version, clean):
    mourning.credential("plug")
    client = mourning.client("plug", name="plug", version=version, clean=clean, connect=False)
    client.will_set("plug/online", "no", 1, True)
    mourning.connect_client(client, clean)
    mourning.publish("plug/online", "yes", name="plug", retain=True)
    mourning.kill9()
    mourning.start()
    assert retained(mourning, "plug/online") == "yes", "it may come back yet"
    eventually(lambda: retained(mourning, "plug/online") == "no")


def test_who_is_back_said_goodbye_or_was_revoked_is_not_mourned(mourning):
    back = leave_will(mourning, "back")
    polite = leave_will(mourning, "polite")
    leave_will(mourning, "revoked")
    leave_will(mourning, "lost")
    polite.disconnect()
    eventually(lambda: mourning.metric("hearth_mqtt_clients") == 3)
    mourning.kill9()
    mourning.start()
    back.loop_stop()
    again = mourning.client("back", name="back", version=4)
    assert again.is_connected()
    mourning.cli("credential", "revoke", "revoked")
    eventually(lambda: retained(mourning, "lost/online") == "no")
    for name in ("back", "polite", "revoked"):
        assert retained(mourning, f"{name}/online") is None, name


def test_a_delayed_will_waits_for_its_delay_over_a_crash(mourning):
    mourning.credential("plug")
    watcher = mourning.subscribe("plug/#", name="watcher")
    Peer(mourning, "plug", name="plug", clean=False, will=("plug/online", "no"), will_delay=3,
         SessionExpiryInterval=60)
    mourning.publish("plug/state", "x", name="plug")
    assert watcher.next_message() == ("plug/state", "x")
    mourning.kill9()
    mourning.start()
    watcher = mourning.subscribe("plug/#", name="watcher")
    assert watcher.next_message() == ("plug/online", "no")
