"""scripts/check-floors finds what breaks the rules of the house, in small trees made for it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A tree that keeps every rule: each fault below is one file more.
CLEAN = {
    "CMakeLists.txt": """hearth_room(base LIBS fmt::fmt)
        hearth_room(journal ROOMS base)
        hearth_room(net ROOMS base LIBS hearth_boost)  # hearth_room(net ROOMS home)
        hearth_room(home ROOMS base journal)
        hearth_room(broker ROOMS journal net)
        hearth_room(adapters ROOMS home)
        hearth_room(adapters/miio ROOMS adapters)
        hearth_room(adapters/matter ROOMS adapters)""",
    "src/base/json.h": "#include <string>\n#include <fmt/core.h>\n",
    "src/base/json.cpp": '#include "base/json.h"\n#include <boost/json/src.hpp>\n',
    "src/base/crypto.cpp": "#include <openssl/sha.h>\n",
    "src/journal/journal.h": '#include "base/json.h"\n',
    "src/net/socket.h": "#include <vector>\n",
    "src/net/asio_loop.h": "#include <boost/asio.hpp>\n",
    "src/net/socket.cpp": '#include "net/asio_loop.h"\n#include <sys/epoll.h>\n#include <thread>\n',
    "src/home/home.h": '#include "journal/journal.h"\n#include <chrono>\n',
    "src/home/home.cpp": "// asks steady_clock::now() of nobody\nauto a = \"fopen(\";\n",
    "src/home/home_test.cpp": '#include "home/home.h"\n#include <fstream>\n',
    "src/broker/broker.h": '#include "net/socket.h"\n#include "base/json.h"\n',
    "src/adapters/adapter.h": '#include "home/home.h"\n',
    "src/adapters/miio/miio.cpp": '#include "adapters/adapter.h"\n#include <sys/socket.h>\n',
    "src/app/main.cpp": '#include "adapters/miio/miio.h"\n#include <CLI/CLI.hpp>\n',
}

FAULTS = {
    "a room that includes upward": (
        {"src/journal/up.cpp": '#include "home/home.h"\n'},
        "src/journal/up.cpp:1: journal includes up: home/home.h",
    ),
    "a sibling": (
        {"src/home/side.cpp": '\n#include "broker/broker.h"\n'},
        "src/home/side.cpp:2: home includes sideways: broker/broker.h",
    ),
    "another adapter": (
        {"src/adapters/miio/side.cpp": '#include "adapters/matter/matter.h"\n'},
        "src/adapters/miio/side.cpp:1: adapters/miio includes sideways: adapters/matter/matter.h",
    ),
    "a member included by what its family shares": (
        {"src/adapters/all.cpp": '#include "adapters/miio/miio.h"\n'},
        "src/adapters/all.cpp:1: adapters includes sideways: adapters/miio/miio.h",
    ),
    "a test that includes upward": (
        {"src/home/up_test.cpp": '#include "adapters/adapter.h"\n'},
        "src/home/up_test.cpp:1: home includes up: adapters/adapter.h",
    ),
    "a room that CMakeLists.txt does not list": (
        {"src/home/extra.cpp": '#include "net/socket.h"\n'},
        "src/home/extra.cpp:1: CMakeLists.txt lists no net for home",
    ),
    "a list that leads upward": (
        {"CMakeLists.txt": "hearth_room(journal ROOMS base home LIBS x)"},
        "CMakeLists.txt:1: journal may not use home: not lower",
    ),
    "a header named without its room": (
        {"src/home/bare.cpp": '#include "home.h"\n'},
        'src/home/bare.cpp:1: "home.h" is no path below src/, as room/file.h',
    ),
    "a room that no floor knows": (
        {"src/kitchen/sink.h": "\n"},
        "src/kitchen/sink.h:1: kitchen/ stands on no floor; see FLOORS",
    ),
    "a thread in the core": (
        {"src/home/busy.cpp": "#include <thread>\n"},
        "src/home/busy.cpp:1: home has no I/O, thread or clock: <thread>",
    ),
    "a socket in the broker": (
        {"src/broker/raw.cpp": "#include <sys/socket.h>\n"},
        "src/broker/raw.cpp:1: broker has no I/O, thread or clock: <sys/socket.h>",
    ),
    "a clock in the core": (
        {"src/home/late.cpp": "auto now = std::chrono::steady_clock::now();\n"},
        "src/home/late.cpp:1: home has no I/O, thread or clock: steady_clock::now",
    ),
    "the time of the C library": (
        {"src/journal/late.cpp": "auto now = std::time(nullptr);\n"},
        "src/journal/late.cpp:1: journal has no I/O, thread or clock: time(nullptr",
    ),
    "JSON beside base/json": (
        {"src/app/fast.cpp": "#include <boost/json.hpp>\n"},
        "src/app/fast.cpp:1: <boost/json.hpp> belongs to base/json",
    ),
    "OpenSSL in the core": (
        {"src/home/hash.cpp": "#include <openssl/evp.h>\n"},
        "src/home/hash.cpp:1: <openssl/evp.h> belongs to base/crypto, base/random, net",
    ),
    "a library in a header that the core sees through others": (
        {"src/net/socket.h": '#include "net/asio_loop.h"\n'},
        "src/net/asio_loop.h:1: the core sees <boost/asio.hpp> here",
    ),
    "a library in a header of the base": (
        {"src/base/json.h": "#include <boost/json.hpp>\n"},
        "src/base/json.h:1: the core sees <boost/json.hpp> here",
    ),
}


def check(tree, files):
    """(exit code, lines) of the check over a tree of these files."""
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/check-floors", tree],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


def test_a_tree_that_keeps_the_rules_has_no_fault(tmp_path):
    assert check(tmp_path, CLEAN) == (0, [])


@pytest.mark.parametrize("files, fault", FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_named_with_its_line(tmp_path, files, fault):
    assert check(tmp_path, {**CLEAN, **files}) == (1, [fault])


def test_the_house_itself_keeps_the_rules():
    assert check(ROOT, {}) == (0, [])
