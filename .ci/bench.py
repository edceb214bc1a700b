#!/usr/bin/env python3
"""Compares the speed of two builds of Latchdesk, turn by turn, and says how they relate.

    bench.py [--pairs N] [--chats N] [--messages N] HERE [BASE]

HERE and BASE are folders that .ci/dev bench fills: the program `latchdesk`, the same without a window as
`command`, test binaries `NAME.test`, and `benchmarks`, in which each line names a figure, a test binary and a
benchmark of it. Without BASE, HERE is measured alone. The window opens on a profile of so many chats and
messages, with which each build has done what it does once by itself; `receive` takes a file of 20,000
deliveries from 2,000 customers into an empty one, and is told by the clock and by the time of the processor,
which a busy machine disturbs less. In each pair both builds do the same, the one first that was second before.
What is said of each figure: the median of either build, their ratio, and the interval that holds 95 % of the
ratios of 2,000 samples drawn from the pairs. It fails where that interval lies above 1.03.
"""

import argparse
import contextlib
import json
import os
import random
import re
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from screen import Box, Screen, Watch, until

BAR = 1.03
LIST = Box(0, 0, 300, 700)
STANDS = 1.0  # seconds in which the list has not changed
SETTLED = 12  # seconds after which the window has given back what it used to start
IDLE = 5, 0.25  # in so many seconds, one that has nothing to do uses so many of the processor


def go_benchmark(build, binary, name):
    """Nanoseconds of one operation, as a Go benchmark reports them."""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [build / f"{binary}.test", "-test.run=^$", "-test.bench=" + "/".join(f"^{part}$" for part in name.split("/")),
             "-test.benchtime=1s", "-test.timeout=10m"],
            cwd=build / f"{binary}.folder", env=dict(os.environ, TMPDIR=folder), capture_output=True, text=True)
    found = re.search(r"^Benchmark\S+\s+\d+\s+([\d.]+) ns/op", ran.stdout, re.M)
    assert ran.returncode == 0 and found, f"{name} of {build}: exit {ran.returncode}\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
    return float(found[1])


def environment(build, screen=None):
    home = build / "home"
    home.mkdir(exist_ok=True)
    env = dict(PATH=os.environ["PATH"], LANG="C.UTF-8", TZ="UTC", HOME=str(home), XDG_DATA_HOME=str(home / "data"),
               XDG_CONFIG_HOME=str(home / "config"), XDG_CACHE_HOME=str(home / "cache"), XDG_RUNTIME_DIR=str(home), FYNE_THEME="light")
    if screen:
        env["DISPLAY"] = screen.env["DISPLAY"]
    return env


def make_profiles(builds, folder, chats, messages):
    """Gives each build a copy of one profile, made by the oldest of them, in which nobody writes any more."""
    made = folder / "made"
    subprocess.run([builds[-1] / "latchdesk", "--profile", made, "--demo", "demo", "reset", "--chats", str(chats), "--messages", str(messages)],
                   env=environment(builds[-1]), check=True, stdout=subprocess.DEVNULL)
    with contextlib.closing(sqlite3.connect(made / "latchdesk.db")) as db:
        with db:
            db.execute("DELETE FROM settings WHERE key = 'demo'")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for build in builds:
        shutil.copytree(made, build / "profile")
        settle(build)
    shutil.rmtree(made)


def settle(build):
    """Has a build do what it does once by itself: its migrations, what they leave for later, the daily copy."""
    child = subprocess.Popen([build / "latchdesk", "--profile", build / "profile", "serve", "--listen", "127.0.0.1:0"],
                             env=environment(build), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ticks = os.sysconf("SC_CLK_TCK")
    used = lambda: sum(map(int, Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[11:13])) / ticks
    try:
        def rests():
            assert child.poll() is None, f"{build} ended by itself"
            before = used()
            time.sleep(IDLE[0])
            return used() - before < IDLE[1]
        until("a profile with which nothing is left to do", rests, 3600)
    finally:
        child.terminate()
        child.wait(60)


def window(build, folder):
    """Milliseconds from the start to a list that stands, and then the memory of the window in KB."""
    folder.mkdir()
    with contextlib.closing(Screen(folder)) as screen:
        with contextlib.closing(Watch(screen, LIST)) as watch:
            until("an empty screen", lambda: time.monotonic() - watch.since > 0.5)
            begun = time.monotonic()
            child = screen.run([build / "latchdesk", "--profile", build / "profile"], "window", env=environment(build, screen))
            try:
                def stands():
                    assert child.poll() is None, (folder / "window.log").read_text()
                    return watch.since > begun and time.monotonic() - watch.since > STANDS and len(set(watch.look[1::400])) > 2
                until("a list that stands", stands, 120)
                took = (watch.since - begun) * 1000
                time.sleep(max(0.0, SETTLED - (time.monotonic() - begun)))
                status = Path(f"/proc/{child.pid}/status").read_text()
            finally:
                child.terminate()
                child.wait(30)
    return took, float(re.search(r"VmRSS:\s+(\d+)", status)[1])


def write_deliveries(file):
    """Writes 20,000 messages of 2,000 customers, as DoubleTick delivers them."""
    dice = random.Random(7)
    with file.open("w") as out:
        for i in range(20_000):
            customer = dice.randrange(2000)
            out.write(json.dumps({
                "to": "918888888888", "from": f"4670{customer:07d}", "messageId": f"wamid.{i}", "dtMessageId": f"dt-{i}",
                "receivedAt": f"2025-03-{1 + i * 27 // 20_000:02d}T{i % 24:02d}:{i % 60:02d}:00.000Z",
                "contact": {"name": f"Customer {customer}"}, "integrationType": "WHATSAPP",
                "message": {"type": "TEXT", "text": f"Hello, where is my order {i}?"}}) + "\n")


def receive(build, deliveries):
    """Milliseconds in which a file of deliveries is taken, by the clock and of the processor."""
    with tempfile.TemporaryDirectory(prefix="latchdesk-bench.") as folder:
        run = lambda *args: subprocess.run([build / "command", "--profile", Path(folder) / "desk", *args],
                                           env=environment(build), check=True, stdout=subprocess.DEVNULL)
        run("block", "--add", "+46709999999")  # makes the profile
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        run("receive", deliveries)
        took, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def interval(pairs):
    """What holds 95 % of the ratios of medians, drawn from the pairs."""
    dice = random.Random(1)
    ratios = sorted(ratio(dice.choices(pairs, k=len(pairs))) for _ in range(2000))
    return ratios[50], ratios[-51]


def ratio(pairs):
    return statistics.median(here for here, _ in pairs) / statistics.median(base for _, base in pairs)


def told(value, unit):
    scale, name = {"ns": (1e6, "ms"), "ms": (1, "ms"), "KB": (1024, "MB")}[unit]
    return f"{value / scale:.3g} {name}"


def measure(what, unit, builds, pairs, once):
    """Runs all pairs of one or more figures, and tells of each; gives whether none is slower."""
    taken = []
    for pair in range(pairs):
        turn = {}
        for build in builds if pair % 2 else builds[::-1]:
            turn[build] = once(build, pair)
        taken.append([turn[build] for build in builds])
    good = True
    for figure, name in enumerate(what):
        values = [[values[figure] for values in pair] for pair in taken]
        medians = [statistics.median(column) for column in zip(*values)]
        line = f"{name:28} {told(medians[0], unit[figure]):>10}"
        if len(builds) > 1:
            low, high = interval(values)
            good = good and low <= BAR
            line += f" {told(medians[1], unit[figure]):>10}   {ratio(values):.3f}  [{low:.3f}, {high:.3f}]"
            line += "" if low <= BAR else f"  above {BAR}"
        print(line, flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--chats", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("builds", nargs="+", type=Path)
    args = parser.parse_args()
    builds = [build.absolute() for build in args.builds]
    good = True
    print(f"{'medians of ' + str(args.pairs):28} {'here':>10}" + (f" {'base':>10}   ratio  [95 %]" if len(builds) > 1 else ""), flush=True)
    lines = [[line.split() for line in (build / "benchmarks").read_text().splitlines()] for build in builds]
    for same in zip(*lines):
        names = {build: line[1:] for build, line in zip(builds, same)}
        good &= measure([same[0][0]], ["ns"], builds, args.pairs, lambda build, _: [go_benchmark(build, *names[build])])
    if (builds[0] / "command").exists():
        with tempfile.TemporaryDirectory(prefix="latchdesk-bench.") as folder:
            deliveries = Path(folder) / "deliveries.jsonl"
            write_deliveries(deliveries)
            good &= measure(["receive", "receive-processor"], ["ms", "ms"], builds, args.pairs, lambda build, _: receive(build, deliveries))
    if (builds[0] / "latchdesk").exists():
        with tempfile.TemporaryDirectory(prefix="latchdesk-bench.") as folder:
            make_profiles(builds, Path(folder), args.chats, args.messages)
            for build in builds:  # what the first start of a day does, and a migration, is not the start that is meant
                window(build, Path(folder) / f"first-{build.name}")
            good &= measure(["start-to-list", "memory"], ["ms", "KB"], builds, args.pairs,
                            lambda build, pair: window(build, Path(folder) / f"{build.name}-{pair}"))
    sys.exit(not good)


if __name__ == "__main__":
    main()
