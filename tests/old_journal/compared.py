"""What is shown, held against what was noted."""

ADMIN = "admin token"  # the command line of the hub's machine
OWN_PARTS = (ADMIN, "home file", "limit of devices", "limit of areas")


def who(cause):
    """(kind, id) of who caused it, the words where it was said, and the event that it answers. Of either
    shape of a cause: {"by", "id", "subject", "event"}, or {"subject", "via", "said", "event"}."""
    subject, said = cause.get("subject", {}), cause.get("said")
    kind, name = subject.get("kind"), subject.get("id")
    if "by" in cause:
        kind, name = who_by(cause["by"], cause["id"], kind, name)
        said = cause["id"] if cause["by"] == "sentence" else None
    return [kind, name, said, cause.get("event")]


def who_by(by, word, kind, name):
    if by == "sentence":
        return ("hub", ADMIN) if kind == "admin" else (kind, name)
    if by == "api":
        return ("hub" if word in OWN_PARTS else "token", word)
    return by, word


def path_of(step):
    """How a step is addressed: by its place from 0 as a number, or from 1 as a text."""
    return str(step + 1) if isinstance(step, int) else step


def differences(noted, now, where=""):
    """What was noted and is not shown any more, one line each. What is shown beside it is new, and
    no difference; nor is the shape of a cause or of a step's address."""
    if where.endswith("/cause") and isinstance(now, dict):
        noted, now = who(noted), who(now)
    elif where.endswith("/step"):
        noted, now = path_of(noted), path_of(now)
    if isinstance(noted, dict) and isinstance(now, dict):
        for key in noted:
            yield from differences(noted[key], now.get(key, "(nothing)"), f"{where}/{key}")
    elif isinstance(noted, list) and isinstance(now, list) and len(noted) == len(now):
        for at, (before, after) in enumerate(zip(noted, now)):
            yield from differences(before, after, f"{where}/{at}")
    elif noted != now:
        yield f"{where}: {noted!r} was noted, {now!r} is shown"


def without(things, *keys):
    """The same things by their names, each without some keys."""
    return {name: {key: value for key, value in thing.items() if key not in keys}
            for name, thing in things.items()}


def after_a_restart(noted):
    """What a hub that starts at once still shows: who was on the way has to say so again."""
    return {**noted, "devices": without(noted["devices"], "under_way"),
            "commands": without(noted["commands"], "under_way")}


def after_years(noted):
    """What a hub still shows that starts much later: no session of a browser, nothing of what is to
    happen within a time (commands without an answer, delays, held-for), and what has ended stays so.
    A rule may have begun another run: it is the time of day for it."""
    def ended(things, key):
        return {name: thing for name, thing in things.items() if thing.get(key) is not None}

    lasting = {**after_a_restart(noted), "runs": ended(noted["runs"], "ended"),
               "commands": without(ended(noted["commands"], "settlement"), "under_way"),
               "automations": without(noted["automations"], "running", "last_run", "waits_for")}
    del lasting["sessions"]
    return lasting
