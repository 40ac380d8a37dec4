"""Clients of the API that mean no good: who else asks must be answered all the same."""

import socket
import time

import pytest

from hub import eventually

PATIENCE_S = 8  # of the person who asks meanwhile


class Crowd:
    """Connections that begin a request and never end it."""

    def __init__(self, hub, count, begin):
        self.begin = begin
        self.sockets = [self._open(hub) for _ in range(count)]

    def _open(self, hub):
        opened = socket.create_connection(("127.0.0.1", hub.http_port), timeout=5)
        if self.begin:
            opened.sendall(self.begin)
        return opened

    def trickle(self):
        """A byte more on each that is still open."""
        for opened in self.sockets:
            try:
                opened.sendall(b"x")
            except OSError:
                pass

    def close(self):
        for opened in self.sockets:
            opened.close()


@pytest.mark.parametrize(
    "begin",
    [b"", b"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX-a: "],
    ids=["silent", "half sent"],
)
def test_a_crowd_that_never_finishes_its_requests_keeps_nobody_out(hub, begin):
    crowd = Crowd(hub, 300, begin)
    try:
        for _ in range(5):
            crowd.trickle()
            asked = time.monotonic()
            status, _ = hub.http("GET", "/api/v1/status")
            assert status == 200
            assert time.monotonic() - asked < PATIENCE_S
            assert hub.json("devices") == []
        assert hub.metric("hearth_http_connections_cut_total") >= 300 - 256
    finally:
        crowd.close()


def test_ten_wrong_passwords_cost_the_right_one_seconds(hub):
    code = hub.json("claim")["code"]
    person = {"name": "Ann", "password": "correct horse"}
    status, _ = hub.http("POST", "/api/v1/claim", {"code": code, **person}, token=False)
    assert status == 201
    for _ in range(10):
        status, _ = hub.http("POST", "/api/v1/session", {**person, "password": "x"}, token=False)
        assert status == 403

    def log_in():
        return hub.http("POST", "/api/v1/session", person, token=False)[0] == 200

    assert eventually(log_in, timeout_s=PATIENCE_S)


def test_a_name_of_ones_own_and_a_proxy_in_front_are_settings(make_hub):
    hub = make_hub("--set", "api.hosts=home.example.org", "--set", "api.trusted_proxies=127.0.0.1")
    hub.start()
    own, foreign = {"Host": "home.example.org"}, {"Host": "evil.example.org"}
    through = {**own, "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
    assert hub.http("GET", "/metrics", headers=own, token=False)[0] == 200
    assert hub.http("GET", "/metrics", headers=foreign, token=False)[0] == 421
    assert hub.http("GET", "/metrics", headers=through, token=False)[0] == 401
    assert hub.http("GET", "/metrics", headers=through)[0] == 200
    # Its page, over TLS at the proxy, is the hub's own.
    page = {**through, "Origin": "https://home.example.org", "Sec-Fetch-Site": "same-origin"}
    body = {"name": "Ann", "password": "correct horse"}
    assert hub.http("POST", "/api/v1/session", body, headers=page, token=False)[0] == 403
    assert hub.http("POST", "/api/v1/session", body, headers=page, token=False)[1].count("wrong") == 1


@pytest.mark.parametrize(
    "setting, words",
    [
        ("api.hosts=https://home.example.org", "api.hosts"),
        ("api.trusted_proxies=proxy.example.org", "api.trusted_proxies"),
    ],
)
def test_a_name_or_a_proxy_that_makes_no_sense_is_named(make_hub, setting, words):
    assert words in make_hub().cli("serve", "--set", setting, expect=1)
