package chat

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// The footer's two faces are as high as each other: nothing jumps.
func TestBlockedStrip_ReplacesComposer(t *testing.T) {
	b := open(t, numbered(30)...)
	before, header := b.timeline.Size(), b.header.Size()
	if before.Height != float32(int(before.Height)) {
		t.Errorf("the timeline is %v high, not on whole pixels", before.Height)
	}
	if _, err := b.desk.Block(t.Context(), asha, b.id, data.BlockRequest{}); err != nil {
		t.Fatal(err)
	}
	b.changed()
	if b.CanWrite() || !b.strip.Visible() {
		t.Fatal("the composer is there")
	}
	if after := b.timeline.Size(); after != before || b.header.Size() != header {
		t.Errorf("the timeline was %v and is %v", before, after)
	}
	if b.strip.Size() != b.composer.Size() && b.strip.Size().Height < b.composer.MinSize().Height {
		t.Errorf("the strip is %v, the composer was %v", b.strip.Size(), b.composer.Size())
	}
	if !b.timeline.following {
		t.Error("the end is lost")
	}
}

func TestBlockedStrip_Texts(t *testing.T) {
	ago := func(d time.Duration) data.Moment { return noon.Add(-d) }
	for _, c := range []struct {
		block         data.Block
		held          int
		samePerson    string
		first, second string
	}{
		{data.Block{By: asha, At: ago(time.Hour)}, 0, "", "Blocked by Asha Rao today at 11:00 · for good", "No messages held. New messages are held, and nothing can be sent."},
		{data.Block{By: asha, At: ago(24 * time.Hour)}, 1, "", "Blocked by Asha Rao yesterday at 12:00 · for good", "1 message held. New messages are held, and nothing can be sent."},
		{data.Block{At: ago(40 * 24 * time.Hour)}, 12, "", "Blocked on 28 Jan at 12:00 · for good", "12 messages held. New messages are held, and nothing can be sent."},
		{data.Block{By: asha, At: ago(400 * 24 * time.Hour), Reason: "Spam"}, 0, "", "Blocked by Asha Rao on 2 Feb 2025 at 12:00 · Spam · for good", "No messages held. New messages are held, and nothing can be sent."},
		{data.Block{By: asha, At: ago(time.Hour), Until: noon.Add(40 * time.Hour)}, 0, "", "Blocked by Asha Rao today at 11:00 · until Wed 11 Mar 04:00", "No messages held. New messages are held, and nothing can be sent."},
		{data.Block{By: asha, At: ago(time.Hour)}, 0, "@wquist_deals", "Blocked by Asha Rao today at 11:00 · for good", "Blocked as the same person as @wquist_deals. No messages held. New messages are held, and nothing can be sent."},
	} {
		first, second := blockedStripText(data.Customer{Block: &c.block, Held: c.held}, c.samePerson, noon)
		if first != c.first || second != c.second {
			t.Errorf("%q, %q; want %q, %q", first, second, c.first, c.second)
		}
	}
}

// The longest block, in panes of every width.
func TestBlockedStrip_FitsLongTexts(t *testing.T) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		b := open(t, numbered(20)...)
		fyne.CurrentApp().Settings().SetTheme(theme.New(mode))
		b.join()
		b.block(data.BlockRequest{Reason: "Spam", Until: noon.Add(72 * time.Hour), Note: strings.Repeat("threatened the courier, ", 12)})
		b.receive("held", noon)
		for _, width := range []float32{420, 440, 560, 900, 1400} {
			b.window.Resize(fyne.NewSize(width, 480))
			b.changed()
			b.tells("Waiting for DoubleTick", "")
			b.picture(mode + "-strip-waiting")
			b.answer(invalid)
			b.tells("DoubleTick: Invalid Customer [Retry] [Keep here only]", "")
			b.isWhole(b.strip.syncLine.text, "DoubleTick: Invalid Customer")
			b.picture(mode + "-strip-refused-" + map[bool]string{true: "narrow", false: "wide"}[width < 600])
			test.Tap(b.strip.syncLine.retry)
			b.done()
		}
		b.answer(data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
		b.tells("Accepted by DoubleTick", "")
		b.picture(mode + "-strip-done")
		b.unblock()
		b.answer(invalid)
		b.window.Resize(fyne.NewSize(440, 480))
		b.changed()
		b.tells("", "DoubleTick: Invalid Customer [Retry] [Keep here only]")
		b.picture(mode + "-notice")
	}
}

// isWhole fails unless a paragraph of the footer says want, with every line drawn
// within its own room and that within the pane.
func (b *bench) isWhole(p *widgets.Paragraph, want string) {
	b.t.Helper()
	if p.Text() != want {
		b.t.Errorf("the strip says %q, want %q", p.Text(), want)
	}
	drawn := ""
	for _, o := range test.WidgetRenderer(p).Objects() {
		line := o.(*canvas.Text)
		drawn += line.Text
		if width := line.MinSize().Width; width > p.Size().Width+0.5 {
			b.t.Errorf("%q is %v wide and has %v", line.Text, width, p.Size().Width)
		}
		if end := line.Position().Y + line.Size().Height; end > p.Size().Height+0.5 {
			b.t.Errorf("%q ends at %v of %v", line.Text, end, p.Size().Height)
		}
	}
	if squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }; squeeze(drawn) != squeeze(want) {
		b.t.Errorf("of %q only %q is drawn", want, drawn)
	}
	at, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(p), p.Size()
	if pane := b.Root.Size(); at.X < 0 || at.X+size.Width > pane.Width+0.5 || at.Y < 0 {
		b.t.Errorf("%q at %v, %v reaches out of %v", want, at, size, pane)
	}
}

// Nothing of the strip is cut, whatever is to be said and however narrow the pane: at
// 640, 720 and 1280 px of window.
func TestBlockedStrip_CutsNothing(t *testing.T) {
	names := map[string]string{
		"latin":  strings.Repeat("Wolfeschlegelsteinhausenbergerdorff ", 2),
		"words":  strings.Repeat("unbreakable", 9),
		"arabic": "عبد الرحمن بن خالد القحطاني للتجارة والمقاولات العامة",
		"hindi":  "राहुल शर्मा, मुख्य कार्यालय, अहमदाबाद",
		"han":    strings.Repeat("陈思远客户服务中心", 4),
		"emoji":  strings.Repeat("👨‍👩‍👧‍👦🏳️‍🌈", 10),
	}
	notes := []string{"", "He asked for the code twice", strings.Repeat("threatened the courier, ", 18)}
	for script, name := range names {
		b := open(t, numbered(20)...)
		b.join()
		name = strings.TrimSpace(name)
		by := data.Actor{Kind: data.AgentActor, Name: name, Channel: data.ViaWindow}
		for _, note := range notes {
			if _, err := b.desk.Block(t.Context(), by, b.id, data.BlockRequest{
				Reason: "Wrong number", Until: noon.Add(72 * time.Hour), Review: noon.Add(24 * time.Hour), Note: note,
			}); err != nil {
				t.Fatal(err)
			}
			b.receive("held", noon)
			b.changed()
			for _, pane := range []fyne.Size{{Width: 379, Height: 480}, {Width: 459, Height: 600}, {Width: 928, Height: 700}} {
				b.window.Resize(pane)
				for _, paired := range []string{"", name} {
					b.samePerson = paired
					b.showCustomer(b.customer)
					first, second := blockedStripText(b.customer, paired, noon)
					b.isWhole(b.strip.first, first)
					b.isWhole(b.strip.second, second)
					b.isWhole(b.strip.syncLine.text, "Waiting for DoubleTick")
					b.whole()
					b.reachable()
					if note != "" && !strings.HasSuffix(second, strings.TrimSpace(note)) {
						t.Errorf("the note is cut to %q", second)
					}
					if !strings.Contains(first, by.Name) || !strings.Contains(second, paired) {
						t.Errorf("a name is cut in %q or %q", first, second)
					}
					if !strings.Contains(first, "Wrong number") || !strings.Contains(first, "until Thu 12 Mar 12:00") {
						t.Errorf("reason or end are missing in %q", first)
					}
				}
				b.picture("strip-" + script + "-" + strconv.Itoa(int(pane.Width)) + "-" + strconv.Itoa(len(note)))
			}
			b.unblock()
		}
	}
}

// reachable fails where the strip takes too much of the pane, its links cannot be seen
// whole, or its texts cannot be scrolled to their end by the keyboard.
func (b *bench) reachable() {
	b.t.Helper()
	pane, strip := b.Root.Size(), b.strip.Size()
	if strip.Height > pane.Height*footerShare+0.5 && strip.Height > stripPad+8*footerLine {
		b.t.Errorf("the strip takes %v of %v", strip.Height, pane.Height)
	}
	if end := b.strip.Position().Y + strip.Height; end > pane.Height+0.5 || b.timeline.Size().Height < 80 {
		b.t.Errorf("the strip ends at %v of %v and leaves the timeline %v", end, pane.Height, b.timeline.Size().Height)
	}
	for _, o := range []fyne.Widget{b.strip.changeLink, b.strip.decideLink, b.strip.unblock} {
		if o.Visible() && o.Size().Width < o.MinSize().Width {
			b.t.Errorf("%T has %v and needs %v", o, o.Size(), o.MinSize())
		}
	}
	hidden := b.strip.texts.MinSize().Height - b.strip.scroll.Size().Height
	for range 200 {
		b.strip.unblock.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	if got := b.strip.scroll.Offset.Y; got != max(0, hidden) {
		b.t.Errorf("of %v that do not fit, %v can be scrolled to", hidden, got)
	}
}

// A strip that grows takes the room of the timeline, which keeps its newest message in
// sight, and gives it back.
func TestBlockedStrip_GrowsAndShrinks(t *testing.T) {
	b := open(t, numbered(30)...)
	b.window.Resize(fyne.NewSize(459, 700))
	b.block(data.BlockRequest{Reason: "Spam"})
	before := b.strip.Size().Height
	note := strings.Repeat("threatened the courier, ", 8)
	amend := func(note string) {
		t.Helper()
		if _, err := b.desk.Amend(t.Context(), asha, b.id, data.AmendRequest{Note: &note}); err != nil {
			t.Fatal(err)
		}
		b.changed()
	}
	amend(note)
	if got := b.strip.Size().Height; got < before+3*footerLine {
		t.Errorf("with a note the strip grew from %v to %v", before, got)
	}
	if !b.timeline.following || b.timeline.Position().Y+b.timeline.Size().Height != b.strip.Position().Y {
		t.Errorf("the timeline ends at %v, the strip begins at %v", b.timeline.Position().Y+b.timeline.Size().Height, b.strip.Position().Y)
	}
	amend("")
	if got := b.strip.Size().Height; got != before {
		t.Errorf("without the note the strip is %v high, and was %v", got, before)
	}
}

// The strip of a pair follows what is done to the other customer.
func TestBlockedStrip_FollowsTheOtherOfAPair(t *testing.T) {
	b := open(t, numbered(3)...)
	const user = "SE.2210904416730058"
	other := b.receiveFrom(data.Sender{UserID: user, Username: "wquist"}, "of the user id", noon)
	b.block(data.BlockRequest{Reason: "Spam"})
	b.receiveFrom(data.Sender{Phone: phone, UserID: user}, "of both", noon)
	b.changed()
	says := func(want string) {
		t.Helper()
		if got := b.strip.second.Text(); !strings.HasPrefix(got, want) {
			t.Errorf("the strip says %q, want %q", got, want)
		}
	}
	says("Blocked as the same person as @wquist. ")
	if err := b.desk.Rename(t.Context(), asha, other, "Walter Q."); err != nil {
		t.Fatal(err)
	}
	b.Changed([]int64{other})
	b.done()
	says("Blocked as the same person as Walter Q.. ")
	b.Changed([]int64{other + 1000})
	if b.slot.Busy() {
		t.Error("the chat is read for a stranger's sake")
	}
}
