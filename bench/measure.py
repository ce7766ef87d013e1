"""Runs one command as a whole process and writes what it cost, as JSON, to file descriptor 3.

Node cannot ask what a child and its children used; wait4 can. CPU and the largest process are exact, as the kernel
counts every descendant that was waited for (a floor of some 9 MB is this program's own, before the command replaced
it). The memory of all processes together can only be looked at now and then.

Usage: measure.py MEMORY_EVERY_MS COMMAND...   (0: memory of the tree is not looked at)
"""

import json
import os
import select
import sys
import time

REPORT = 3


def proc(pid, name):
    """A file of /proc; empty when the process has ended meanwhile."""
    try:
        with open(f"/proc/{pid}/{name}", encoding="latin-1") as file:
            return file.read()
    except OSError:
        return ""


def tree(root):
    """`root` and all its descendants there are now."""
    parent_of = {}
    for name in os.listdir("/proc"):
        stat = proc(name, "stat") if name.isdigit() else ""
        if stat:
            parent_of[int(name)] = int(stat.rpartition(")")[2].split()[1])
    found, grew = {root}, True
    while grew:
        more = {pid for pid, parent in parent_of.items() if parent in found} - found
        found |= more
        grew = bool(more)
    return found


def proportional_bytes(pid):
    """Memory of one process with shared pages counted in parts, so that a tree can be summed."""
    for line in proc(pid, "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def main():
    every_ms, command = int(sys.argv[1]), sys.argv[2:]
    os.set_inheritable(REPORT, False)
    tree_peak = 0
    started = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ)
    ended = select.poll()
    ended.register(os.pidfd_open(pid), select.POLLIN)
    while not ended.poll(every_ms or None):
        tree_peak = max(tree_peak, sum(map(proportional_bytes, tree(pid))))
    wall = time.monotonic() - started
    main_thread = proc(pid, f"task/{pid}/schedstat").split()  # readable until the process is reaped
    _, status, used = os.wait4(pid, 0)
    report = {
        "wallMs": wall * 1000,
        "userMs": used.ru_utime * 1000,
        "sysMs": used.ru_stime * 1000,
        "largestProcessBytes": used.ru_maxrss * 1024,
        "exitCode": os.waitstatus_to_exitcode(status),
    }
    if main_thread:
        report["mainThreadMs"] = int(main_thread[0]) / 1e6
    if every_ms:
        report["treePeakBytes"] = tree_peak
    with os.fdopen(REPORT, "w") as out:
        json.dump(report, out)


main()
