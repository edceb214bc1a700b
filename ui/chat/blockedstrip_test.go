package chat

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
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
		{data.Block{By: asha, At: ago(time.Hour)}, 0, "", "Blocked by Asha Rao today at 11:00", "No messages held. Nothing goes to or comes from this customer."},
		{data.Block{By: asha, At: ago(24 * time.Hour)}, 1, "", "Blocked by Asha Rao yesterday at 12:00", "1 message held. Nothing goes to or comes from this customer."},
		{data.Block{At: ago(40 * 24 * time.Hour)}, 12, "", "Blocked on 28 Jan at 12:00", "12 messages held. Nothing goes to or comes from this customer."},
		{data.Block{By: asha, At: ago(400 * 24 * time.Hour), Reason: "Spam"}, 0, "", "Blocked by Asha Rao on 2 Feb 2025 at 12:00 · Spam", "No messages held. Nothing goes to or comes from this customer."},
		{data.Block{By: asha, At: ago(time.Hour)}, 0, "@wquist_deals", "Blocked by Asha Rao today at 11:00", "Blocked as the same person as @wquist_deals. No messages held. Nothing goes to or comes from this customer."},
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
			if b.strip.syncLine.text.VisibleText() != "DoubleTick: Invalid Customer" {
				t.Errorf("in %v the answer is cut to %q", width, b.strip.syncLine.text.VisibleText())
			}
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
