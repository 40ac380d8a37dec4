"""The scripts that people start: run in a tree of their own, with stand-ins for what is big."""

import json
import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/bash\n" + text)
    path.chmod(0o755)


@pytest.fixture
def tree(tmp_path):
    """A tree that holds the scripts and nothing else; its tools/ come first in the path."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "tools").mkdir()
    return tmp_path


def environment(tree, **extra):
    return {**os.environ, "PATH": f"{tree}/tools:{os.environ['PATH']}", "TREE": str(tree), **extra}


def script(tree, name, *arguments):
    return subprocess.run(
        [tree / "scripts" / name, *arguments],
        env=environment(tree),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# scripts/setup


@pytest.fixture
def packages(tree):
    """A machine whose packages are those named in the file `installed`; apt-get installs by writing
    them there, and every call of it is kept in the file `apt-calls`."""
    write_program(
        tree / "tools/dpkg-query",
        """shift 2
for pattern; do
    while read -r name; do [[ $name == $pattern ]] && echo "installed $name"; done <"$TREE/installed"
done; exit 0""",
    )
    write_program(
        tree / "tools/apt-get",
        """echo "$*" >>"$TREE/apt-calls"
case "$*" in
*download*) : >"${!#}_1_all.deb" ;;
*" install "*) for word; do [[ $word == [a-z]*[!=] && $word != install ]] && echo "$word" >>"$TREE/installed"; done ;;
esac; exit 0""",
    )
    write_program(tree / "tools/apt-cache", "exit 0")
    write_program(
        tree / "tools/dpkg",
        'mkdir -p "$3/usr/include/boost"; : >"$3/usr/include/boost/version.hpp"',
    )
    write_program(tree / "tools/id", "echo ${USER_ID:-0}")
    (tree / "installed").write_text("")
    return tree


def apt_calls(tree):
    calls = tree / "apt-calls"
    return calls.read_text().splitlines() if calls.exists() else []


def installations(tree):
    return [call for call in apt_calls(tree) if " install " in call]


def test_setup_installs_what_is_missing_and_removes_nothing(packages):
    (packages / "installed").write_text("cmake\nccache\n")
    assert script(packages, "setup").returncode == 0
    (call,) = installations(packages)
    assert "--no-install-recommends --no-remove" in call
    assert "clang-19" in call and "libboost1.81-dev" in call
    assert "cmake" not in call and "libgtest-dev" not in call


def test_setup_calls_apt_only_where_something_is_missing(packages):
    assert script(packages, "setup", "--dev").returncode == 0
    before = apt_calls(packages)
    for arguments in ([], ["--dev"]):
        done = script(packages, "setup", *arguments)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert apt_calls(packages) == before


def test_setup_for_tests_installs_more(packages):
    script(packages, "setup")
    script(packages, "setup", "--dev")
    build, dev = installations(packages)
    assert "libgtest-dev" in dev and "mosquitto-clients" in dev
    assert "clang-19" in build and " clang-19" not in dev


def test_setup_leaves_another_boost_and_unpacks_its_own(packages):
    (packages / "installed").write_text("libboost1.74-dev\n")
    done = script(packages, "setup")
    assert done.returncode == 0
    assert "libboost1.74-dev is installed and stays" in done.stderr
    assert (packages / "build/boost/usr/include/boost/version.hpp").exists()
    assert not any("boost" in call for call in installations(packages))
    before = apt_calls(packages)
    assert script(packages, "setup").returncode == 0
    assert apt_calls(packages) == before


def test_setup_for_tests_takes_mosquittos_files_but_does_not_install_it(packages):
    script(packages, "setup", "--dev")
    (call,) = installations(packages)
    assert " mosquitto " not in f"{call} " and "libcjson1" in call
    assert (packages / "build/mosquitto").is_dir()


def test_setup_takes_a_mosquitto_that_is_installed(packages):
    (packages / "installed").write_text("mosquitto\n")
    script(packages, "setup", "--dev")
    assert not (packages / "build/mosquitto").exists()


def test_setup_says_what_to_do_without_root_and_sudo(packages):
    for tool in ("bash", "env", "comm", "sed", "sort", "grep", "tr", "dirname", "printf", "nproc"):
        (packages / "tools" / tool).symlink_to(shutil.which(tool))
    done = subprocess.run(
        [shutil.which("bash"), packages / "scripts/setup"],
        env={"PATH": f"{packages}/tools", "TREE": str(packages), "USER_ID": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends" in done.stderr.splitlines()[-1]
    assert apt_calls(packages) == []


# scripts/run

FAKE_HEARTH = r"""
echo "$*" >>"$TREE/calls"
case $1 in
serve)
    [[ -z $PORT_IN_USE ]] || { echo "127.0.0.1:1883 is in use" >&2; exit 1; }
    trap 'echo hub >>"$TREE/ended"; exit 7' TERM
    echo "claim code: ABCD-EFGH"
    echo "ready http=127.0.0.1:8080 mqtt=127.0.0.1:1883"
    echo "serving"
    while :; do sleep 0.05; done ;;
credential) echo '{"name": "demo-simulator", "password": "secret"}' ;;
simulate)
    trap 'echo simulator >>"$TREE/ended"; exit 0' TERM
    : >"$TREE/simulating"
    while :; do sleep 0.05; done ;;
esac
"""


@pytest.fixture
def demo(tree):
    """A tree whose program is a stand-in that notes how it is called and ended."""
    write_program(tree / "scripts/build", "echo building >&2")
    write_program(tree / "build/release/hearth", FAKE_HEARTH)
    return tree


def start_run(demo, *arguments, **extra):
    return subprocess.Popen(
        [demo / "scripts/run", *arguments],
        env=environment(demo, HEARTH_DATA_DIR=str(demo / "data"), **extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A caller in a shell's background ignores SIGINT, and its children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def wait_for_file(path):
    until = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} did not appear"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_starts_hub_and_simulator_and_ends_both(demo, number):
    run = start_run(demo, "--set", "log.level=debug", PORT_IN_USE="")
    wait_for_file(demo / "simulating")
    run.send_signal(number)
    output, _ = run.communicate(timeout=20)
    assert output.splitlines() == [
        "claim code: ABCD-EFGH",
        "ready http=127.0.0.1:8080 mqtt=127.0.0.1:1883",
        "serving",
    ]
    assert run.returncode == 7, "the hub's exit code comes through"
    assert sorted((demo / "ended").read_text().split()) == ["hub", "simulator"]
    data = demo / "data"
    assert (demo / "calls").read_text().splitlines() == [
        f"serve --data {data} --home homes/demo.yaml --set log.level=debug",
        f"credential add demo-simulator --topic # --json --data {data}",
        f"simulate homes/demo.yaml --mqtt 127.0.0.1:1883 --credentials {data}/simulator.json",
    ]
    assert stat.S_IMODE((data / "simulator.json").stat().st_mode) == 0o600


def test_run_makes_the_credential_once(demo):
    for _ in range(2):
        (demo / "simulating").unlink(missing_ok=True)
        run = start_run(demo, PORT_IN_USE="")
        wait_for_file(demo / "simulating")
        run.terminate()
        run.communicate(timeout=20)
    calls = (demo / "calls").read_text().splitlines()
    assert len([call for call in calls if call.startswith("credential")]) == 1


def test_run_passes_on_why_the_hub_did_not_start(demo):
    run = start_run(demo, PORT_IN_USE="yes")
    _, errors = run.communicate(timeout=20)
    assert run.returncode == 1
    assert errors.splitlines()[-1] == "127.0.0.1:1883 is in use"
    assert not (demo / "simulating").exists()


# scripts/count-results


def gtest_report(*results):
    cases = [
        {"name": str(number), "status": "RUN", "result": result, **more}
        for number, (result, more) in enumerate(results)
    ]
    return json.dumps({"testsuites": [{"testsuite": cases}]})


PASSED = ("COMPLETED", {})
FAILED = ("COMPLETED", {"failures": [{"failure": "no"}]})
SKIPPED = ("SKIPPED", {})


@pytest.fixture
def reports(tree):
    (tree / "unit").mkdir()
    (tree / "unit-programs").write_text("base\n")
    (tree / "unit/base_test.json").write_text(gtest_report(PASSED, PASSED))
    (tree / "outside.xml").write_text(
        '<testsuites><testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase>'
        "</testsuite></testsuites>"
    )
    return tree


def count(reports):
    done = script(reports, "count-results", reports / "unit", reports / "outside.xml")
    return done.returncode, done.stdout.splitlines()[-1]


def test_results_are_added_up(reports):
    assert count(reports) == (0, "3 passed, 0 failed, 1 skipped")


def test_a_failed_case_fails(reports):
    (reports / "unit/base_test.json").write_text(gtest_report(PASSED, FAILED, SKIPPED))
    assert count(reports) == (1, "2 passed, 1 failed, 2 skipped")


def test_an_error_of_a_fixture_fails(reports):
    (reports / "outside.xml").write_text("<testsuites><testcase><error/></testcase></testsuites>")
    assert count(reports) == (1, "2 passed, 1 failed")


def test_a_program_without_a_report_fails(reports):
    (reports / "unit-programs").write_text("base\nhome\n")
    assert count(reports) == (1, "3 passed, 1 failed, 1 skipped")


def test_a_missing_report_fails(reports):
    (reports / "outside.xml").unlink()
    assert count(reports) == (1, "2 passed, 1 failed")


def test_no_test_at_all_fails(reports):
    (reports / "unit-programs").write_text("")
    (reports / "outside.xml").write_text("<testsuites/>")
    assert count(reports) == (1, "0 passed, 0 failed")


# scripts/install


def test_install_puts_program_and_unit_below_destdir_once(tree):
    shutil.copytree(ROOT / "packaging", tree / "packaging")
    write_program(tree / "build/release/hearth", "exit 0")

    def install():
        done = subprocess.run(
            [tree / "scripts/install", "--prefix", "/usr"],
            env=environment(tree, DESTDIR=str(tree / "destination")),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stderr.splitlines()

    assert len(install()) == 2
    assert os.access(tree / "destination/usr/bin/hearth", os.X_OK)
    unit = (tree / "destination/etc/systemd/system/hearth.service").read_text()
    assert "ExecStart=/usr/bin/hearth serve --data /var/lib/hearth\n" in unit
    assert "@" not in unit.replace("@system-service", "").replace("~@privileged @resources @obsolete", "")
    assert install() == [], "what is as it should be is left alone"


# scripts/nightly, scripts/under-load


def test_nightly_runs_every_stage_and_fails_where_one_did(tree):
    write_program(tree / "scripts/fuzz", 'echo "fuzz $*" >>"$TREE/calls"; exit 3')
    write_program(tree / "scripts/lint", 'echo "lint $*" >>"$TREE/calls"')
    done = script(tree, "nightly", "fuzz", "lint")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "1 passed, 1 failed"
    assert (tree / "calls").read_text().splitlines() == ["fuzz 1200", "lint --all"]


def test_nightly_names_the_stages_there_are(tree):
    done = script(tree, "nightly", "fuz")
    assert done.returncode == 1
    assert "there is no stage fuz; there are: fuzz kills asan" in done.stderr


@pytest.fixture
def loaded(tree):
    """A tree whose tests fail in the round that the file `fails-in` names; the first runs without load."""
    write_program(
        tree / "scripts/test",
        """echo "$*" >>"$TREE/calls"
[[ $(wc -l <"$TREE/calls") == 1 ]] || until [[ -s $TREE/load ]]; do sleep 0.02; done
[[ $(wc -l <"$TREE/calls") != "$(cat "$TREE/fails-in")" ]]""",
    )
    write_program(tree / "tools/stress-ng", 'echo "$$" >"$TREE/load"; exec sleep 60')
    (tree / "fails-in").write_text("0")
    return tree


def test_a_new_test_runs_twenty_times_under_load(loaded):
    done = script(loaded, "under-load", "outside", "retained")
    assert (done.returncode, done.stdout) == (0, "20 passed, 0 failed\n")
    assert (loaded / "calls").read_text() == "outside retained\n" * 21


def test_the_first_failure_under_load_ends_it_and_the_load(loaded):
    (loaded / "fails-in").write_text("4")
    done = script(loaded, "under-load", "unit", "broker")
    assert (done.returncode, done.stdout) == (1, "2 passed, 1 failed\n")
    assert not Path("/proc", (loaded / "load").read_text().strip()).exists()
