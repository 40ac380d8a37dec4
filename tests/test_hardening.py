"""What the release program is compiled with against mistakes with memory: read from the program."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

SECURITY = Path(__file__).resolve().parent.parent / "scripts/security"
# From the program alone, without its build folder.
IN_THE_PROGRAM = ["PIE", "NX", "full RELRO", "overflows on the stack", "checked calls"]


def looked_at(program):
    """(exit code, lines) of scripts/security for a program."""
    done = subprocess.run(
        [SECURITY, program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout, done.stderr
    return done.returncode, done.stdout.splitlines()


def test_the_release_program_is_hardened(program):
    if "build/release" not in str(program):
        pytest.skip("not the release program: sanitizers take the place of hardening")
    code, lines = looked_at(program)
    assert code == 0, "\n".join(lines)
    for what in IN_THE_PROGRAM:
        assert any(what in line and line.startswith("held") for line in lines), what


def test_a_program_without_hardening_is_told_apart(tmp_path):
    compiler = shutil.which("cc") or shutil.which("clang-19") or shutil.which("gcc-12")
    if compiler is None:
        pytest.skip("no C compiler here")
    source = tmp_path / "soft.c"
    source.write_text("int main(void) { return 0; }\n")
    program = tmp_path / "soft"
    flags = ["-no-pie", "-fno-stack-protector", "-Wl,-z,norelro", "-Wl,-z,lazy"]
    flags += ["-Wl,-z,execstack"]
    subprocess.run([compiler, *flags, source, "-o", program], check=True, timeout=60)
    code, lines = looked_at(program)
    assert code == 1
    for what in IN_THE_PROGRAM:
        assert any(what in line and line.startswith("NOT HELD") for line in lines), what
    assert re.fullmatch(r"0 held, \d+ not held", lines[-1])


def test_what_is_no_program_is_said(tmp_path):
    text = tmp_path / "text"
    text.write_text("hello")
    done = subprocess.run([SECURITY, text], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1 and "no 64-bit" in done.stderr
