#!/usr/bin/env python3
"""Cuts the power under a journal that is being written, again and again, and looks whether everything
that was acknowledged is there.

    power_cut_test.py WRITER [CUTS]

WRITER is the program journal_writer. Ends with 77 and one line where the machine cannot do it.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from loop_mount import LoopMount, silence, why_not

SKIPPED = 77


def write_until_cut(writer, disk, seconds):
    """Lets the writer work, cuts the power, and returns the last number it called acknowledged."""
    errors = tempfile.TemporaryFile("w+")
    process = subprocess.Popen([writer, "write", disk.path + "/journal"], stdout=subprocess.PIPE,
                               stderr=errors, text=True)
    try:
        first = process.stdout.readline()
        if not first:
            errors.seek(0)
            raise AssertionError(f"the writer does not work: {errors.read()}")
        time.sleep(seconds)
        silence(process.pid)
        disk.cut()
        process.kill()
        lines = [first, *process.stdout.read().splitlines()]
        process.wait(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
        errors.close()
    acked = [int(line.split()[1]) for line in lines if line.startswith("acked ")]
    return acked[-1] if acked else 0


def audit(writer, disk):
    done = subprocess.run([writer, "audit", disk.path + "/journal"], capture_output=True, text=True,
                          check=False, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"the journal is not a beginning of what was written: {done.stderr}")
    return int(done.stdout.split()[1])


def report(code):
    """Leaves the report that scripts/count-results expects of each unit test, where GTEST_OUTPUT asks
    for it as it does of the GoogleTest programs beside this one."""
    folder = os.environ.get("GTEST_OUTPUT", "").removeprefix("json:")
    if not folder:
        return code
    case = {"name": "NothingAcknowledgedIsLost", "status": "RUN",
            "result": "SKIPPED" if code == SKIPPED else "COMPLETED"}
    if code not in (0, SKIPPED):
        case["failures"] = [{"failure": "see what it printed"}]
    suites = {"testsuites": [{"name": "PowerCut", "testsuite": [case]}]}
    Path(folder, "power_cut_test.json").write_text(json.dumps(suites))
    return code


def main():
    writer = sys.argv[1]
    cuts = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    reason = why_not()
    if reason:
        print(f"skipped: no power cuts on this machine: {reason}")
        return SKIPPED
    chance = random.Random(3)
    with LoopMount(megabytes=96) as disk:
        for cut in range(1, cuts + 1):
            acked = write_until_cut(writer, disk, chance.uniform(0.02, 0.4))
            disk.remount()
            found = audit(writer, disk)
            print(f"cut {cut}: acknowledged up to {acked}, found up to {found}", flush=True)
            if found < acked:
                print(f"{acked - found} acknowledged records are lost")
                return 1
    print(f"{cuts} power cuts, nothing acknowledged lost")
    return 0


if __name__ == "__main__":
    sys.exit(report(main()))
