#!/usr/bin/env python3
"""Drives the real Latchdesk on a screen of its own, and plays the story it is made for.

    drive.py PROGRAM FOLDER [SCENE...]

Each step asserts on what stands on the screen and, through the command line, on what the database holds.
Pictures and what the programs printed stay in FOLDER. The last line says how many steps passed.
"""

import contextlib
import json
import os
import pwd
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path

from screen import Box, NotSeen, Screen, Watch, until

HERE = Path(__file__).parent
DELIVERIES = HERE / "deliveries.jsonl"
ASHA, TOMAS, LENA, PRIYA = "+44 7700 900101", "+44 7700 900102", "+46 70 174 06 05", "+44 7700 900104"
COMPOSER = "Type a message to send"


def person():
    """Whom the computer says sits here; so the agent is called until the agent says otherwise."""
    user = pwd.getpwuid(os.getuid())
    return user.pw_gecos.split(",")[0].strip() or user.pw_name


def delivery(phone, name, text):
    """A message as DoubleTick delivers it, written now."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({
        "to": "918888888888", "from": re.sub(r"\D", "", phone), "messageId": f"wamid.{uuid.uuid4().hex}",
        "dtMessageId": str(uuid.uuid4()), "receivedAt": now, "contact": {"name": name},
        "message": {"type": "TEXT", "text": text, "context": {}}})


class Over(Exception):
    """A step failed, and the scene cannot go on."""


class Play:
    """Counts the steps and tells of them, one line each."""

    def __init__(self, folder):
        self.folder, self.passed, self.failed = folder, 0, 0
        self.screen = None

    @contextlib.contextmanager
    def step(self, title):
        said, begun = [], time.monotonic()
        number = self.passed + self.failed + 1
        try:
            yield said.append
        except (AssertionError, OSError, subprocess.SubprocessError) as why:
            self.failed += 1
            print(f"FAIL {number:3}  {title}  {time.monotonic() - begun:.1f} s", flush=True)
            print("      " + (str(why) or repr(why)).strip().replace("\n", "\n      "))
            if self.screen:
                print(f"      the screen: {self.picture(f'failed-{number}')}", flush=True)
            raise Over from why
        self.passed += 1
        print("  ".join([f"ok   {number:3}  {title}", f"{time.monotonic() - begun:.1f} s", *said]), flush=True)

    def scene(self, title, play, *args, stage=None):
        print(f"--   {title}", flush=True)
        folder = self.folder / play.__name__
        folder.mkdir(parents=True)
        with contextlib.closing(Screen(folder)) as self.screen:
            try:
                play(self, (stage or Stage)(self.screen, folder, *args))
            except Over:
                print("     (the rest of this scene was not played)", flush=True)
        self.screen = None
        for log in folder.glob("window*.log"):
            said = log.read_text(errors="replace")
            if "panic" in said or "goroutine " in said:
                self.failed += 1
                print(f"FAIL      a stack trace: {log}\n{said[:2000]}")

    def picture(self, name):
        path = self.folder / f"{name}.png"
        self.screen.still().save(path)
        return path


class Stage:
    """A profile, its window and its command line."""

    def __init__(self, screen, folder, program):
        self.screen, self.folder, self.program = screen, folder, program
        home = folder / "home"
        home.mkdir()
        self.env = dict(
            PATH=os.environ["PATH"], DISPLAY=screen.env["DISPLAY"], LANG="C.UTF-8", TZ="UTC", HOME=str(home),
            XDG_DATA_HOME=str(home / "data"), XDG_CONFIG_HOME=str(home / "config"),
            XDG_CACHE_HOME=str(home / "cache"), XDG_RUNTIME_DIR=str(home))
        self.profile = home / "data" / "latchdesk" / "desk"
        self.args = ["--profile", str(self.profile)]
        self.windows = 0
        self.child = None

    # The command line.

    def say(self, *line, stdin="", code=0):
        """Runs a command and gives what it printed and what it complained of."""
        ran = subprocess.run([self.program, *self.args, *line], env=self.env, input=stdin, text=True,
                             capture_output=True, timeout=60)
        told = f"latchdesk {' '.join(line)}: exit {ran.returncode}\n{ran.stdout}{ran.stderr}"
        assert ran.returncode == code and "goroutine " not in ran.stderr, told
        return ran.stdout, ran.stderr

    def ask(self, *line, **how):
        return json.loads(self.say(*line, "--json", **how)[0])

    def receive(self, *lines):
        return self.ask("receive", "-", stdin="\n".join(lines))

    def events(self, phone):
        return [(e["kind"], e["actor"]) for e in self.ask("events", phone)]

    # The window.

    def open(self, *flags, light=True):
        """Starts the program and waits until its window is in front."""
        self.windows += 1
        env = dict(self.env, FYNE_THEME="light") if light else self.env
        self.child = self.screen.run([self.program, *self.args, *flags], f"window-{self.windows}", env=env)
        self.front(self.child)
        if "--demo" not in (*self.args, *flags):
            self.answer_welcome()

    def agent(self):
        """Who works here, as the database has it, if it has."""
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(f"file:{self.folder_of_profile()}/latchdesk.db?mode=ro", uri=True)) as db:
            row = db.execute("SELECT value FROM settings WHERE key = 'agent'").fetchone()
            return row and row[0]

    def folder_of_profile(self):
        return self.args[1] if self.args[:1] == ["--profile"] else self.profile

    def answer_welcome(self):
        """Answers what is asked at the first start of a profile. A version before the question saves a name at once."""
        until("a name, or the question", lambda: self.agent() or self.screen.read(self.dialog).find("Welcome to Latchdesk"))
        if not self.agent():
            self.screen.key("Return")
            until("the name is saved", self.agent)

    def ids(self, child):
        return self.screen.do("search", "--all", "--onlyvisible", "--pid", child.pid, "--name", "Latchdesk").stdout.split()

    def front(self, child):
        """Waits until a program's window is the one in front, and gives its id."""
        def there():
            if child.poll() is not None:
                raise NotSeen(f"the program ended with {child.returncode}")
            active = self.screen.do("getactivewindow").stdout.strip()
            return active in self.ids(child) and active
        return until("the program's window in front", there, 30)

    def frame(self):
        """Where the window stands on the screen."""
        out = self.screen.do("getactivewindow", "getwindowgeometry", "--shell").stdout
        got = {key: int(value) for key, value in (line.split("=") for line in out.split())}
        return Box(got["X"], got["Y"], got["WIDTH"], got["HEIGHT"])

    # The window's parts, as long as the list has the width it begins with.

    @property
    def list(self):
        x, y, w, h = self.frame()
        return Box(x, y, self.split(w), h)

    @property
    def chat(self):
        x, y, w, h = self.frame()
        return Box(x + self.split(w), y, w - self.split(w), h)

    @property
    def header(self):
        x, y, w, h = self.chat
        return Box(x, y, w, 60)

    @property
    def footer(self):
        x, y, w, h = self.chat
        return Box(x, y + h - 68, w, 68)

    @property
    def strip(self):
        """The footer of who is blocked, with what DoubleTick is told."""
        x, y, w, h = self.chat
        return Box(x, y + h - 88, w, 88)

    @property
    def dialog(self):
        x, y, w, h = self.frame()
        return Box(x + (w - 480) // 2, y + 80, 480, h - 160)

    @staticmethod
    def split(width):
        return max(260, min(360, width - 380))

    def choose(self, name):
        """Opens a chat with the mouse."""
        self.screen.click(name, area=self.list)
        self.screen.see(name, area=self.header)

    def menu(self):
        """Opens the chat's menu with the mouse: ⋮ stands at the header's right end."""
        x, y, w, h = self.header
        self.screen.click((x + w - 30, y + h // 2))

    def quit(self):
        self.screen.key("ctrl+q")
        self.child.wait(15)
        assert self.child.returncode == 0, f"the window ended with {self.child.returncode}"

    def draft(self):
        """What is half written, as the database has it at this moment."""
        with contextlib.closing(sqlite3.connect(f"file:{self.profile}/latchdesk.db?mode=ro", uri=True)) as db:
            row = db.execute("SELECT text FROM drafts").fetchone()
        return row[0] if row else ""


def desk(play, at):
    """The main job, from the first message to the last unblock."""
    me, screen = person(), at.screen

    with play.step("deliveries come in by the command line") as say:
        got = at.ask("receive", str(DELIVERIES))
        assert got == {"taken": 11, "held": 0, "alreadyHere": 0, "statusUpdates": 0, "refused": 0, "setAside": 0}, got
        facts = at.ask("doctor")
        assert (facts["chats"], facts["messages"], facts["integrity"], facts["window"]) == (8, 11, "ok", False), facts
        say("11 messages in 8 chats")

    with play.step("delivered again, nothing comes twice"):
        got = at.ask("receive", str(DELIVERIES))
        assert (got["taken"], got["alreadyHere"]) == (0, 11), got

    with play.step("a bad line is named, the good ones are kept, the exit code is 1"):
        good = delivery(LENA, "Lena Holm", "Thank you for the invoice")
        _, err = at.say("receive", "-", stdin='{"from": "no number", "message": {}}\n' + good, code=1)
        assert err.startswith("line 1: "), err
        assert at.ask("messages", LENA)[-1]["text"] == "Thank you for the invoice"

    with play.step("the window opens on the chats") as say:
        begun = time.monotonic()
        with contextlib.closing(Watch(screen, Box(0, 0, 300, 700))) as watch:
            at.open()
            screen.see("Asha Rao", "Tomas Keller", "Lena Holm", "All 8", "Unread 8", "Blocked 0", area=at.list)
        say(f"{(watch.since - begun) * 1000:.0f} ms from the start to the list")
        screen.see("Choose a chat to read and answer", area=at.chat)
        assert at.ask("doctor")["window"]
        play.picture("chats")

    with play.step("a click opens a chat, in the order it was written"):
        at.choose("Asha Rao")
        screen.see(ASHA, area=at.header)
        screen.see("Where is my parcel?", "It should have come on Monday.", "The label on the box", area=at.chat)
        lines = [screen.read(at.chat).find(text)[0].y for text in ("Where is my parcel?", "It should have come on Monday.")]
        assert lines == sorted(lines), "the second message stands above the first"
        screen.see(COMPOSER, area=at.footer)
        screen.see("Unread 7", area=at.list)
        play.picture("chat")

    with play.step("a message that comes in is on screen, and its chat goes to the top"):
        at.receive(delivery(TOMAS, "Tomas Keller", "The new address is Mill Lane 4"))
        screen.see("The new address is Mill Lane 4", area=at.list)
        assert screen.read(at.list).find("Tomas Keller")[0].y < screen.read(at.list).find("Asha Rao")[0].y
        screen.see("Where is my parcel?", area=at.chat)

    with play.step("the menu offers Block, and not Unblock"):
        at.menu()
        screen.see("Mark as unread", "Rename…", "Tags…", "Export chat…", "Import chat…", "Clear chat…", "Block", area=at.chat)
        screen.gone("Unblock", area=at.chat)
        play.picture("menu")

    with play.step("Block asks, in these very words"):
        screen.click("Block", area=at.chat)
        screen.see("Block Customer", "Are you sure you want to block this customer?", "Cancel", "Asha Rao", ASHA, area=at.dialog)
        said = screen.read(at.dialog).text()
        assert "Block Customer" in said and "Are you sure you want to block this customer?" in said, said
        play.picture("block-dialog")

    with play.step("Escape and Cancel leave everything as it was"):
        screen.key("Escape")
        screen.gone("Block Customer", area=at.dialog)
        screen.key("ctrl+b")
        screen.click("Cancel", area=at.dialog)
        screen.gone("Block Customer", area=at.dialog)
        assert at.ask("status", ASHA)["status"] == "active" and at.events(ASHA) == []

    with play.step("confirmed by mouse, the customer is blocked") as say:
        at.menu()
        screen.click("Block", area=at.chat)
        screen.see("Block Customer", area=at.dialog)
        screen.click("Block", area=at.dialog, which=-1)
        screen.gone("Block Customer", area=at.dialog)
        screen.see(f"Customer blocked by {me}", area=at.chat)
        status = at.ask("status", ASHA)
        assert (status["status"], status["blockedBy"], status["held"]) == ("blocked", me, 0), status
        assert status["blockedAt"] and status["until"] is None, status
        assert at.events(ASHA) == [("blocked", me)], at.events(ASHA)
        say(f"by {me}")

    with play.step("the header, the strip and the list say so"):
        screen.see("Blocked", area=at.header)
        screen.see(f"Blocked by {me}", "Unblock", "No messages held", area=at.footer)
        screen.gone(COMPOSER, "Send", area=at.footer)
        screen.see("Blocked 1", f"Customer blocked by {me}", area=at.list)
        play.picture("blocked")

    with play.step("the menu offers Unblock, and not Block"):
        at.menu()
        screen.see("Clear chat…", "Unblock", area=at.chat)
        assert not screen.read(at.chat).find("Block")
        screen.key("Escape")
        screen.gone("Clear chat…", area=at.chat)

    with play.step("what comes in now is held: counted, and not shown"):
        got = at.receive(delivery(ASHA, "Asha Rao", "Pay me back at once"))
        assert (got["taken"], got["held"]) == (1, 1), got
        screen.see("1 message held", area=at.footer)
        screen.gone("Pay me back at once")
        screen.see("Unread 7", area=at.list)
        assert at.ask("status", ASHA)["held"] == 1
        last = at.ask("messages", ASHA)[-1]
        assert (last["text"], last["held"]) == ("Pay me back at once", True), last
        play.picture("held")

    with play.step("closed and opened again, it is as it was"):
        at.quit()
        assert not at.ask("doctor")["window"]
        at.open()
        screen.see("Blocked 1", area=at.list)
        at.choose("Asha Rao")
        screen.see("Blocked", area=at.header)
        screen.see(f"Customer blocked by {me}", area=at.chat)
        screen.see(f"Blocked by {me}", "1 message held", "Unblock", area=at.footer)
        screen.gone("Pay me back at once")
        at.quit()

    with play.step("found and unblocked by the keyboard alone"):
        at.open()
        screen.see("Blocked 1", area=at.list)
        screen.key("ctrl+f")
        screen.type("asha")
        screen.gone("Tomas Keller", area=at.list)
        screen.key("Return")
        screen.see("Asha Rao", area=at.header)
        screen.key("ctrl+m")
        screen.see("Unblock", "Clear chat…", area=at.chat)
        screen.key("End", "Return")
        screen.see("Unblock Customer", "Are you sure you want to unblock this customer?", "Cancel", area=at.dialog)
        screen.see("1 held message appears in the chat", area=at.dialog)
        said = screen.read(at.dialog).text()
        assert "Are you sure you want to unblock this customer?" in said, said
        play.picture("unblock-dialog")
        screen.key("Return")
        screen.see(f"Customer unblocked by {me}", area=at.chat)

    with play.step("the held message is there, and the composer is back"):
        screen.see("Pay me back at once", area=at.chat)
        screen.see(COMPOSER, area=at.footer)
        screen.gone("Blocked", area=at.header)
        status = at.ask("status", ASHA)
        assert (status["status"], status["blockedBy"], status["held"]) == ("active", None, 0), status
        assert at.events(ASHA) == [("blocked", me), ("unblocked", me)], at.events(ASHA)
        play.picture("unblocked")

    with play.step("a block by the command line is in the open window by itself") as say:
        say(live(at, ["block", ASHA, "--as", "Mira"], "Blocked by Mira"))
        screen.see("Blocked", area=at.header)
        screen.see("Customer blocked by Mira", area=at.chat)
        assert at.ask("blocked")[0]["blockedBy"] == "Mira"

    with play.step("so is an unblock") as say:
        say(live(at, ["unblock", ASHA, "--as", "Mira"], COMPOSER))
        screen.see("Customer unblocked by Mira", area=at.chat)
        screen.gone("Blocked", area=at.header)
        assert at.ask("blocked") == []

    with play.step("who is slower is told, and nothing happens twice"):
        screen.key("ctrl+b")
        screen.see("Block Customer", area=at.dialog)
        at.say("block", ASHA, "--as", "Mira")
        screen.key("Return")
        screen.see("Someone else was faster", area=at.dialog)
        screen.key("Return")
        screen.gone("Someone else was faster", area=at.dialog)
        screen.see("Blocked by Mira", area=at.footer)
        assert at.events(ASHA)[4:] == [("blocked", "Mira")], at.events(ASHA)
        out, _ = at.say("block", ASHA)
        assert "was already blocked, by Mira" in out, out
        at.say("unblock", ASHA)
        screen.see(COMPOSER, area=at.footer)

    with play.step("half a sentence outlives kill -9, and the file is whole"):
        screen.click(COMPOSER, area=at.footer)
        screen.type("Looking into")
        screen.see("Looking into", area=at.footer)
        until("the draft in the database", lambda: at.draft() == "Looking into")
        at.child.kill()
        at.child.wait()
        facts = at.ask("doctor")
        assert facts["integrity"] == "ok" and facts["problems"] == [] and not facts["window"], facts
        at.open()
        at.choose("Asha Rao")
        screen.see("Looking into", area=at.footer)

    with play.step("Enter sends it, Shift+Enter makes a line"):
        screen.click("Looking into", area=at.footer)
        screen.key("End")
        screen.type(" it")
        screen.key("shift+Return")
        screen.type("Please wait")
        screen.key("Return")
        screen.see("Looking into it", "Please wait", area=at.chat)
        screen.see(COMPOSER, area=at.footer)
        last = at.ask("messages", ASHA)[-1]
        assert (last["direction"], last["text"]) == ("out", "Looking into it\nPlease wait"), last
        assert at.draft() == "", at.draft()
        play.picture("sent")

    with play.step("a status moves its ticks"):
        before = screen.still().cut(at.chat).pixels
        sent = at.ask("messages", ASHA)[-1]["id"]
        got = at.receive(json.dumps({"messageId": sent, "to": "+447700900101", "wabaNumber": "+918888888888",
                                     "status": "READ", "statusTimestamp": "2025-03-05T08:00:00.000Z"}))
        assert got["statusUpdates"] == 1, got
        until("other ticks", lambda: screen.still().cut(at.chat).pixels != before)

    with play.step("five thousand letters, and other scripts"):
        at.choose("Chain Charlie")
        screen.see("New messages", "Send this to everybody", area=at.chat)  # from its beginning
        play.picture("long-message")
        for _ in range(8):
            screen.key("Page_Down")
        screen.see("Please pass it on today", area=at.chat)
        at.choose("Priya Nair")
        play.picture("devanagari")
        at.choose("Yusuf Haddad")
        play.picture("arabic")
        assert "नमस्ते" in at.ask("messages", PRIYA)[0]["text"]

    with play.step("who types on while somebody blocks sends nothing and unblocks nobody"):
        at.choose("Asha Rao")
        screen.click(COMPOSER, area=at.footer)
        screen.type("Your parcel ")
        screen.see("Your parcel", area=at.footer)
        sent, told = at.ask("messages", ASHA), at.events(ASHA)
        at.say("block", ASHA, "--as", "Mira")
        screen.see("Blocked by Mira", area=at.footer)
        screen.type("is on its way")
        screen.key("Return", "Return")
        screen.see("Blocked by Mira", area=at.footer)
        screen.gone("Unblock Customer", area=at.dialog)
        assert at.ask("messages", ASHA) == sent and at.events(ASHA) == [*told, ("blocked", "Mira")], at.events(ASHA)

    with play.step("the half sentence waits behind the strip"):
        at.say("unblock", ASHA, "--as", "Mira")
        screen.see("Your parcel", area=at.footer)
        at.quit()


def live(at, line, words):
    """Runs a command while the window is open and measures until the window shows what it did."""
    with contextlib.closing(Watch(at.screen, at.footer)) as watch:
        begun = time.monotonic()
        at.say(*line)
        at.screen.see(words, area=at.footer)
    took = watch.since - begun
    assert took > 0, "the window showed it before it was asked for"
    return f"{took * 1000:.0f} ms from the command's start to the screen"


def manners(play, at):
    """How the window behaves: search, menus by the right button, other windows, themes, sizes."""
    screen = at.screen
    at.receive(*DELIVERIES.read_text().splitlines())
    at.say("block", LENA, "--as", "Mira")

    with play.step("a name is found from its first letters, a number from its digits"):
        at.open()
        screen.see("Asha Rao", area=at.list)
        screen.key("ctrl+f")
        screen.type("tom")
        screen.see("Tomas Keller", area=at.list)
        screen.gone("Asha Rao", "Lena Holm", area=at.list)
        screen.key("ctrl+a")
        screen.type("900107")
        screen.see("Chain Charlie", area=at.list)
        screen.gone("Tomas Keller", area=at.list)
        screen.key("Escape")
        screen.see("Asha Rao", "Tomas Keller", "Lena Holm", area=at.list)

    with play.step("the list Blocked holds the blocked alone"):
        screen.click("Blocked 1", area=at.list)
        screen.gone("Asha Rao", "Tomas Keller", area=at.list)
        screen.see("Lena Holm", "Customer blocked by Mira", area=at.list)
        screen.key("ctrl+1")
        screen.see("Asha Rao", area=at.list)

    with play.step("the right button opens a chat's menu in the list"):
        screen.click("Lena Holm", area=at.list, button=3)
        screen.see("Mark as read", "Rename…", "Unblock")
        play.picture("list-menu")
        screen.key("Escape")
        screen.gone("Mark as read")

    with play.step("dark, and light again, by the settings"):
        at.choose("Lena Holm")
        for look, dark in (("Dark", True), ("Light", False)):
            screen.key("ctrl+comma")
            choose_look(at, look)
            screen.click("Save", area=at.dialog)
            screen.gone("Save", area=at.dialog)
            x, y, w, h = at.chat
            until(f"the look {look}", lambda: (sum(screen.frame().color(x + w // 2, y + h // 2)) < 384) == dark)
            screen.see("Customer blocked by Mira", area=at.chat)
            screen.see("Blocked", area=at.header)
            screen.see("Unblock", area=at.footer)
            play.picture(look.lower())
            screen.key("ctrl+b")
            screen.see("Unblock Customer", "Are you sure you want to unblock this customer?", "Cancel", area=at.dialog)
            play.picture(f"{look.lower()}-dialog")
            screen.key("Escape")
            screen.gone("Unblock Customer", area=at.dialog)

    with play.step("720 pixels are enough"):
        window = at.front(at.child)
        screen.do("windowsize", "--sync", window, 720, 600)
        until("a window of 720x600", lambda: (at.frame().w, at.frame().h) == (720, 600))
        screen.see("All 8", "Blocked 1", "Asha Rao", "Tomas Keller", area=at.list)
        screen.see("Lena Holm", "Blocked", area=at.header)
        screen.see("Blocked by Mira today", area=at.chat)  # the strip has grown over the footer
        screen.see("Unblock", area=at.footer)
        screen.see("Customer blocked by Mira", area=at.chat)
        play.picture("narrow")
        at.menu()
        screen.see("Mark as unread", "Rename…", "Tags…", "Export chat…", "Import chat…", "Clear chat…", "Unblock", area=at.chat)
        play.picture("narrow-menu")
        screen.key("End", "Return")
        screen.see("Unblock Customer", "Are you sure you want to unblock this customer?", "Cancel", area=at.dialog)
        play.picture("narrow-dialog")
        screen.key("Escape")
        screen.gone("Unblock Customer", area=at.dialog)
        at.choose("Asha Rao")
        screen.see(COMPOSER, "Send", area=at.footer)
        play.picture("narrow-open")

    with play.step("a second start brings the first window forward, and ends well"):
        other = screen.run([at.program, "--profile", str(at.folder / "other")], "window-other", env=at.env)
        at.front(other)
        second = screen.run([at.program, *at.args], "window-second", env=at.env)
        assert second.wait(10) == 0, f"it ended with {second.returncode}"
        at.front(at.child)
        assert at.child.poll() is None and other.poll() is None
        at.quit()


def choose_look(at, look):
    """Chooses from the settings' looks."""
    screen, looks = at.screen, ("Same as the system", "Dark", "Light")
    screen.see("Settings", "Appearance", "Save", area=at.dialog)
    screen.click(next(name for name in looks if screen.read(at.dialog).find(name)), area=at.dialog)
    screen.see(*looks, area=at.dialog)
    screen.click(look, area=at.dialog, which=-1)
    screen.see(look, "Save", area=at.dialog)


def empty(play, at):
    """A profile with nothing in it, and the demo."""
    screen = at.screen

    with play.step("an empty profile says what to do next"):
        at.open()
        screen.see("No messages yet", "Open the demo", "Import messages")
        play.picture("empty")

    with play.step("Import messages says how"):
        screen.click("Import messages")
        screen.see("Import messages", "latchdesk receive FILE", "Choose a file", area=at.dialog)
        play.picture("bring-in")
        screen.key("Escape")
        screen.gone("Choose a file", area=at.dialog)

    with play.step("the first messages take the welcome's place, live"):
        at.receive(delivery(ASHA, "Asha Rao", "Hello?"))
        screen.see("Asha Rao", "All 1", area=at.list)
        screen.gone("No messages yet")

    with play.step("an empty list says why it is empty"):
        screen.key("ctrl+f")
        screen.type("zzz")
        screen.see("Nobody here matches", area=at.list)
        play.picture("nobody")
        screen.key("Escape")
        screen.see("Asha Rao", area=at.list)
        screen.key("ctrl+3")
        screen.see("Nobody is blocked", area=at.list)
        at.quit()


def demo(play, at):
    """The world of invented customers."""
    screen = at.screen

    with play.step("the welcome's button opens the demo in a window of its own"):
        at.open()
        first = set(at.ids(at.child))
        screen.click("Open the demo")
        screen.see("Demo: every customer here is invented", seconds=30)
        assert at.child.poll() is None and set(at.ids(at.child)) == first, "the desk's own window is gone"
        play.picture("demo-from-welcome")
        screen.key("ctrl+q")
        screen.gone("Demo: every customer here is invented")
        at.front(at.child)
        at.quit()

    at.args = ["--demo"]
    with play.step("--demo opens the same world, under its banner") as say:
        at.open()
        screen.see("Demo: every customer here is invented", seconds=30)
        facts, blocked = at.ask("doctor"), at.ask("blocked")
        assert facts["demo"] and facts["chats"] >= 40 and facts["integrity"] == "ok", facts
        assert blocked and all(c["status"] == "blocked" for c in blocked), blocked
        screen.see(f"All {facts['chats']}", f"Blocked {len(blocked)}", area=at.list)
        play.picture("demo")
        say(f"{facts['chats']} chats, {len(blocked)} blocked")

    with play.step("the demo starts over") as say:
        victim = next(c for c in at.ask("blocked"))["phone"]
        at.say("unblock", victim)
        begun = time.monotonic()
        at.say("demo", "reset")
        took = time.monotonic() - begun
        assert at.ask("status", victim)["status"] == "blocked"
        screen.see(f"Blocked {len(at.ask('blocked'))}", area=at.list)
        say(f"{took * 1000:.0f} ms")
        at.quit()

    at.args = ["--profile", str(at.profile)]
    with play.step("a desk is never reset"):
        at.say("block", "--add", ASHA)
        _, err = at.say("demo", "reset", code=1)
        assert "not a demo" in err, err
        assert at.ask("status", ASHA)["status"] == "blocked"


def beyond(play, at):
    """Why and until when, undo, what is held, all who are blocked, many at once."""
    me, screen = person(), at.screen
    at.receive(*DELIVERIES.read_text().splitlines())

    with play.step("typed into the composer, the dialog opens filled in"):
        at.open()
        at.choose("Asha Rao")
        screen.click(COMPOSER, area=at.footer)
        screen.type("/block 8h spam")
        screen.key("Return")
        screen.see("Block Customer", "Spam", "8 hours", area=at.dialog)
        play.picture("reasons")
        screen.key("Return")
        screen.see(f"Blocked by {me}", "Spam", "8 hours left", area=at.footer)
        status = at.ask("status", ASHA)
        assert (status["status"], status["reason"]) == ("blocked", "Spam") and status["until"], status

    with play.step("Ctrl+Z takes it back to the letter"):
        screen.key("ctrl+z")
        screen.see(f"Block undone by {me}", area=at.chat)
        screen.see(COMPOSER, area=at.footer)
        assert at.ask("status", ASHA)["status"] == "active"
        assert at.events(ASHA) == [("blocked", me), ("undone", me)], at.events(ASHA)

    with play.step("what is held can be looked at while the customer stays blocked"):
        at.say("block", ASHA, "--note", "threats")
        at.receive(delivery(ASHA, "Asha Rao", "You will regret this"))
        screen.see("1 message held", "threats", area=at.footer)
        screen.click("Look", area=at.footer)
        screen.see("Held messages", "You will regret this", area=at.dialog)
        play.picture("look")
        screen.key("Escape")
        screen.gone("You will regret this")
        assert at.ask("status", ASHA)["held"] == 1

    with play.step("discarded at the unblock, it stays out of sight"):
        screen.key("ctrl+b")
        screen.see("Unblock Customer", "Show in chat", area=at.dialog)
        screen.click("Show in chat", area=at.dialog)
        screen.click("Discard", area=at.dialog)
        screen.key("Return")
        screen.see(f"Customer unblocked by {me}", area=at.chat)
        screen.see(COMPOSER, area=at.footer)
        screen.gone("You will regret this")
        assert "You will regret this" not in [m["text"] for m in at.ask("messages", ASHA)]

    with play.step("all who are blocked stand in a view of their own, with a button each"):
        at.say("block", TOMAS, "--reason", "abuse")
        screen.key("ctrl+shift+b")
        screen.see("Blocked customers", "Tomas Keller", "Abuse", "Add a number")
        play.picture("view")
        screen.click("Unblock")
        screen.see("Unblock Customer", "Tomas Keller", area=at.dialog)
        screen.key("Return")
        screen.gone("Unblock Customer", area=at.dialog)
        assert at.ask("status", TOMAS)["status"] == "active"
        screen.key("Escape")
        screen.gone("Add a number")

    with play.step("many are blocked at once, and taken back at once"):
        screen.do("keydown", "ctrl")
        screen.click("Tomas Keller", area=at.list)
        screen.click("Priya Nair", area=at.list)
        screen.do("keyup", "ctrl")
        screen.see("2 selected", area=at.list)
        play.picture("selected")
        screen.key("ctrl+b")
        screen.see("Block 2 customers", "Tomas Keller", "Priya Nair", area=at.dialog)
        screen.key("Return")
        until("both are blocked", lambda: len(at.ask("blocked")) == 2)
        screen.gone("Block 2 customers", area=at.dialog)
        play.picture("many")
        screen.key("ctrl+z")
        until("nobody is blocked", lambda: at.ask("blocked") == [])
        at.say("audit", "verify")

    with play.step("a block ends by itself at its moment"):
        at.choose("Asha Rao")
        at.say("block", ASHA, "--for", "1m")
        screen.see("left", area=at.footer)
        screen.see("Block ended", area=at.chat, seconds=75)
        screen.see(COMPOSER, area=at.footer)
        ended = at.ask("events", ASHA)[-1]
        assert ended["kind"] == "block_ended", ended
        at.quit()


KEY = "a-key-of-the-standin"  # of no account there is


class Standin:
    """DoubleTick, as far as it is known; switched on and off as a network is."""

    def __init__(self, at, *phones):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.at, self.phones, self.child = at, phones, None
        self.log = at.folder / "standin.jsonl"
        self.log.touch()
        self.base = f"http://127.0.0.1:{self.port}"

    def on(self):
        command = [sys.executable, "-B", str(HERE / "standin.py"), str(self.port), str(self.log), *self.phones]
        self.child = self.at.screen.run(command, "standin", env=dict(self.at.env, STANDIN_KEY=KEY))
        until("the stand-in answers", lambda: not socket.socket().connect_ex(("127.0.0.1", self.port)))

    def off(self):
        self.child.kill()
        self.child.wait()

    def asked(self, *paths):
        """What it was asked, in that order."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in lines if line["path"] in paths]


def joined(play, at):
    """By API, and joined to DoubleTick: what curl blocks, and what waits for a network."""
    me, screen = person(), at.screen
    at.receive(*DELIVERIES.read_text().splitlines())
    double = Standin(at, ASHA, TOMAS)

    with play.step("what curl blocks is in the open window by itself") as say:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % s.getsockname()[1]
        server = screen.run([at.program, *at.args, "serve", "--listen", address], "serve", env=at.env)
        at.open()
        at.choose("Asha Rao")
        key = at.say("key", "show")[0].strip()
        healthy = lambda: subprocess.run(["curl", "-sf", f"http://{address}/healthz"], env=at.env, capture_output=True).returncode == 0
        until("the server answers", healthy, 20)
        with contextlib.closing(Watch(screen, at.footer)) as watch:
            time.sleep(0.5)
            begun = time.monotonic()
            got = subprocess.run(
                ["curl", "-s", "-w", " %{http_code}", "-X", "POST", f"http://{address}/customer/block", "-H", f"Authorization: {key}",
                 "-H", "Content-Type: application/json", "-d", json.dumps({"phone": ASHA.replace(" ", "")})],
                env=at.env, capture_output=True, text=True, check=True).stdout
            assert got.split() == ["{}", "201"], got
            until("the window shows it", lambda: watch.since > begun, 20)
            took = watch.since - begun
        screen.see("Blocked", area=at.header)
        screen.see("No messages held", "Unblock", area=at.footer)
        assert at.ask("status", ASHA)["status"] == "blocked"
        assert [kind for kind, _ in at.events(ASHA)] == ["blocked"], at.events(ASHA)
        play.picture("curl")
        server.terminate()
        server.wait(15)
        at.say("unblock", ASHA)
        screen.see(COMPOSER, area=at.footer)
        say(f"{took * 1000:.0f} ms")

    with play.step("joined to DoubleTick, the window says so and fetches its chats"):
        double.on()
        at.say("account", "join", "--base", double.base, "--number", "+918888888888", stdin=KEY + "\n")
        screen.see("DoubleTick online", "Riya D", "Kabir Shah", area=at.list, seconds=60)
        assert double.asked("/customer/block", "/customer/unblock", "/whatsapp/message/text") == [], "what was before is told"
        at.choose("Asha Rao")
        play.picture("online")

    with play.step("a reply goes out, once"):
        screen.click(COMPOSER, area=at.footer)
        screen.type("It is on its way")
        screen.key("Return")
        until("the text is there", lambda: double.asked("/whatsapp/message/text"), 30)
        text = at.ask("messages", ASHA)[-1]["text"]
        assert text == "It is on its way", text

    with play.step("without DoubleTick the block is done here, and waits"):
        double.off()
        screen.key("ctrl+b")
        screen.see("Block Customer", area=at.dialog)
        screen.key("Return")
        screen.see("Waiting for DoubleTick", area=at.strip)
        assert at.ask("status", ASHA)["status"] == "blocked"
        screen.see("DoubleTick offline", "1 waiting", area=at.list, seconds=60)
        play.picture("waiting")

    with play.step("closed and opened again, it waits"):
        at.quit()
        at.open()
        at.choose("Asha Rao")
        screen.see("Waiting for DoubleTick", area=at.strip)
        assert double.asked("/customer/block") == []

    with play.step("once DoubleTick is there again, it is done there, once") as say:
        begun = time.monotonic()
        double.on()
        screen.see("Accepted by DoubleTick", area=at.strip, seconds=180)
        say(f"{time.monotonic() - begun:.0f} s after it came back")
        screen.see("DoubleTick online", area=at.list, seconds=60)
        screen.gone("1 waiting", area=at.list)
        play.picture("done")
        acts = double.asked("/customer/block", "/customer/unblock")
        assert [(a["path"], a["body"]) for a in acts] == [("/customer/block", {"phone": ASHA.replace(" ", "")})], acts
        assert len(double.asked("/whatsapp/message/text")) == 1

    with play.step("what DoubleTick refuses is said in its words, and can be kept here only"):
        at.choose("Lena Holm")
        screen.key("ctrl+b")
        screen.see("Block Customer", area=at.dialog)
        screen.key("Return")
        screen.see("Invalid Customer", "Retry", "Keep here only", area=at.strip, seconds=60)
        screen.see("1 refused", area=at.list)
        play.picture("refused")
        screen.click("Keep here only", area=at.strip)
        screen.gone("Invalid Customer", area=at.strip)
        screen.gone("1 refused", area=at.list)
        assert at.ask("status", LENA)["status"] == "blocked"

    with play.step("the account's dialog says how it stands, and shows no key"):
        screen.click("DoubleTick online", area=at.list)
        screen.see("DoubleTick account", "DoubleTick answers", "Kept in", "Test connection", area=at.dialog)
        screen.click("Test connection", area=at.dialog)
        screen.see("Connected", area=at.dialog)
        play.picture("account")
        assert KEY not in screen.read().text()
        screen.key("Escape")
        screen.gone("DoubleTick account", area=at.dialog)
        at.quit()
        for file in at.profile.glob("*.log"):
            assert KEY not in file.read_text(errors="replace"), file
        at.say("audit", "verify")


def people(play, at):
    """Who a customer is: no number, two spellings of one, a group, a pair."""
    me, screen = person(), at.screen
    sana, walter = "IN.13491208655302741918", "SE.2210904416730058"

    def unnumbered(user, username, text, **more):
        """A message of somebody who is known by a user id."""
        told = json.loads(delivery("", "", text))
        return json.dumps(told | {"from": None, "userId": user, "username": username} | more)

    with play.step("a customer without a number is called by the username"):
        at.receive(unnumbered(sana, "sana.k", "Can I pay when it arrives?"))
        at.open()
        at.choose("@sana.k")
        screen.see("Can I pay when it arrives?", area=at.chat)
        play.picture("username")

    with play.step("and is blocked like any other"):
        screen.key("ctrl+b")
        screen.see("Block Customer", "@sana.k", "written only once", area=at.dialog)
        screen.key("space")  # who wrote only once is blocked on purpose
        screen.key("Return")
        screen.see(f"Blocked by {me}", area=at.strip)
        assert at.receive(unnumbered(sana, "sana.k", "Hello?"))["held"] == 1
        status = at.ask("status", sana)
        assert (status["phone"], status["status"], status["held"]) == (None, "blocked", 1), status

    with play.step("two spellings of one number are one customer"):
        at.receive(delivery("+5215512345678", "Lucia", "Hola"), delivery("+525512345678", "Lucia", "Otra vez"))
        screen.see("Lucia", "All 2", area=at.list)
        at.choose("Lucia")
        screen.see("Hola", "Otra vez", area=at.chat)
        assert at.ask("status", "+5215512345678")["ids"] == at.ask("status", "+525512345678")["ids"]

    with play.step("a group shows who wrote, and what a blocked member writes there is held"):
        at.say("block", "+525512345678")
        group = {"type": "wa_group", "to": "120363404694233820", "groupName": "Rose Street"}
        written = [json.loads(delivery(ASHA, "Asha Rao", "Who has the key?")), json.loads(delivery("+525512345678", "Lucia", "Buy this"))]
        assert at.receive(*(json.dumps(m | group) for m in written))["held"] == 1
        at.choose("Rose Street")
        screen.see("Who has the key?", "Asha Rao", area=at.chat)
        screen.gone("Buy this", area=at.chat)
        play.picture("group")

    with play.step("two who may be one person are blocked together until somebody decides"):
        at.receive(delivery(TOMAS, "Tomas Keller", "Forward this"), unnumbered(walter, "wquist", "Claim it"))
        at.say("block", TOMAS, "--reason", "spam")
        at.receive(unnumbered(walter, "wquist", "Forward this, too", **{"from": re.sub(r"\D", "", TOMAS)}))
        screen.click("Tomas Keller", area=at.list, which=-1)  # the row over the chats names him, too
        screen.see("Tomas Keller", area=at.header)
        screen.see("Blocked as the same person as", "Decide", area=at.chat)
        screen.see("Same person?", area=at.list)
        play.picture("pair-strip")

    with play.step("the row over the chats leads to where they are compared"):
        screen.click("Same person?", area=at.list)
        screen.see("1 pair to decide", "Are these two the same customer?", "The same block", area=at.chat)
        play.picture("pair")
        screen.key("Escape")
        screen.see("Blocked as the same person as", area=at.chat)
        screen.click("Decide", area=at.chat)
        screen.see("Are these two the same customer?", area=at.chat)

    with play.step("J joins them, and Ctrl+Z takes it back"):
        def one():
            return at.ask("status", walter)["ids"] == at.ask("status", TOMAS)["ids"]
        screen.key("j")
        until("one customer", one)
        assert at.ask("status", walter)["held"] == 1
        screen.key("ctrl+z")
        until("two customers again", lambda: not one())
        screen.see("1 pair to decide", area=at.chat)
        screen.key("j")
        until("one customer", one)
        screen.see("There are no pairs left to decide", area=at.chat)
        screen.key("Escape")

    with play.step("a row of the history undoes it, too"):
        at.choose("Tomas Keller")
        screen.key("ctrl+h")
        screen.see("History", "Joined with")
        screen.click("Undo")
        screen.see("Tags set since then stay on both")
        play.picture("pair-undo")
        screen.key("Return")
        until("two customers again", lambda: not one())
        screen.key("Escape")
        screen.see("Same person?", area=at.list)
        at.say("pairs", "join", "1")
        until("one customer", one)

    with play.step("what is not understood is set aside, and can be looked at"):
        odd = json.loads(delivery(ASHA, "Asha Rao", "two")) | {"from": "919137979401,919137979402"}
        _, err = at.say("receive", "-", stdin=json.dumps(odd), code=1)
        assert "set aside" in err, err
        screen.click("1 set aside", area=at.list)
        screen.see("Deliveries set aside", "Retry all")
        play.picture("set-aside")
        screen.key("Escape")
        screen.gone("Deliveries set aside")

    with play.step("an exported chat comes in while the window is open"):
        chat = at.folder / "chat.txt"
        chat.write_text("20/07/2026, 11:39 - Lucia: Buenos dias\n20/07/2026, 11:40 - Shop: Good morning\n")
        at.choose("Rose Street")
        at.choose("Lucia")
        at.say("import-chat", str(chat), "--customer", "+525512345678", "--business", "Shop", "--zone", "UTC")
        screen.see("Buenos dias", "Good morning", area=at.chat)
        play.picture("exported-chat")
        at.say("audit", "verify")
        at.quit()


def damage(play, at):
    """What a damaged profile says."""
    screen = at.screen

    with play.step("a file that is no database gets a sentence, and is left alone") as say:
        at.profile.mkdir(parents=True)
        file = at.profile / "latchdesk.db"
        garbage = b"This is a shopping list, and no database.\n" * 200
        file.write_bytes(garbage)
        for line in (["status", ASHA], ["blocked"], ["block", ASHA], ["doctor"]):
            _, err = at.say(*line, code=1)
            assert err.startswith("latchdesk: ") and "is not a Latchdesk database" in err, err
        assert file.read_bytes() == garbage
        say(err.splitlines()[0])

    with play.step("the window says so, too"):
        child = screen.run([at.program, *at.args], "window-damage", env=at.env)
        def told():
            return child.poll() is not None or screen.read().find("is not a Latchdesk database")
        until("a sentence or an end", told, 20)
        if child.poll() is not None:
            said = (at.folder / "window-damage.log").read_text()
            assert child.returncode == 1 and "is not a Latchdesk database" in said, said
        play.picture("damage")

    with play.step("a wrong number, an unknown one and a wrong command are told apart"):
        at.args = ["--profile", str(at.folder / "other")]
        for line, code in ((["status", "none"], 1), (["block", ASHA], 1), (["fly"], 2)):
            _, err = at.say(*line, code=code)
            assert err.startswith("latchdesk: "), err


def main():
    scenes = {play.__name__: play for play in (desk, manners, beyond, people, joined, empty, demo, damage)}
    if len(sys.argv) < 3 or not scenes.keys() >= set(sys.argv[3:]):
        sys.exit(f"{__doc__}\nScenes: {', '.join(scenes)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the screens are closed
    program, folder = os.path.abspath(sys.argv[1]), Path(sys.argv[2]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    play, begun = Play(folder), time.monotonic()
    for name in sys.argv[3:] or scenes:
        play.scene(scenes[name].__doc__.rstrip("."), scenes[name], program)
    print(f"     {time.monotonic() - begun:.0f} s; pictures and logs are in {folder}")
    print(f"{play.passed} of {play.passed + play.failed} driven steps passed", flush=True)
    sys.exit(play.failed > 0)


if __name__ == "__main__":
    main()
