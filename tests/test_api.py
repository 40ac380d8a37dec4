"""The API as browsers and programs meet it: people, sessions, tokens, the live stream, TLS, and
what it refuses. The document openapi.json is held against what the hub answers."""

import hashlib
import http.client
import json
import re
import socket
import ssl
import subprocess
import threading

import pytest
import websocket
from hub import MESSAGE_TIMEOUT_S, eventually

# This client is older than the code 1013 (IANA's registry of WebSocket close codes).
websocket._abnf.VALID_CLOSE_STATUS += (1013,)  # pylint: disable=protected-access

PASSWORD = "correct horse battery"
TEXT_SENSOR = {
    "unique_id": "diary",
    "name": "Diary",
    "state_topic": "diary/state",
    "device": {"identifiers": ["diary"], "name": "Diary"},
}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()

    @property
    def body(self):
        return json.loads(self.text)

    @property
    def cookie(self):
        """The session's token that the answer sets."""
        return re.match(r"hearth_session=([^;]*);", self.headers["Set-Cookie"])[1]


def ask(hub, method, path, body=None, tls_port=None, raw=None, **headers):
    """One request without a token, as a browser of this machine sends it."""
    if tls_port:
        context = ssl._create_unverified_context()  # pylint: disable=protected-access
        connection = http.client.HTTPSConnection(
            "127.0.0.1", tls_port, timeout=MESSAGE_TIMEOUT_S, context=context
        )
    else:
        connection = http.client.HTTPConnection(
            "127.0.0.1", hub.http_port, timeout=MESSAGE_TIMEOUT_S
        )
    try:
        data = raw if body is None else json.dumps(body)
        connection.request(method, path, data, {k.replace("_", "-"): v for k, v in headers.items()})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def claim_code(hub):
    return hub.cli("claim").split()[-1]


def claim(hub, code=None, **options):
    body = {"code": code or claim_code(hub), "name": "Ann", "password": PASSWORD}
    return ask(hub, "POST", "/api/v1/claim", body, **options)


def admin(hub):
    return {"Authorization": f"Bearer {hub.token()}"}


def own_page(hub, token):
    """The headers of a request from the hub's own page in a browser with that session."""
    return {
        "Cookie": f"hearth_session={token}",
        "Origin": f"http://127.0.0.1:{hub.http_port}",
        "Sec_Fetch_Site": "same-origin",
    }


@pytest.fixture
def diary(make_hub):
    """A hub with one device, which tells any text, and a small queue for live streams."""
    hub = make_hub("--anonymous", "--set", "api.live_queue_bytes=65536").start()
    hub.publish("homeassistant/sensor/diary/config", TEXT_SENSOR, retain=True)
    eventually(lambda: "Diary" in hub.devices())
    return hub


# --- People ---------------------------------------------------------------------------------------


def test_the_first_person_claims_the_hub_with_the_code_it_printed(hub):
    state = ask(hub, "GET", "/api/v1/session").body
    assert (state["claimed"], state["person"]) == (False, None)
    code = hub.process.lines[0].removeprefix("claim code: ")
    claimed = claim(hub, code.lower().replace("-", ""))
    assert claimed.status == 201
    assert claimed.body["person"]["name"] == "Ann"
    cookie = claimed.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Secure" not in cookie
    state = ask(hub, "GET", "/api/v1/session", **own_page(hub, claimed.cookie)).body
    assert (state["claimed"], state["person"]) == (True, claimed.body["person"])
    assert claim(hub, code).status == 409
    assert "claimed already" in hub.cli("claim", expect=1)


def test_the_twenty_first_try_is_in_vain_even_with_the_right_code(hub):
    code = claim_code(hub)
    for left in range(19, -1, -1):
        wrong = claim(hub, "AAAA-AAAA")
        assert wrong.status == 403 and f"; {left} tries are left" in wrong.body["detail"]
    last = claim(hub, code)
    assert last.status == 403 and "hearth claim" in last.body["detail"]
    assert claim(hub).status == 201


def test_a_session_outlives_kill_9_and_ends_when_it_is_told_to(hub):
    token = claim(hub).cookie
    hub.kill9()
    hub.start()
    assert ask(hub, "GET", "/api/v1/devices", **own_page(hub, token)).status == 200
    assert ask(hub, "DELETE", "/api/v1/session", **own_page(hub, token)).status == 204
    assert ask(hub, "GET", "/api/v1/devices", **own_page(hub, token)).status == 401
    hub.restart()
    assert ask(hub, "GET", "/api/v1/devices", **own_page(hub, token)).status == 401


def test_names_and_passwords_open_sessions_and_failures_lock_nobody_out(hub):
    claim(hub)

    def sign_in(password):
        return ask(hub, "POST", "/api/v1/session", {"name": "Ann", "password": password})

    assert sign_in(PASSWORD).status == 200
    for _ in range(10):
        assert sign_in("wrong").status == 403
    assert sign_in(PASSWORD).status == 200, "after a wait, no longer than that of a request"


def test_no_password_and_no_token_is_in_the_journal(hub):
    token = claim(hub).cookie
    made = hub.http("POST", "/api/v1/tokens", {"name": "script"})
    secret = json.loads(made[1])["token"]
    hub.stop()
    text = b"".join(path.read_bytes() for path in (hub.data / "journal").iterdir())
    for word in (PASSWORD, token, secret):
        assert word.encode() not in text
    records = hub.json_lines("journal", "cat")
    kinds = {record["kind"] for record in records}
    assert {"person_added", "session_opened", "token_added"} <= kinds
    assert "argon2" not in json.dumps(records)


def test_what_a_person_does_is_caused_by_that_person(diary):
    claimed = claim(diary)
    edited = ask(diary, "PATCH", "/api/v1/devices/Diary", {"name": "Log"},
                 **own_page(diary, claimed.cookie))
    assert edited.status == 200
    event = diary.json_lines("events", "--json")[-1]
    assert event["kind"] == "device_edited"
    assert event["cause"] == {
        "subject": {"kind": "person", "id": claimed.body["person"]["id"], "name": "Ann"},
        "via": "page"}
    diary.cli("rename", "Log", "Diary")
    assert diary.json_lines("events", "--json")[-1]["cause"] == {
        "subject": {"kind": "hub", "id": "admin token"}, "via": "cli"}


# --- What is refused ------------------------------------------------------------------------------


def test_another_sites_page_changes_nothing(diary):
    token = claim(diary).cookie
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        headers = {**own_page(diary, token), "Origin": origin}
        refused = ask(diary, "PATCH", "/api/v1/devices/Diary", {"name": "Mine"}, **headers)
        assert (refused.status, refused.body["code"]) == (403, "cross_site")
    headers = {**own_page(diary, token), "Sec_Fetch_Site": "cross-site"}
    assert ask(diary, "DELETE", "/api/v1/session", **headers).status == 403
    without = {"Cookie": f"hearth_session={token}"}
    assert ask(diary, "DELETE", "/api/v1/session", **without).status == 403
    assert "Diary" in diary.devices()


def test_another_sites_page_opens_no_stream(diary):
    token = claim(diary).cookie

    def status(**options):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            diary.live(**options)
        return refused.value.status_code

    cookie = [f"Cookie: hearth_session={token}"]
    assert status(header=cookie, suppress_origin=False, origin="http://evil.example") == 403
    assert status(header=cookie) == 403, "no origin at all"
    assert status(header=[]) == 401
    assert status(header=["Authorization: Bearer wrong"]) == 401
    own = diary.live(header=cookie, suppress_origin=False,
                     origin=f"http://127.0.0.1:{diary.http_port}")
    assert json.loads(own.recv())["kind"] == "snapshot"


def test_a_host_name_that_is_not_ours_is_refused(hub):
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "", "[evil]"):
        assert ask(hub, "GET", "/api/v1/session", Host=host).status == 421, host
    for host in ("localhost", "127.0.0.1:1", "[::1]", "192.168.1.5", socket.gethostname()):
        assert ask(hub, "GET", "/api/v1/session", Host=host).status == 200, host


def test_json_bombs_are_refused_and_cost_nothing(hub):
    bombs = {
        '{"a":' + "[" * 100_000 + "]" * 100_000 + "}": 400,
        '{"a":' * 1_000 + "1" + "}" * 1_000: 400,
        '{"a":[' + "0," * 200_000 + "0]}": 400,
        '{"a":"' + "x" * 2_000_000 + '"}': 413,
        '{"a":': 400,
        "[]": 400,
        '{"name":"\\ud800"}': 400,
    }
    for bomb, status in bombs.items():
        for path in ("/api/v1/claim", "/api/v1/session", "/api/v1/tokens"):
            answer = ask(hub, "POST", path, raw=bomb, **admin(hub))
            assert answer.status == status, (path, bomb[:20], answer.text)
    many_keys = json.dumps({f"k{i}": 0 for i in range(4_000)})
    assert ask(hub, "POST", "/api/v1/claim", raw=many_keys).status == 400


def test_a_head_that_is_too_long_is_refused(hub):
    assert ask(hub, "GET", "/api/v1/session", X_Long="x" * 20_000).status == 431


# --- The live stream ------------------------------------------------------------------------------


def message(stream):
    return json.loads(stream.recv())


def close_code(stream):
    """Reads to the end; the code by which the hub closed it."""
    while True:
        frame = stream.recv_frame()
        if frame.opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(frame.data[:2], "big")


def test_the_stream_begins_with_the_home_and_goes_on_with_every_event(diary):
    stream = diary.live()
    snapshot = message(stream)
    assert snapshot["kind"] == "snapshot"
    assert snapshot["devices"] == diary.json("devices")
    assert snapshot["event"] == diary.json_lines("events", "--json")[-1]["id"]
    diary.publish("diary/state", "dear diary")
    event, device = message(stream), message(stream)
    assert event["event"]["id"] == snapshot["event"] + 1
    assert event["event"] == diary.json_lines("events", "--json")[-1]
    assert device == {"kind": "device", "device": diary.devices()["Diary"]}
    assert "dear diary" in json.dumps(device)


def test_who_was_away_goes_on_where_it_was(diary):
    last = message(diary.live())["event"]
    for word in ("one", "two", "three"):
        diary.publish("diary/state", word)
    stream = diary.live(since=last)
    messages = [message(stream) for _ in range(4)]
    assert [m["kind"] for m in messages] == ["event"] * 3 + ["device"]
    assert [m["event"]["id"] for m in messages[:3]] == [last + 1, last + 2, last + 3]
    assert message(diary.live(since=10**9))["kind"] == "snapshot"
    diary.kill9()
    diary.start()
    assert message(diary.live(since=last))["event"]["id"] == last + 1


def test_who_never_reads_is_dropped_and_the_others_hear_everything(diary):
    slow = diary.live(sockopt=((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),))
    good = diary.live()
    heard = []
    known = threading.Event()

    def listen():
        while True:
            try:
                heard.append(good.recv())
            except (websocket.WebSocketException, OSError):
                return
            known.set()

    threading.Thread(target=listen, daemon=True).start()
    publisher = diary.client()
    sent = 0
    while diary.metric("hearth_live_dropped_total") == 0:
        assert sent < 2_000, "a client that never reads was not dropped"
        for _ in range(5):
            sent += 1
            publisher.publish("diary/state", f"{sent} {'x' * 4000}")
        word = f'"{sent} xxx'
        while not any(word in text for text in heard[-20:]):
            assert known.wait(MESSAGE_TIMEOUT_S), "the good client hears nothing"
            known.clear()
    assert close_code(slow) == 1013
    told = [json.loads(text) for text in heard]
    reports = [m for m in told if m["kind"] == "event"]
    assert len(reports) == sent
    assert diary.metric("hearth_live_subscribers") == 1


def test_what_is_revoked_closes_its_streams(diary):
    secret = json.loads(diary.http("POST", "/api/v1/tokens", {"name": "wall"})[1])["token"]
    by_token = diary.live(token=secret)
    session = claim(diary)
    by_session = diary.live(token=session.body["token"])
    by_admin = diary.live()
    assert diary.http("DELETE", "/api/v1/tokens/wall")[0] == 204
    assert close_code(by_token) == 1008
    assert ask(diary, "DELETE", "/api/v1/session", **own_page(diary, session.cookie)).status == 204
    assert close_code(by_session) == 1008
    assert message(by_admin)["kind"] == "snapshot"
    diary.publish("diary/state", "still here")
    assert message(by_admin)["kind"] == "event"


def test_streams_and_what_they_may_send_are_limited(make_hub):
    hub = make_hub("--set", "api.live_subscribers=2").start()
    first, second = hub.live(), hub.live()
    assert message(first)["kind"] == message(second)["kind"] == "snapshot"
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        hub.live()
    assert refused.value.status_code == 429
    second.send("x" * 60_000)
    first.send("x" * 70_000)
    assert close_code(first) == 1009
    first.shutdown()
    eventually(lambda: hub.metric("hearth_live_subscribers") == 1)
    assert message(hub.live())["kind"] == "snapshot"


def test_a_hub_that_stops_says_so(hub):
    stream = hub.live()
    message(stream)
    hub.stop()
    assert close_code(stream) == 1001


# --- The page -------------------------------------------------------------------------------------


def test_the_page_needs_no_token_and_brings_its_policy(hub):
    for path in ("/", "/devices", "/favicon.ico", "/favicon.svg"):
        answer = ask(hub, "GET", path)
        assert answer.status == 200, path
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "<html" in ask(hub, "GET", "/").text
    assert ask(hub, "GET", "/assets/nothing.js").status == 404
    assert ask(hub, "GET", "/api/nothing").status == 401


# --- TLS ------------------------------------------------------------------------------------------


def lan(hub):
    """(port, fingerprint) as the hub printed them."""
    eventually(lambda: any(line.startswith("lan ") for line in hub.process.lines))
    line = next(line for line in hub.process.lines if line.startswith("lan "))
    found = re.fullmatch(r"lan https://\S+:(\d+)/ SHA-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})", line)
    assert found, line
    return int(found[1]), found[2]


def certificate_of(port):
    return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))


def test_lan_speaks_tls_with_the_certificate_whose_fingerprint_it_printed(make_hub):
    hub = make_hub("--lan", "--set", "listen.lan_port=0").start()
    port, fingerprint = lan(hub)
    digest = hashlib.sha256(certificate_of(port)).hexdigest().upper()
    assert digest == fingerprint.replace(":", "")
    eventually(lambda: sum("█" in line for line in hub.process.lines) > 10)  # a QR code
    assert (hub.data / "tls.key").stat().st_mode & 0o777 == 0o600
    claimed = claim(hub, tls_port=port)
    assert claimed.status == 201 and "; Secure" in claimed.headers["Set-Cookie"]
    own = {"Cookie": f"hearth_session={claimed.cookie}", "Origin": f"https://127.0.0.1:{port}"}
    assert ask(hub, "GET", "/api/v1/devices", tls_port=port, **own).status == 200
    made = ask(hub, "POST", "/api/v1/tokens", {"name": "phone"}, tls_port=port, **own)
    assert made.status == 201
    stream = hub.live(token=made.body["token"], scheme="wss", port=port,
                      sslopt={"cert_reqs": ssl.CERT_NONE})
    assert message(stream)["kind"] == "snapshot"
    assert hub.json("devices") == []
    hub.restart()
    assert lan(hub)[1] == fingerprint


def test_a_certificate_that_cannot_be_read_is_made_anew(make_hub):
    hub = make_hub("--lan", "--set", "listen.lan_port=0").start()
    first = lan(hub)[1]
    hub.stop()
    (hub.data / "tls.crt").write_text("no certificate")
    hub.start()
    port, second = lan(hub)
    assert first != second
    assert hashlib.sha256(certificate_of(port)).hexdigest().upper() == second.replace(":", "")


def test_a_certificate_is_made_anew_thirty_days_before_its_end(make_hub):
    hub = make_hub("--lan", "--set", "listen.lan_port=0").start()
    for days, kept in ((40, True), (20, False)):
        hub.stop()
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                   "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=hub", "-days", str(days),
                   "-keyout", hub.data / "tls.key", "-out", hub.data / "tls.crt"]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        pem = (hub.data / "tls.crt").read_text()
        hub.start()
        assert ((hub.data / "tls.crt").read_text() == pem) == kept, days
        served = hashlib.sha256(certificate_of(lan(hub)[0])).hexdigest().upper()
        assert served == lan(hub)[1].replace(":", "")


def test_without_tls_nothing_is_said_on_the_lan_port(make_hub):
    hub = make_hub("--lan", "--set", "listen.lan_port=0").start()
    with socket.create_connection(("127.0.0.1", lan(hub)[0]), MESSAGE_TIMEOUT_S) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP" not in plain.recv(1000)


def test_the_network_cannot_shut_out_the_command_line(make_hub):
    settings = ("--set", "listen.lan_port=0", "--set", "api.connections=8")
    hub = make_hub("--lan", *settings).start()
    port = lan(hub)[0]
    held = [socket.create_connection(("127.0.0.1", port), MESSAGE_TIMEOUT_S) for _ in range(20)]
    try:
        shut = [one for one in held[:14] if one.recv(1) == b""]
        assert len(shut) == 14, "of the eight places the network gets six, and the newest have them"
        assert hub.json("devices") == []
    finally:
        for one in held:
            one.close()


# --- The description ------------------------------------------------------------------------------

TYPES = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
    "boolean": bool, "null": type(None),
}


class Document:
    """openapi.json, and what of JSON Schema it uses."""

    def __init__(self, text):
        self.whole = json.loads(text)
        assert next(iter(self.whole)) == "openapi"

    def resolve(self, thing):
        while "$ref" in thing:
            place = self.whole
            for part in thing["$ref"].removeprefix("#/").split("/"):
                place = place[part]
            thing = place
        return thing

    def operations(self):
        for path, item in self.whole["paths"].items():
            for method, operation in item.items():
                if method != "parameters":
                    yield path, method.upper(), operation

    def faults(self, schema, value, where="body"):
        """What in a value is not as the schema says."""
        schema = self.resolve(schema)
        for key in ("anyOf", "oneOf"):
            if key in schema and all(self.faults(one, value) for one in schema[key]):
                return [f"{where}: fits none of {key}"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{where}: {value!r} is not one of {schema['enum']}"]
        if "const" in schema and value != schema["const"]:
            return [f"{where}: {value!r} is not {schema['const']!r}"]
        types = schema.get("type", list(TYPES))
        types = [types] if isinstance(types, str) else types
        if not any(self.is_a(value, name) for name in types):
            return [f"{where}: {value!r} is no {types}"]
        found = []
        if isinstance(value, dict):
            missing = [key for key in schema.get("required", []) if key not in value]
            found += [f"{where}: no {key}" for key in missing]
            known = schema.get("properties", {})
            for key, inner in value.items():
                if key in known:
                    found += self.faults(known[key], inner, f"{where}.{key}")
                elif isinstance(schema.get("additionalProperties"), dict):
                    found += self.faults(schema["additionalProperties"], inner, f"{where}.{key}")
        if isinstance(value, list) and "items" in schema:
            for number, inner in enumerate(value):
                found += self.faults(schema["items"], inner, f"{where}[{number}]")
        return found

    @staticmethod
    def is_a(value, name):
        if isinstance(value, bool):
            return name == "boolean"
        return isinstance(value, TYPES[name])

    def check(self, operation, status, content_type, text):
        """Whether an answer is as the document says."""
        responses = operation["responses"]
        assert str(status) in responses or "default" in responses, (operation, status, text)
        response = self.resolve(responses.get(str(status), responses.get("default")))
        name = f"{operation['operationId']} {status}"
        content = response.get("content")
        if not content:
            assert text == "", name
            return
        kind = content_type.split(";")[0]
        assert kind in content, (name, content_type)
        if "json" in kind:
            assert self.faults(content[kind]["schema"], json.loads(text)) == [], name


def test_every_documented_path_answers_as_documented(diary):
    """Each operation is asked for well where the table knows how, and badly: with a body that has
    nothing in it, for something that is not there, and without a token."""
    document = Document(ask(diary, "GET", "/api/v1/openapi.json").text)
    diary.publish("diary/state", "a word")
    diary.http("POST", "/api/v1/credentials", {"name": "old"})
    diary.http("POST", "/api/v1/tokens", {"name": "old"})
    claim(diary)
    session = json.loads(diary.http("GET", "/api/v1/sessions")[1])[0]["id"]
    command = {"set": {"no.such": 1}}
    bell = {"name": "Bell", "triggers": [{"time": "07:30"}], "actions": [{"notify": "It rings"}]}
    for name in ("Bell", "Old"):
        diary.http("POST", "/api/v1/automations", {**bell, "name": name})
    diary.http("POST", "/api/v1/automations/bell/run")
    well = {  # (path, body, status)
        "showSession": ("/api/v1/session", None, 200),
        "signIn": ("/api/v1/session", {"name": "Ann", "password": PASSWORD}, 200),
        "signOut": ("/api/v1/session", None, 400),
        "claim": ("/api/v1/claim", {"code": "x", "name": "Bob", "password": PASSWORD}, 409),
        "listSessions": ("/api/v1/sessions", None, 200),
        "endSession": (f"/api/v1/sessions/{session}", None, 204),
        "listTokens": ("/api/v1/tokens", None, 200),
        "addToken": ("/api/v1/tokens", {"name": "new"}, 201),
        "revokeToken": ("/api/v1/tokens/old", None, 204),
        "listPersons": ("/api/v1/persons", None, 200),
        "addPerson": ("/api/v1/persons", {"name": "Ben", "password": PASSWORD, "role": "guest"}, 201),
        "changePerson": ("/api/v1/persons/Ben", {"grants": [{"verbs": ["see"]}]}, 200),
        "setPassword": ("/api/v1/persons/Ann/password", {"password": PASSWORD + "!"}, 204),
        "forgetPerson": ("/api/v1/persons/Ann", None, 409),
        "live": ("/api/v1/live", None, 426),
        "listDevices": ("/api/v1/devices", None, 200),
        "showDevice": ("/api/v1/devices/Diary", None, 200),
        "editDevice": ("/api/v1/devices/Diary", {"area": "Study"}, 200),
        "forgetDevice": ("/api/v1/devices/Diary", None, 409),
        "commandDevice": ("/api/v1/devices/Diary/commands", command, 404),
        "withdrawAllDesired": ("/api/v1/devices/Diary/desired", None, 200),
        "withdrawDesired": ("/api/v1/devices/Diary/desired/no.such", None, 404),
        "showCommand": ("/api/v1/commands/1", None, 404),
        "listAreas": ("/api/v1/areas", None, 200),
        "showCatalog": ("/api/v1/catalog", None, 200),
        "removeArea": ("/api/v1/areas/Study", None, 204),
        "listEvents": ("/api/v1/events?limit=5&before=3", None, 200),
        "listAutomations": ("/api/v1/automations", None, 200),
        "addAutomation": ("/api/v1/automations", {**bell, "name": "Second bell"}, 201),
        "showAutomation": ("/api/v1/automations/bell", None, 200),
        "changeAutomation": ("/api/v1/automations/bell", {**bell, "mode": "restart"}, 200),
        "enableAutomation": ("/api/v1/automations/bell", {"enabled": True}, 200),
        "removeAutomation": ("/api/v1/automations/old", None, 204),
        "listVersions": ("/api/v1/automations/bell/versions", None, 200),
        "runAutomation": ("/api/v1/automations/bell/run", None, 202),
        "listRuns": ("/api/v1/automations/bell/runs?limit=3", None, 200),
        "showRun": ("/api/v1/runs/1", None, 200),
        "say": ("/api/v1/conversation", {"text": "turn off all lights", "lang": "en"}, 200),
        "listCredentials": ("/api/v1/credentials", None, 200),
        "addCredential": ("/api/v1/credentials", {"name": "new"}, 201),
        "revokeCredential": ("/api/v1/credentials/old", None, 204),
        "makeClaimCode": ("/api/v1/claim-codes", None, 409),
        "listRefused": ("/api/v1/refused", None, 200),
        "showStatus": ("/api/v1/status", None, 200),
        "showOpenapi": ("/api/v1/openapi.json", None, 200),
        "showMetrics": ("/metrics", None, 200),
    }
    asked = 0
    for path, method, operation in document.operations():
        nothing = re.sub(r"\{[^}]*\}", "1", path)
        body = {} if "requestBody" in operation else None
        tries = [(nothing, body, {}), (nothing, body, admin(diary))]
        if operation["operationId"] in well:
            good_path, good_body, _ = well[operation["operationId"]]
            tries.insert(0, (good_path, good_body, admin(diary)))
        for number, (target, content, headers) in enumerate(tries):
            answer = ask(diary, method, target, content, **headers)
            asked += 1
            document.check(operation, answer.status, answer.headers["Content-Type"] or "",
                           answer.text)
            if number == 0 and operation["operationId"] in well:
                assert answer.status == well[operation["operationId"]][2], (target, answer.text)
            if not headers and "security" not in operation:
                assert answer.status == 401, target
    assert asked > len(well)


def test_the_catalogue_is_sent_once_to_who_keeps_its_etag(hub):
    first = ask(hub, "GET", "/api/v1/catalog", **admin(hub))
    assert first.status == 200 and first.body["device_types"]["light"]["icon"] == "light"
    again = ask(hub, "GET", "/api/v1/catalog", If_None_Match=first.headers["ETag"], **admin(hub))
    assert (again.status, again.text) == (304, "")
    hub.restart()
    assert ask(hub, "GET", "/api/v1/catalog", **admin(hub)).headers["ETag"] == first.headers["ETag"]


def test_a_command_and_its_fate_are_as_documented(make_hub):
    hub = make_hub("--anonymous").start()
    lamp = {"unique_id": "l", "name": None, "command_topic": "l/set", "state_topic": "l/state",
            "device": {"identifiers": ["l"], "name": "Lamp"}}
    hub.publish("homeassistant/switch/l/config", lamp, retain=True)
    eventually(lambda: "Lamp" in hub.devices())
    document = Document(ask(hub, "GET", "/api/v1/openapi.json").text)
    operations = {one["operationId"]: one for _, _, one in document.operations()}
    body = {"set": {"on_off": {"on": True}}}
    issued = ask(hub, "POST", "/api/v1/devices/Lamp/commands", body, **admin(hub))
    assert issued.status == 202
    document.check(operations["commandDevice"], 202, issued.headers["Content-Type"], issued.text)
    hub.publish("l/state", "ON")
    path = f"/api/v1/commands/{issued.body['command']}"
    eventually(lambda: ask(hub, "GET", path, **admin(hub)).status == 200)
    settled = ask(hub, "GET", path, **admin(hub))
    document.check(operations["showCommand"], 200, settled.headers["Content-Type"], settled.text)
    assert settled.body["settlement"] == "confirmed"


def test_the_stream_is_as_documented(diary):
    document = Document(ask(diary, "GET", "/api/v1/openapi.json").text)
    schema = {"$ref": "#/components/schemas/LiveMessage"}
    stream = diary.live()
    diary.publish("diary/state", "a word")
    for _ in range(3):
        assert document.faults(schema, message(stream)) == []
    assert document.faults(schema, {"kind": "nonsense"}) != []
