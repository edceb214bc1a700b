#!/usr/bin/env python3
"""Installs Latchdesk as an administrator would, in a fresh minimal Debian without a network, and uses it there.

    install.py OLDER.deb NEWER.deb PORTABLE.tar.xz FOLDER

It is run as root, in a mount namespace of its own: unshare --mount. OLDER is a package of a lower version. The
Debian and all that was done in it stay in FOLDER/root until it is removed there. The mirror is this machine's own.
"""

import contextlib
import os
import platform
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from drive import ASHA, DELIVERIES, TOMAS, Over, Play, Stage
from screen import Box, Screen, Watch

FIXTURES = Path(__file__).parent.parent / "data" / "store" / "testdata"
AGENT, UID = "Ada Agent", 1000
LEFT = "/home/agent/.local/share/latchdesk/desk"


def run(*command, **how):
    """Runs a command and gives what it printed; where it fails, that is the reason."""
    ran = subprocess.run([str(word) for word in command], stdin=how.pop("stdin", subprocess.DEVNULL),
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **how)
    assert ran.returncode == 0, f"{shlex.join(map(str, command))}: exit {ran.returncode}\n{ran.stdout[-3000:]}"
    return ran.stdout


def network():
    """How a command is cut off from the network."""
    if subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode == 0:
        return ["unshare", "-n"]
    print("     (unshare -n is not permitted here: apt is sent to a proxy that is not there, the network itself is not cut off)")
    return []


class Root:
    """A Debian of its own."""

    def __init__(self, folder):
        self.folder, self.offline = folder, network()
        self.env = dict(os.environ, LC_ALL="C.UTF-8", DEBIAN_FRONTEND="noninteractive", HOME="/root",
                        PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")

    def at(self, path):
        return self.folder / str(path).lstrip("/")

    def run(self, *command, online=False, **how):
        return run(*([] if online else self.offline), "chroot", self.folder, *command, env=self.env, **how)

    def apt(self, *words, **how):
        nowhere = [] if how.get("online") or self.offline else ["-o", "Acquire::http::Proxy=http://127.0.0.1:9", "-o", "Acquire::https::Proxy=http://127.0.0.1:9"]
        return self.run("apt-get", "-y", "-q", "--no-install-recommends", *nowhere, *words, **how)

    def installed(self):
        """The installed version, or nothing."""
        said = self.run("dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev} ${Version}\n")
        found = re.search(r"^latchdesk ii +(\S+)$", said, re.M)
        return found and found[1]

    def sources(self):
        """The lists of packages that this machine's apt takes Debian from: address, suite, component."""
        said = run("apt-get", "indextargets", "--format", "$(ORIGIN)|$(CREATED_BY)|$(REPO_URI)|$(CODENAME)|$(COMPONENT)")
        found = sorted({tuple(line.split("|")[2:]) for line in said.splitlines() if line.startswith("Debian|Packages|")})
        assert found, "apt on this machine knows no Debian mirror; apt-get update may be missing"
        return found

    def build(self):
        suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
        sources = self.sources()
        mirror = next(uri for uri, name, _ in sources if name == suite)
        run("debootstrap", "--variant=minbase", suite, self.folder, mirror)
        self.at("etc/apt/sources.list").write_text("".join(f"deb {uri} {name} {part}\n" for uri, name, part in sources))
        ways = re.findall(r"^Acquire::https?::.*", run("apt-config", "dump"), re.M)  # a proxy, if there is one
        self.at("etc/apt/apt.conf.d/01ways").write_text("\n".join(ways) + "\n")
        shutil.copy("/etc/resolv.conf", self.at("etc/resolv.conf"))
        run("mount", "-t", "proc", "proc", self.at("proc"))
        run("mount", "--bind", "/dev/pts", self.at("dev/pts"))
        self.run("apt-get", "clean")
        self.run("useradd", "-m", "-u", UID, "-c", AGENT, "agent")
        self.at("tmp/.X11-unix").mkdir()
        run("mount", "--bind", "/tmp/.X11-unix", self.at("tmp/.X11-unix"))


class Desk(Stage):
    """The program in the root, as its agent runs it."""

    def __init__(self, screen, folder, root, program, *args):
        self.screen, self.folder, self.root = screen, folder, root
        self.profile, self.args, self.windows, self.child = root.at(LEFT), list(args), 0, None
        self.env = dict(PATH=root.env["PATH"], DISPLAY=screen.env["DISPLAY"], LANG="C.UTF-8", TZ="UTC", HOME="/home/agent")
        self.program = str(folder / "latchdesk")
        inside = shlex.join([*root.offline, "chroot", f"--userspec={UID}:{UID}", str(root.folder), program])
        Path(self.program).write_text(f'#!/bin/sh\nexec {inside} "$@"\n')
        os.chmod(self.program, 0o755)

    def loaded(self):
        """The libraries that the window's process has loaded and that the program itself names."""
        named = set(re.findall(rb"lib[A-Za-z0-9+._-]+\.so\.[0-9]+", self.root.at("usr/bin/latchdesk").read_bytes()))
        maps = Path(f"/proc/{self.child.pid}/maps").read_text()
        return sorted(path for path in set(re.findall(r"/\S+/(?=lib)\S+\.so\S*", maps))
                      if any(os.path.basename(path).startswith(name.decode()) for name in named))


def kept(root):
    """What is in the profile, to the byte, but for what comes and goes with an open database."""
    return {str(p.relative_to(root.at(LEFT))): p.read_bytes() for p in root.at(LEFT).rglob("*")
            if p.is_file() and not p.name.endswith(("-wal", "-shm", ".lock"))}


def opened(at, *phrases):
    """Opens the window and waits for the phrases in the list; gives the milliseconds from the start to the list."""
    begun = time.monotonic()
    with contextlib.closing(Watch(at.screen, Box(0, 0, 300, 700))) as watch:
        at.open()
        at.screen.see(*phrases, area=at.list)
    return f"{(watch.since - begun) * 1000:.0f} ms from the start to the list"


def story(play, screen, folder, older, newer, portable):
    root = Root(folder / "root")
    versions = {deb: run("dpkg-deb", "-f", deb, "Version").strip() for deb in (older, newer)}

    with play.step("a minimal Debian is made") as say:
        root.build()
        count = len(root.run("dpkg-query", "-W").splitlines())
        say(f"{root.at('etc/debian_version').read_text().strip()}, {count} packages")

    with play.step("what the package depends on is fetched beforehand") as say:
        for deb in (older, newer):
            shutil.copy(deb, root.at("tmp"))
        root.apt("update", online=True)
        root.apt("install", "--download-only", f"/tmp/{older.name}", online=True)
        fetched = list(root.at("var/cache/apt/archives").glob("*.deb"))
        assert root.installed() is None
        say(f"{len(fetched)} packages, {sum(f.stat().st_size for f in fetched) >> 20} MB")

    with play.step("apt installs the older one without a network") as say:
        there = re.findall(r"^ *(\w+):", root.run("cat", "/proc/net/dev"), re.M)
        if root.offline:
            assert there == ["lo"], f"there is a network: {there}"
        said = root.apt("install", f"/tmp/{older.name}")
        assert root.installed() == versions[older] and root.run("dpkg", "-V", "latchdesk") == ""
        say(f"{versions[older]}, {re.search(r'[0-9]+ newly installed', said)[0]}, network: {' '.join(there)}")

    at = Desk(screen, folder, root, "/usr/bin/latchdesk")

    with play.step("a customer is blocked by the command line") as say:
        assert at.say("version")[0] == f"Latchdesk {versions[older]}\n"
        assert at.receive(*DELIVERIES.read_text().splitlines())["taken"] == 11
        at.say("block", ASHA, "--reason", "spam")
        status = at.ask("status", ASHA)
        assert (status["status"], status["blockedBy"]) == ("blocked", AGENT), status
        say(f"{ASHA} is {status['status']}, by {status['blockedBy']}")

    with play.step("the window opens, and shows it") as say:
        say(opened(at, "Tomas Keller", "All 8", "Blocked 1"))
        at.choose("Asha Rao")
        screen.see(f"Blocked by {AGENT}", "Unblock", area=at.footer)
        play.picture("installed")

    with play.step("every library that it opens belongs to a package that it depends on") as say:
        declared = set(re.findall(r"(?:^|, )([a-z0-9.+-]+)", root.run("dpkg-query", "-W", "-f", "${Depends}", "latchdesk")))
        found = {}
        for path in at.loaded():
            path = path.removeprefix(str(root.folder))
            for spelling in (path, path.removeprefix("/usr")):
                with contextlib.suppress(AssertionError):
                    found[os.path.basename(path)] = root.run("dpkg", "-S", spelling).split(":")[0]
                    break
            else:
                raise AssertionError(f"{path} is of no package")
        missing = {lib: package for lib, package in found.items() if package not in declared}
        assert not missing and len(found) > 5, f"not declared: {missing}; declared: {declared}; opened: {found}"
        say(", ".join(sorted(set(found.values()))))

    with play.step("blocked by the command line while the window is open, it is seen there"):
        at.say("block", TOMAS)
        screen.see("Blocked 2", area=at.list)

    with play.step("apt upgrades it, the window being open; the next start is the new one") as say:
        root.apt("install", f"/tmp/{newer.name}")
        assert root.installed() == versions[newer]
        screen.see("Blocked 2", area=at.list)
        at.quit()
        assert at.say("version")[0] == f"Latchdesk {versions[newer]}\n"
        opened(at, "Tomas Keller", "All 8", "Blocked 2")
        at.quit()
        facts = at.ask("doctor")
        assert (facts["chats"], facts["messages"], facts["integrity"], facts["problems"]) == (8, 11, "ok", []), facts
        at.say("audit", "verify")
        say(f"{versions[older]} to {versions[newer]}, the profile is whole")

    with play.step("a profile of every schema that was released is migrated by the installed program") as say:
        for dump in sorted(FIXTURES.glob("schema-*.sql")):
            profile = f"/home/agent/{dump.stem}"
            root.at(profile).mkdir()
            with contextlib.closing(sqlite3.connect(root.at(profile) / "latchdesk.db")) as db:
                db.executescript(dump.read_text())
                before = db.execute("SELECT max(id) FROM migrations").fetchone()[0]
            run("chown", "-R", f"{UID}:{UID}", root.at(profile))
            at.say("--profile", profile, "blocked")
            facts = at.ask("--profile", profile, "doctor")
            assert facts["integrity"] == "ok" and facts["problems"] == [] and facts["schema"] >= before, facts
            say(f"{before} to {facts['schema']}, {len(facts['backups'])} copies")

    with play.step("a profile of a later version is refused with a sentence") as say:
        profile = root.at("/home/agent/later")
        shutil.copytree(root.at(LEFT), profile)
        with contextlib.closing(sqlite3.connect(profile / "latchdesk.db")) as db, db:
            db.execute("INSERT INTO migrations VALUES ('299901010000_later')")
        run("chown", "-R", f"{UID}:{UID}", profile)
        _, said = at.say("--profile", "/home/agent/later", "block", TOMAS, code=1)
        assert "newer version" in said, said
        say(said.strip())

    with play.step("the entry in the menu starts it, and its Demo action the demo"):
        entry = root.at("usr/share/applications/io.github.latchdesk.Latchdesk.desktop").read_text()
        plain, demo = (shlex.split(line) for line in re.findall(r"^Exec=(.*)$", entry, re.M))
        assert plain == ["latchdesk"] and demo[0] == "latchdesk", entry
        at.open(*demo[1:])
        screen.see("Demo", area=at.list)
        play.picture("demo")
        at.quit()

    with play.step("removed and purged, nothing of it is left but the profile") as say:
        before, files = kept(root), root.run("dpkg", "-L", "latchdesk").split()
        root.apt("purge", "latchdesk")
        left = [f for f in files if root.at(f).is_file()]
        assert root.installed() is None and not left, left
        assert "latchdesk.db" in before and kept(root) == before, "the profile has changed"
        say(f"{len(before)} files in {LEFT}")

    with play.step("the portable archive runs from wherever an ordinary user unpacks it") as say:
        place = "/home/agent/Größe und Übermaß"
        with subprocess.Popen(["xz", "-dc", portable], stdout=subprocess.PIPE) as pipe:
            run("chroot", f"--userspec={UID}:{UID}", root.folder, "sh", "-c",
                f"umask 077 && mkdir '{place}' && tar -x -C '{place}'", stdin=pipe.stdout, env=root.env)
        program = next(root.at(place).glob("*/latchdesk"))
        at = Desk(screen, folder, root, "/" + str(program.relative_to(root.folder)))
        assert at.say("version")[0] == f"Latchdesk {versions[newer]}\n"
        assert at.ask("status", ASHA)["status"] == "blocked"
        say(opened(at, "Tomas Keller", "All 8", "Blocked 2"))
        say(f"in {place}/{program.parent.name}")
        at.say("unblock", ASHA)
        screen.see("Blocked 1", area=at.list)
        play.picture("portable")
        at.quit()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the screen is closed
    older, newer, portable, folder = (Path(word).resolve() for word in sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    play = Play(folder)
    with contextlib.closing(Screen(folder)) as play.screen, contextlib.suppress(Over):
        story(play, play.screen, folder, older, newer, portable)
    print(f"{play.passed} steps of an administrator passed, {play.failed} failed")
    sys.exit(play.failed > 0)


if __name__ == "__main__":
    main()
