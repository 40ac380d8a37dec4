"""A file system of its own, on a file, whose power can be cut.

    with LoopMount(megabytes=64) as disk:
        ... run a hub on disk.path ...
        silence(pid)     # with the power its voice goes too
        disk.cut()       # all that was not synced is gone
        ... end the hub by SIGKILL ...
        disk.remount()   # the file system recovers as after a power cut

The cut is the ioctl GOINGDOWN of ext4 without a flush of its log. It needs root, loop devices,
mkfs.ext4 (Debian: e2fsprogs) and mount; why_not() says what is missing. Everything is undone at the
end, by the handles that this object made and no others.
"""

import fcntl
import os
import shutil
import signal
import struct
import subprocess
import tempfile
import time

GOING_DOWN = 0x8004587D  # _IOR('X', 125, __u32)
NO_LOG_FLUSH = 2


class LoopMount:
    def __init__(self, megabytes=64):
        self.megabytes = megabytes
        self.folder = None
        self.path = None
        self.mounted = False

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="hearth-power-cut-")
        self.path = os.path.join(self.folder, "mount")
        self.image = os.path.join(self.folder, "image")
        try:
            os.mkdir(self.path)
            with open(self.image, "wb") as image:
                image.truncate(self.megabytes << 20)
            run("mkfs.ext4", "-q", "-F", self.image)
            self.mount()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.unmount()
        shutil.rmtree(self.folder, ignore_errors=True)

    def mount(self):
        run("mount", "-o", "loop", self.image, self.path)
        self.mounted = True

    def unmount(self):
        """Fails while a process has files open on it: end those first."""
        if self.mounted:
            run("umount", self.path)
            self.mounted = False

    def cut(self):
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, GOING_DOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def remount(self):
        self.unmount()
        self.mount()


def silence(process_id, within_s=60):
    """Stops a process, so that nobody hears from it after the cut; a sync may be under way still.

    Without this ext4 would make it a liar: an fdatasync that is under way when the file system goes
    down returns success although its block, until then unwritten, is never marked as written.
    """
    os.kill(process_id, signal.SIGSTOP)
    until = time.monotonic() + within_s
    # Its first thread is the one that speaks; another may be inside an uninterruptible sync. Where
    # the first is (a slow disk makes it wait there for long), it stops on its way out of it, before
    # it can say anything.
    while state_of(process_id) not in ("T", "D"):
        if time.monotonic() > until:
            raise RuntimeError(f"process {process_id} does not stop: {state_of(process_id)}")
        time.sleep(0.001)


def state_of(process_id):
    with open(f"/proc/{process_id}/task/{process_id}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0]


def why_not():
    """What stands in the way on this machine, in one line; None where nothing does."""
    if os.geteuid() != 0:
        return "mounting needs root"
    for tool in ("mkfs.ext4", "mount", "umount"):
        if shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
            return f"{tool} is not installed (Debian packages e2fsprogs and mount)"
    try:
        with LoopMount(megabytes=16) as disk:
            disk.cut()
            disk.remount()
    except (OSError, RuntimeError) as error:
        return f"loop mounts do not work here: {error}"
    return None


def run(tool, *arguments):
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    done = subprocess.run([shutil.which(tool, path=path) or tool, *arguments],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{tool} {' '.join(arguments)}: {done.stderr.strip()}")
