package chat

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

// openUnread shows a chat of numbered messages, of which nobody has read the last.
func openUnread(t *testing.T, read, unread int) *bench {
	t.Helper()
	b := open(t, numbered(read)...)
	b.Close()
	b.receiveNumbered(read, read+unread)
	b.openChat()
	return b
}

// unreadNow returns how many messages nobody has read.
func (b *bench) unreadNow() int {
	b.t.Helper()
	n, _, err := b.desk.Unread(b.t.Context(), b.id)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// line returns where the line above what is new stands in the pane, and above which text.
func (b *bench) line() (at float32, above string, ok bool) {
	for i, e := range b.timeline.elements {
		if e.kind == unreadElement {
			return b.timeline.tops[i] - b.timeline.scroll.Offset.Y, e.item.Message.Text, true
		}
	}
	return 0, "", false
}

// lastInSight returns the text of the last message that is whole in sight.
func (b *bench) lastInSight() string {
	lower := b.timeline.scroll.Offset.Y + b.timeline.scroll.Size().Height
	for i := len(b.timeline.elements) - 1; i >= 0; i-- {
		if e := b.timeline.elements[i]; e.kind == bubbleElement && b.timeline.tops[i]+b.timeline.objects[i].Size().Height <= lower {
			return e.item.Message.Text
		}
	}
	return ""
}

// A chat opens at the first message that nobody has read, and only what was on the
// screen is read.
func TestOpen_AtTheFirstUnread(t *testing.T) {
	b := openUnread(t, 100, 1000)
	at, above, ok := b.line()
	if !ok || at != lineOffset || above != "Message 100" {
		t.Fatalf("the line stands at %v above %q, %v", at, above, ok)
	}
	var last int
	if _, err := fmt.Sscanf(b.lastInSight(), "Message %d", &last); err != nil {
		t.Fatal(err)
	}
	if got := b.unreadNow(); got != 1099-last || last > 130 {
		t.Errorf("%d are unread; the last in sight is %d", got, last)
	}
	if !b.timeline.down.Visible() || b.timeline.down.unread < 900 {
		t.Errorf("the round button says %d", b.timeline.down.unread)
	}
	b.timeline.whole(t.Fatalf)
	b.picture("unread")

	// The wheel reads on; the line stays where it is.
	for range 8 {
		b.wheel(-25)
	}
	if got := b.unreadNow(); got >= 1099-last {
		t.Errorf("still %d are unread", got)
	}
	if _, still, ok := b.line(); !ok || still != above {
		t.Errorf("the line went to %q, %v", still, ok)
	}

	// Who comes back goes on where the unread begin.
	first := 1100 - b.unreadNow()
	b.Close()
	b.openChat()
	if _, above, ok := b.line(); !ok || above != fmt.Sprint("Message ", first) {
		t.Errorf("the line stands above %q, want %d", above, first)
	}
}

// What fits in the pane is read at once, and the chat stands at its end.
func TestOpen_FewUnreadAtTheEnd(t *testing.T) {
	b := openUnread(t, 37, 3)
	if at, above, ok := b.line(); !ok || above != "Message 37" || at < lineOffset {
		t.Errorf("the line stands at %v above %q, %v", at, above, ok)
	}
	if !b.timeline.following || b.timeline.down.Visible() || b.unreadNow() != 0 {
		t.Errorf("following: %v, unread: %d", b.timeline.following, b.unreadNow())
	}
	b.Close()
	b.openChat()
	if _, above, ok := b.line(); ok {
		t.Errorf("what was read is new again from %q on", above)
	}
}

// Nothing is read while nobody looks, and what came meanwhile does not leave the pane.
func TestReload_WhileNobodyLooks(t *testing.T) {
	b := open(t, numbered(60)...)
	active := false
	b.Active = func() bool { return active }
	for i := range 8 {
		b.receiveNumbered(60+5*i, 65+5*i)
		b.changed()
	}
	if at, above, ok := b.line(); !ok || above != "Message 60" || at != lineOffset {
		t.Errorf("the line stands at %v above %q, %v", at, above, ok)
	}
	if b.unreadNow() != 40 || b.timeline.down.unread != 40 {
		t.Errorf("%d are unread, the button says %d", b.unreadNow(), b.timeline.down.unread)
	}
	active = true
	b.WindowActivated()
	b.done()
	if n := b.unreadNow(); n == 40 || n == 0 {
		t.Errorf("%d are unread after a look at the first of them", n)
	}
}

// News of a chat whose older messages are being read draw a line, count on the button,
// and move nothing. The button leads to the line, then to the end.
func TestReload_WhileOlderMessagesAreRead(t *testing.T) {
	b := open(t, numbered(200)...)
	for range 4 {
		b.wheel(500)
	}
	before := b.timeline.place()
	b.receiveNumbered(200, 260)
	b.changed()
	if now := b.timeline.place(); now != before {
		t.Errorf("the reader was at %v and is at %v", before, now)
	}
	if b.unreadNow() != 60 || b.timeline.down.unread != 60 {
		t.Errorf("%d are unread, the button says %d", b.unreadNow(), b.timeline.down.unread)
	}
	test.Tap(b.timeline.down.button)
	b.done()
	if at, above, ok := b.line(); !ok || at != lineOffset || above != "Message 200" {
		t.Errorf("the line stands at %v above %q, %v", at, above, ok)
	}
	if n := b.unreadNow(); n == 60 || n == 0 {
		t.Errorf("%d are unread at the line", n)
	}
	test.Tap(b.timeline.down.button)
	b.done()
	if _, last := b.inOrder(); last != 259 || !b.timeline.following || b.unreadNow() != 0 {
		t.Errorf("the button led to %d, following: %v, unread: %d", last, b.timeline.following, b.unreadNow())
	}
}

// News while a jump is being read do not lose the jump, and what was in sight for a moment
// while other messages were being marked as read counts as read.
func TestScrollDown_WhileMarking(t *testing.T) {
	b := openUnread(t, 100, 200)
	b.wheel(-25)
	b.timeline.scrollBy(400)
	b.markSeen()
	b.scrollToEnd()
	b.Changed([]int64{b.id})
	b.done()
	if _, last := b.inOrder(); last != 299 || !b.timeline.following {
		t.Fatalf("%d is the last, following: %v", last, b.timeline.following)
	}
	b.markReadTo(data.ItemKey{ID: 1}) // is under way
	b.markSeen()
	b.timeline.scrollBy(-5000)
	b.done()
	if n := b.unreadNow(); n != 0 {
		t.Errorf("%d are unread", n)
	}
}

// Where the line moves while its old place is being scrolled to, that place is reached.
func TestScrollDown_WhileNewsCome(t *testing.T) {
	b := openUnread(t, 100, 1)
	for range 4 {
		b.wheel(500)
	}
	b.receiveNumbered(101, 102)
	b.scrollDown() // before the pane knows of it
	b.done()
	b.changed()
	if b.lastInSight() != "Message 101" || b.unreadNow() != 0 {
		t.Errorf("%q is the last in sight, %d are unread", b.lastInSight(), b.unreadNow())
	}
}

// Each chat is opened where it was left, whatever the window's size is by then.
func TestOpen_WhereItWasLeft(t *testing.T) {
	b := open(t, numbered(300)...)
	other := b.receiveFrom(data.Sender{Phone: "+46709999999", Name: "Mona"}, "Hello", noon)
	for range 6 {
		b.wheel(500)
	}
	left := b.timeline.place()
	show := func(id int64) {
		t.Helper()
		shown := false
		b.Open(id, func() { shown = true })
		b.until("the chat is open", func() bool { return shown })
		b.done()
	}
	show(other)
	b.window.Resize(fyne.NewSize(640, 500))
	show(b.id)
	if now := b.timeline.place(); now != left {
		t.Errorf("it was left at %v and opens at %v", left, now)
	}
	b.inOrder()
	b.wheel(-100_000)
	for range 10 {
		b.wheel(-100_000)
	}
	show(other)
	show(b.id)
	if !b.timeline.following {
		t.Error("it was left at its end, and opens elsewhere")
	}
	b.wheel(3000)
	show(other)
	b.receive("Message 300", noon.Add(time.Minute))
	show(b.id)
	if _, above, _ := b.line(); above != "Message 300" || !b.timeline.following {
		t.Errorf("with one unread message it opens at %q, following: %v", above, b.timeline.following)
	}
}

// A mark set by hand is taken away by opening the chat, and by nothing else.
func TestOpen_TakesMarkAway(t *testing.T) {
	b := open(t, numbered(20)...)
	if err := b.desk.SetRead(t.Context(), b.id, false); err != nil {
		t.Fatal(err)
	}
	b.changed()
	marked := func() bool {
		_, marked, err := b.desk.Unread(t.Context(), b.id)
		if err != nil {
			t.Fatal(err)
		}
		return marked
	}
	if !marked() {
		t.Error("the mark went although nobody opened the chat")
	}
	b.Close()
	b.openChat()
	if marked() {
		t.Error("the mark stays")
	}
}

// Whatever comes, wherever the reader is and whether anybody looks: what is unread is
// what came after the last message that was seen, the button says how many that are, and
// nobody is moved who does not follow the end.
func TestReading_OnlyWhatWasSeen(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue { // each has a file and a window
		checks.Value.Set("30")
		t.Cleanup(func() { checks.Value.Set(checks.DefValue) })
	}
	rapid.Check(t, func(r *rapid.T) {
		b := open(t, numbered(30)...)
		active := true
		b.Active = func() bool { return active }
		sent, seen := 30, 29
		look := func() {
			if last, ok := b.timeline.lastSeen(); ok && active && b.loaded {
				for _, item := range b.items {
					var n int
					if item.Key == last {
						_, _ = fmt.Sscanf(item.Message.Text, "Message %d", &n)
						seen = max(seen, n)
					}
				}
			}
		}
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			switch rapid.IntRange(0, 5).Draw(r, "step") {
			case 0:
				n := rapid.SampledFrom([]int{1, 2, 12, 70}).Draw(r, "messages")
				b.receiveNumbered(sent, sent+n)
				sent += n
				if b.loaded {
					place, following := b.timeline.place(), b.timeline.following
					b.changed()
					if now := b.timeline.place(); !following && now != place {
						r.Fatalf("the reader was at %v and is at %v", place, now)
					}
				}
			case 1:
				if b.loaded {
					test.Scroll(b.window.Canvas(), fyne.NewPos(400, 300), 0, float32(rapid.IntRange(-1500, 1500).Draw(r, "by")))
					look()
					b.done()
				}
			case 2:
				active = !active
				if active {
					b.WindowActivated()
				}
			case 3:
				if b.loaded && b.timeline.down.Visible() {
					test.Tap(b.timeline.down.button)
				}
			case 4:
				b.Close()
				b.openChat()
			case 5:
				b.window.Resize(fyne.NewSize(900, float32(rapid.IntRange(300, 1200).Draw(r, "height"))))
			}
			b.done()
			look()
			b.changed() // which the desk tells of what was read
			if got := b.unreadNow(); got != sent-1-seen {
				r.Fatalf("%d are unread; %d is the last seen of %d", got, seen, sent)
			}
			if b.loaded && active && b.unread.Count != sent-1-seen {
				r.Fatalf("the button counts %d; %d is the last seen of %d", b.unread.Count, seen, sent)
			}
		}
	})
}
