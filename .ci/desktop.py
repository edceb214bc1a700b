#!/usr/bin/env python3
"""Drives the real Latchdesk among the parts of a real desktop: input methods, keyboard layouts, a keyring,
a notification server, a spreadsheet, a file system without modes.

    desktop.py PROGRAM FOLDER [SCENE...]

A scene whose programs are not installed is left out, and said to be. Keys are pressed by their place on the
keyboard, as a hand does. The last line says how many steps passed.
"""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from drive import ASHA, DELIVERIES, KEY, TOMAS, Play, Stage, Standin, delivery
from screen import until

# The keys by what stands on them in America: X counts them so. A single digit is a name to xdotool.
PLACES = {name: code for first, row in ((10, "1234567890-="), (24, "qwertyuiop[]"), (38, "asdfghjkl;'`"), (52, "zxcvbnm,./"))
          for code, name in enumerate(row, first)}
PLACES |= {"Escape": "Escape", "BackSpace": 22, "Tab": 23, "Return": 36, "Control": 37, "Shift": 50, "space": 65, "Left": 113}

# What buttons are filled with.
RED, GREEN = bytes.fromhex("c8281e"), bytes.fromhex("0b6e4f")


class Desktop(Stage):
    """A profile, its window, and a session bus of its own."""

    def __init__(self, screen, folder, program):
        super().__init__(screen, folder, program)
        ours, theirs = os.pipe()
        screen.run(["dbus-daemon", "--session", "--nofork", f"--print-address={theirs}"], "bus",
                   env=self.env, pass_fds=[theirs])
        os.close(theirs)
        with os.fdopen(ours) as told:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = told.readline().strip()
        self.env["PATH"] += ":/usr/sbin"

    def run(self, *command, code=0, **how):
        """Runs a program of the desktop and gives what it printed."""
        ran = subprocess.run(command, env=self.env, text=True, capture_output=True, timeout=60, **how)
        assert code is None or ran.returncode == code, f"{' '.join(command)}: exit {ran.returncode}\n{ran.stdout}{ran.stderr}"
        return ran.stdout

    def press(self, *keys, hold=None):
        """Presses keys by their places."""
        if hold:
            self.screen.do("keydown", PLACES[hold])
        for key in keys:
            self.screen.do("key", PLACES[key])
            time.sleep(0.06)
        if hold:
            self.screen.do("keyup", PLACES[hold])

    def layout(self, *names):
        self.run("setxkbmap", *names)

    def engine(self, name):
        """Chooses an input method."""
        self.run("ibus", "engine", name, code=None)
        until(name, lambda: self.run("ibus", "engine", code=None).strip() == name)

    def chat_of(self, name):
        """Takes in what somebody wrote who is known for long, and opens the window on it."""
        lines = [json.loads(delivery(ASHA, name, text)) for text in ("Good morning", "Where is my parcel?", "Thank you")]
        for line, day in zip(lines, ("01", "02", "03")):
            line["receivedAt"] = f"2026-01-{day}T09:00:00Z"
        self.receive(*map(json.dumps, lines))
        self.reopen()

    def opens(self, key, color):
        """Presses Control and a key, and waits for a dialog whose button is filled with a color."""
        self.press(key, hold="Control")
        until(f"a dialog opened by Ctrl+{key}", lambda: self.filled(color))

    def filled(self, color, area=None):
        """Reports whether a button where dialogs stand, or in another area, is filled with a color."""
        return self.screen.frame().cut(area or self.dialog).pixels.count(color[::-1]) > 500

    def agent(self):
        """The agent's name in the settings."""
        with contextlib.closing(sqlite3.connect(f"file:{self.profile}/latchdesk.db?mode=ro", uri=True)) as db:
            row = db.execute("SELECT value FROM settings WHERE key = 'agent'").fetchone()
        return row[0] if row else ""

    def keyring(self, *flags):
        """Starts gnome-keyring with its keyring unlocked."""
        self.run("gnome-keyring-daemon", "--unlock", "--components=secrets", *flags, input="a password")

    def reopen(self):
        """Opens the window, and in it the only chat, by its place."""
        self.open()
        until("the window drawn", lambda: not self.filled(b"\0\0\0", self.list))
        def chosen():
            self.screen.click((180, 128))
            return self.filled(GREEN, self.footer)
        until("the composer", chosen)

    def written(self, text):
        """Waits until this stands in the composer, and nothing has been sent."""
        try:
            until(f"“{text}” in the composer", lambda: self.draft() == text)
        except AssertionError as why:
            raise AssertionError(f"{why}; there was “{self.draft()}”, sent were {self.sent()}") from None

    def sent(self):
        return [m["text"] for m in self.ask("messages", ASHA) if m["direction"] == "out"]

    def sends(self, *texts):
        until(f"{texts} sent", lambda: self.sent() == list(texts))


def methods(play, at):
    """Input methods: the keys that one takes are its own."""
    at.layout("us")
    at.env |= {"XMODIFIERS": "@im=ibus", "IBUS_DISABLE_SNOOPER": "1"}

    with play.step("IBus answers, and the window opens"):
        at.screen.run(["ibus-daemon", "--xim", "--panel", "disable"], "ibus", env=at.env)
        until("IBus with its engines", lambda: "itrans" in at.run("ibus", "list-engine", code=None), 20)
        at.engine("m17n:hi:itrans")
        at.chat_of("Asha Rao")

    with play.step("Hindi: Enter accepts a word, and sends nothing"):
        at.press(*"namaste", "Return")
        at.written("नमस्ते")
        assert at.sent() == [], at.sent()

    with play.step("Backspace corrects what is being composed, and not what is finished"):
        at.press("space", *"ram", "BackSpace", *"k", "space")
        at.written("नमस्ते रक ")

    with play.step("Enter sends all of it where nothing is composed"):
        at.press("Return")
        at.sends("नमस्ते रक ".strip())

    with play.step("Chinese: Enter takes the letters into the note of a block, and blocks nobody"):
        at.engine("libpinyin")
        at.press("b", hold="Control")
        at.screen.see("Block Customer", area=at.dialog)
        at.screen.click("Note", area=at.dialog)
        at.press(*"nihao", "Return")
        at.press(*"nihao", "space")
        at.screen.see("Block Customer", area=at.dialog)
        play.picture("chinese")
        assert at.ask("status", ASHA)["status"] == "active"

    with play.step("the next Enter blocks, with the note"):
        at.press("Return")
        until("a block", lambda: at.ask("status", ASHA)["status"] == "blocked")
        assert "nihao你好" in str(at.ask("status", ASHA)), at.ask("status", ASHA)
        at.quit()


def keys(play, at):
    """Dead keys, and shortcuts on layouts with other letters or none of ours."""
    with play.step("de: a dead key that Backspace takes back leaves the letters before it"):
        at.layout("de")
        at.chat_of("Asha Rao")
        at.press(*"ab`", "BackSpace", "e")
        at.written("abe")

    with play.step("de: a dead key and its letter are one, and Enter sends it"):
        at.press("`", "e", "Return")
        at.sends("abeê")

    with play.step("de: Enter after a dead key is the dead key's, and the next one sends"):
        at.press("a", "`", "Return", "e")
        at.written("ae")
        at.press("Return")
        at.sends("abeê", "ae")

    layouts = (("ru", ","), ("gr", ","), ("il", "'"), ("ara", ","), ("fr", "m"), ("de", ","))
    for digit, (layout, comma) in enumerate(layouts, 1):
        with play.step(f"{layout}: Ctrl+, Ctrl+B and Ctrl+Q"):
            at.layout(layout)
            before = at.agent()
            at.opens(comma, GREEN)
            at.press(str(digit), "Return")  # the name is selected
            until("another name of the agent", lambda: at.agent() != before)
            for status, color in (("blocked", RED), ("active", GREEN)):
                until("no dialog", lambda: not at.filled(RED) and not at.filled(GREEN))
                at.opens("b", color)
                at.press("Return")
                until(status, lambda: at.ask("status", ASHA)["status"] == status)
            until("no dialog", lambda: not at.filled(GREEN))
            at.press("a" if layout == "fr" else "q", hold="Control")
            at.child.wait(15)
            assert at.child.returncode == 0, at.child.returncode
            at.reopen()


def keyring(play, at):
    """A keyring: the account's key is kept in it, and a locked one is told."""
    double = Standin(at, ASHA)
    join = ["account", "join", "--base", double.base, "--number", "+918888888888"]

    with play.step("gnome-keyring unlocks, and joining leaves the key with it"):
        double.on()
        at.keyring()
        at.say(*join, stdin=KEY + "\n")
        assert not (at.profile / "account.key").exists(), "the key is in a file"
        assert KEY in at.run("secret-tool", "lookup", "service", "latchdesk", "username", str(at.profile))
        at.say("account", "test")

    with play.step("what is locked is not told as a key that is missing"):
        at.run("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
               "org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/collection/login")
        out, err = at.say("account", "test", code=1)
        assert "keyring" in err and "no key" not in (out + err).lower() and "refused" not in out + err, out + err

    with play.step("unlocked again, the key is there, and leaving removes it"):
        at.keyring("--replace")
        at.say("account", "test")
        at.say("account", "leave")
        assert KEY not in at.run("secret-tool", "lookup", "service", "latchdesk", "username", str(at.profile), code=None)


def sheets(play, at):
    """A spreadsheet: the list of blocked customers goes out and comes back."""
    csv = at.folder / "blocked.csv"

    with play.step("LibreOffice makes a workbook of the list and a list of the workbook"):
        at.receive(*DELIVERIES.read_text().splitlines())
        at.say("block", ASHA, "--note", "=1+1, \"quoted\"; and Ünï नमस्ते")
        at.say("block", TOMAS, "--for", "7d")
        at.say("export", str(csv))
        office = ["soffice", f"-env:UserInstallation=file://{at.folder}/office", "--headless"]
        utf8 = "Text - txt - csv (StarCalc):44,34,76"  # as its dialog offers for a file with such letters
        at.run(*office, f"--infilter={utf8}", "--convert-to", "xlsx", "--outdir", str(at.folder), str(csv))
        at.run(*office, "--convert-to", f"csv:{utf8}", "--outdir", str(at.folder / "back"), str(at.folder / "blocked.xlsx"))

    was = {b["phone"]: (b["note"], b["until"]) for b in at.ask("blocked")}
    for kind, file in (("workbook", "blocked.xlsx"), ("list", "back/blocked.csv")):
        with play.step(f"its {kind} blocks the same customers in another profile"):
            at.args = ["--profile", str(at.folder / kind)]
            got = at.ask("import", str(at.folder / file))
            assert (got["new"], got["refused"]) == (2, 0), got
            found = {b["phone"]: (b["note"], b["until"]) for b in at.ask("blocked")}
            assert found == was, f"{found}\nwas\n{was}"


def disk(play, at):
    """A disk without modes: NTFS by FUSE."""
    image, stick = at.folder / "ntfs.img", at.folder / "stick"
    stick.mkdir()
    with play.step("a profile lives on an NTFS disk") as say:
        with open(image, "wb") as f:
            f.truncate(64 << 20)
        at.run("mkntfs", "-F", "-q", "-Q", str(image))
        mounted = subprocess.run(["ntfs-3g", str(image), str(stick)], capture_output=True, text=True)
        if mounted.returncode:
            say("left out: nothing can be mounted here: " + mounted.stderr.strip().splitlines()[0])
            return
    try:
        with play.step("what is blocked there stays so when the stick is pulled out and put in"):
            at.args = ["--profile", str(stick / "desk")]
            at.receive(*DELIVERIES.read_text().splitlines())
            at.say("block", ASHA)
            at.run("fusermount", "-u", str(stick))
            at.run("ntfs-3g", str(image), str(stick))
            assert at.ask("status", ASHA)["status"] == "blocked"
            assert at.ask("doctor")["integrity"] == "ok"
    finally:
        at.run("fusermount", "-u", str(stick), code=None)


def notices(play, at):
    """A notification server: news of a customer is one notification, and it goes."""
    shown = lambda: int(at.run("dunstctl", "count", "displayed"))
    with play.step("dunst answers, and another window is in front"):
        until("dunst, which the bus starts", lambda: at.run("dunstctl", "count", "displayed", code=None).strip() == "0")
        at.chat_of("Asha Rao")
        at.screen.run(["xmessage", "-name", "front", "in front"], "front", env=at.env)
        until("the other window in front", lambda: at.screen.do("getactivewindow").stdout.strip() not in at.ids(at.child))

    with play.step("the second message takes the place of the first"):
        at.receive(delivery(ASHA, "Asha Rao", "one"))
        until("a notification", lambda: shown() == 1)
        at.receive(delivery(ASHA, "Asha Rao", "two"))

    with play.step("it goes by itself") as say:
        begun = time.monotonic()
        until("no notification", lambda: shown() == 0, 30)
        history = json.loads(at.run("dunstctl", "history"))["data"][0]
        assert [n["body"]["data"] for n in history] == ["2 new messages"], history
        say(f"{time.monotonic() - begun:.0f} s")


# The programs that each scene needs.
SCENES = {
    methods: ["ibus-daemon", "/usr/libexec/ibus-engine-m17n", "/usr/libexec/ibus-engine-libpinyin"],
    keys: ["setxkbmap"],
    keyring: ["gnome-keyring-daemon", "secret-tool"],
    notices: ["dunst", "dunstctl", "xmessage"],
    sheets: ["soffice"],
    disk: ["mkntfs", "ntfs-3g", "fusermount"],
}


def main():
    scenes = {play.__name__: play for play in SCENES}
    if len(sys.argv) < 3 or not scenes.keys() >= set(sys.argv[3:]):
        sys.exit(f"{__doc__}\nScenes: {', '.join(scenes)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the screens are closed
    program, folder = os.path.abspath(sys.argv[1]), Path(sys.argv[2]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    play, begun = Play(folder), time.monotonic()
    for name in sys.argv[3:] or scenes:
        missing = [part for part in SCENES[scenes[name]] if not shutil.which(part, path=os.environ["PATH"] + ":/usr/sbin")]
        if missing:
            print(f"--   left out: {name}, for want of {', '.join(missing)}", flush=True)
            continue
        play.scene(scenes[name].__doc__.rstrip("."), scenes[name], program, stage=Desktop)
    print(f"     {time.monotonic() - begun:.0f} s; pictures and logs are in {folder}")
    print(f"{play.passed} of {play.passed + play.failed} driven steps passed", flush=True)
    sys.exit(play.failed > 0)


if __name__ == "__main__":
    main()
