"""Power cuts under a whole hub under load: what was acknowledged is there, QoS 2 came exactly once.

HEARTH_CUTS says how many times the power is cut (20); HEARTH_KILL_SEED repeats one run's moments.
"""

import os
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

from loop_mount import LoopMount, silence, why_not  # noqa: E402 (the paths above come first)
from test_kill9 import SEED, World  # noqa: E402

CUTS = int(os.environ.get("HEARTH_CUTS", "20"))


@pytest.fixture
def disk():
    reason = why_not()
    if reason:
        pytest.skip(f"no power cuts on this machine: {reason}")
    with LoopMount(megabytes=256) as mounted:
        yield mounted


@pytest.mark.timeout(120 + 10 * CUTS)
def test_nothing_acknowledged_is_lost_when_the_power_is_cut(disk, make_hub):
    chance = random.Random(SEED)
    world = World(make_hub, data=Path(disk.path) / "data")
    cut = 0
    try:
        for cut in range(1, CUTS + 1):
            world.all_here()
            world.work(chance.uniform(0.02, 0.3))
            silence(world.hub.process.pid)
            disk.cut()
            kept = world.kill_and_look(meanwhile=disk.remount)
            world.look_at_retained(kept)
            if cut % 5 == 0:
                world.wake_the_sleeper()
            world.check()
        world.check_all()
    except BaseException:
        print(f"seed {SEED}, cut {cut}")
        raise
    finally:
        world.stop()
        world.hub.close()  # before its disk goes
    print(f"{CUTS} cuts, seed {SEED}: {world.publisher.number} messages, "
          f"{len(world.commander.acked)} commands acknowledged, none lost")
