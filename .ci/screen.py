"""A screen of its own for a desktop program, which is looked at and used as a person does.

The screen is Xvfb with openbox. Xvfb keeps what it shows in a file, so looking costs nothing and the
moment something appears can be told to a few milliseconds; words are read from it by tesseract.
"""

import mmap
import os
import struct
import subprocess
import threading
import time
from collections import namedtuple
from pathlib import Path

Box = namedtuple("Box", "x y w h")
Word = namedtuple("Word", "box text")

# Windows stand in the corner and without a frame, so that a place in a window is the same on the screen.
OPENBOX = """<openbox_config xmlns="http://openbox.org/3.4/rc"><theme><keepBorder>no</keepBorder></theme>
<applications><application class="*"><decor>no</decor><position force="yes"><x>0</x><y>0</y></position></application></applications></openbox_config>"""

POLL = 0.02  # between two looks at the screen, in seconds


class NotSeen(AssertionError):
    """What was waited for did not come."""


def until(what, condition, seconds=10):
    """Waits until condition gives something true, and gives that. However slow the computer is, the
    last look begins when the time is over."""
    end = time.monotonic() + seconds
    while True:
        last = time.monotonic() > end
        found = condition()
        if found:
            return found
        if last:
            raise NotSeen(f"{what}: not within {seconds} s")
        time.sleep(POLL)


class Frame:
    """What stood on the screen at one moment: rows of pixels, four bytes each, blue first."""

    def __init__(self, width, height, pixels):
        self.width, self.height, self.pixels = width, height, pixels

    def cut(self, box):
        x, y, w, h = box
        rows = (((y + i) * self.width + x) * 4 for i in range(h))
        return Frame(w, h, b"".join(self.pixels[at:at + w * 4] for at in rows))

    def color(self, x, y):
        at = (y * self.width + x) * 4
        return tuple(self.pixels[at + i] for i in (2, 1, 0))

    def grey(self):
        """The frame's green, in which everything here stands out."""
        return b"P5 %d %d 255\n" % (self.width, self.height) + self.pixels[1::4]

    def save(self, path):
        rgb = bytearray(self.width * self.height * 3)
        for i in range(3):
            rgb[i::3] = self.pixels[2 - i::4]
        head = b"P6 %d %d 255\n" % (self.width, self.height)
        subprocess.run(["convert", "ppm:-", f"png:{path}"], input=head + rgb, check=True)


# What is thinner than nine pixels is ink, and what is wider is ground: so letters come out alike whether
# they stand on the window, a red button or an avatar. Long lines are the frames of things.
INK = """-morphology Erode Rectangle:9x1 -morphology Erode Rectangle:1x9
         -morphology Dilate Rectangle:9x1 -morphology Dilate Rectangle:1x9""".split()
TALL = "-morphology Erode Rectangle:1x18 -morphology Dilate Rectangle:1x18".split()
WIDE = "-morphology Erode Rectangle:30x1 -morphology Dilate Rectangle:30x1".split()


def read(frame, how):
    """The lines of words that are paler than their ground; with -negate, those that are darker."""
    less = lambda what: ["(", "+clone", *what, ")", "-compose", "MinusSrc", "-composite"]
    ink = subprocess.run(["convert", "pgm:-", *how, *less(INK), *less(TALL), *less(WIDE),
                          "-level", "0,50%", "-negate", "-resize", "200%", "pgm:-"],
                         input=frame.grey(), stdout=subprocess.PIPE, check=True).stdout
    table = subprocess.run(["tesseract", "-", "-", "--psm", "11", "tsv"], input=ink, check=True, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, env=dict(os.environ, OMP_THREAD_LIMIT="1")).stdout
    lines = {}
    for row in table.decode(errors="replace").splitlines()[1:]:
        cell = row.split("\t")
        if len(cell) == 12 and cell[11].strip() and float(cell[10]) > 20:
            box = Box(*(int(v) // 2 for v in cell[6:10]))
            lines.setdefault(tuple(cell[2:5]), []).append(Word(box, cell[11].strip()))
    return list(lines.values())


def fold(text):
    return "".join(c for c in text.casefold() if c.isalnum())


def places(line, phrase):
    """The boxes of a phrase in a line. How the words are spaced does not matter, but that they are whole."""
    want, have, starts, ends = fold(phrase), "", {}, {}
    for word in line:
        starts[len(have)] = word
        have += fold(word.text)
        ends[len(have)] = word
    at = have.find(want)
    while want and at >= 0:
        if at in starts and at + len(want) in ends:
            first, last = starts[at].box, ends[at + len(want)].box
            yield Box(first.x, min(first.y, last.y), last.x + last.w - first.x, max(first.h, last.h))
        at = have.find(want, at + 1)


class Watch(threading.Thread):
    """Remembers since when a part of the screen has looked as it does."""

    def __init__(self, screen, area):
        super().__init__(daemon=True)
        self.screen, self.area, self.over = screen, area, threading.Event()
        self.look, self.since = None, time.monotonic()
        self.start()

    def run(self):
        while not self.over.is_set():
            look = self.screen.frame().cut(self.area).pixels
            if look != self.look:
                self.look, self.since = look, time.monotonic()
            time.sleep(POLL / 4)

    def close(self):
        self.over.set()
        self.join()


class Reading:
    """The words in a part of a frame: first those of the commoner kind, pale or dark, then the others."""

    def __init__(self, frame, area):
        self.area, self.part = area, frame.cut(area)
        green = self.part.pixels[1::400]
        self.ways = [["-negate"], []] if sum(green) > 128 * len(green) else [[], ["-negate"]]
        self.lines = []

    def more(self):
        """Reads on; reports whether there was anything left to read."""
        if not self.ways:
            return False
        for line in read(self.part, self.ways.pop(0)):
            self.lines.append([Word(Box(w.box.x + self.area.x, w.box.y + self.area.y, *w.box[2:]), w.text) for w in line])
        self.lines.sort(key=lambda line: (line[0].box.y, line[0].box.x))
        return True

    def find(self, phrase):
        """Where a phrase stands, top to bottom; nothing only if it is nowhere."""
        found = self.known(phrase)
        while not found and self.more():
            found = self.known(phrase)
        return found

    def every(self, phrase):
        """All places where a phrase stands."""
        while self.more():
            pass
        return self.known(phrase)

    def known(self, phrase):
        return [box for line in self.lines for box in places(line, phrase)]

    def text(self):
        while self.more():
            pass
        return "\n".join(" ".join(w.text for w in line) for line in self.lines)


class Screen:
    def __init__(self, folder, width=1280, height=800):
        self.folder = Path(folder)
        self.children, self.readings = [], {}
        ours, theirs = os.pipe()
        self.run(["Xvfb", "-displayfd", str(theirs), "-screen", "0", f"{width}x{height}x24", "-dpi", "96",
                  "-nolisten", "tcp", "-noreset", "-nocursor", "-fbdir", str(self.folder)], "xvfb", pass_fds=[theirs])
        os.close(theirs)
        with os.fdopen(ours) as told:
            number = told.readline().strip()
        if not number:
            raise NotSeen("Xvfb did not start: " + (self.folder / "xvfb.log").read_text())
        self.env = dict(os.environ, DISPLAY=":" + number)
        with open(self.folder / "Xvfb_screen0", "rb") as f:
            self.memory = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)
        head = struct.unpack(">25I", self.memory[:100])
        self.width, self.height, self.stride = head[4], head[5], head[12]
        self.begin = head[0] + head[19] * 12
        if head[11] != 32 or self.stride != self.width * 4:
            raise NotSeen("Xvfb keeps its pixels in another form than was thought")
        config = self.folder / "openbox.xml"
        config.write_text(OPENBOX)
        self.run(["openbox", "--config-file", str(config)], "openbox", env=self.env)

    def run(self, command, name, **how):
        """Starts a program in a session of its own; what it prints goes to a file."""
        with open(self.folder / f"{name}.log", "ab") as log:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **how)
        self.children.append(child)
        return child

    def close(self):
        for child in reversed(self.children):
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(5)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()

    def do(self, *command):
        return subprocess.run(["xdotool", *map(str, command)], env=self.env, capture_output=True, text=True)

    def frame(self):
        size = self.stride * self.height
        return Frame(self.width, self.height, self.memory[self.begin:self.begin + size])

    def still(self):
        """The screen once it has stood still for a moment."""
        last, since = self.frame(), time.monotonic()
        end = since + 3
        while time.monotonic() < end:
            time.sleep(POLL)
            now = self.frame()
            if now.pixels != last.pixels:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > 0.12:
                break
        return last

    def read(self, area=None):
        """What stands on the screen, or in a part of it; read anew only where that has changed."""
        area = area or Box(0, 0, self.width, self.height)
        frame, last = self.still(), self.readings.get(area)
        if last is None or last.part.pixels != frame.cut(area).pixels:
            self.readings[area] = Reading(frame, area)
        return self.readings[area]

    def see(self, *phrases, area=None, seconds=10):
        """Waits until all the phrases are on the screen; gives where the last one stands."""
        def seen():
            found = [self.read(area).find(phrase) for phrase in phrases]
            return all(found) and found[-1]
        try:
            return until(" and ".join(f"“{p}”" for p in phrases) + " on the screen", seen, seconds)
        except NotSeen as e:
            raise NotSeen(f"{e}. There was:\n{self.read(area).text()}") from None

    def gone(self, *phrases, area=None, seconds=10):
        """Waits until none of the phrases is on the screen."""
        until(" and ".join(f"“{p}”" for p in phrases) + " gone from the screen",
              lambda: not any(self.read(area).find(phrase) for phrase in phrases), seconds)

    def click(self, target, area=None, which=0, button=1):
        """Clicks a place, or the middle of a phrase."""
        if isinstance(target, str):
            self.see(target, area=area)
            x, y, w, h = self.read(area).every(target)[which]
            target = (x + w // 2, y + h // 2)
        self.do("mousemove", *target)
        self.do("click", button)

    def key(self, *keys):
        self.do("key", "--delay", 40, *keys)

    def type(self, text):
        self.do("type", "--delay", 15, text)
