package chat

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// join joins the desk to an account, and has the pane know.
func (b *bench) join() {
	b.t.Helper()
	if err := b.desk.Join(b.t.Context(), data.Account{Base: "https://public.doubletick.io", Number: "+918888888888"}); err != nil {
		b.t.Fatal(err)
	}
	b.changed()
}

// answer has DoubleTick answer the customer's newest entry that is open.
func (b *bench) answer(a data.OpResult) data.OutboxEntry {
	b.t.Helper()
	list, err := b.desk.EntriesOf(b.t.Context(), b.id)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range slices.Backward(list) {
		if !e.Open() {
			continue
		}
		account, err := b.desk.Account(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		if _, _, err := b.desk.ClaimEntry(b.t.Context(), account.JoinedAt, e.ID); err != nil {
			b.t.Fatal(err)
		}
		if err := b.desk.RecordResult(b.t.Context(), e.ID, a); err != nil {
			b.t.Fatal(err)
		}
		b.changed()
		return e
	}
	b.t.Fatal("nothing is open")
	return data.OutboxEntry{}
}

func (b *bench) block(ask data.BlockRequest) {
	b.t.Helper()
	if _, err := b.desk.Block(b.t.Context(), asha, b.id, ask); err != nil {
		b.t.Fatal(err)
	}
	b.changed()
}

func (b *bench) unblock() {
	b.t.Helper()
	if _, err := b.desk.Unblock(b.t.Context(), asha, b.id, data.UnblockRequest{}); err != nil {
		b.t.Fatal(err)
	}
	b.changed()
}

// says is what a line says that can be seen, with the links that it offers.
func (l *syncLine) says() string {
	if !l.Visible() {
		return ""
	}
	said := l.text.Text()
	if l.retry.Visible() {
		said += " [Retry]"
	}
	if l.keepLocal.Visible() {
		said += " [Keep here only]"
	}
	return said
}

// tells fails unless the strip and the notice say this.
func (b *bench) tells(strip, notice string) {
	b.t.Helper()
	gotStrip, gotNotice := "", ""
	if b.strip.Visible() {
		gotStrip = b.strip.syncLine.says()
	}
	if b.syncNotice.Visible() {
		gotNotice = b.syncNotice.line.says()
	}
	if gotStrip != strip || gotNotice != notice {
		b.t.Errorf("the strip says %q and the notice %q, want %q and %q", gotStrip, gotNotice, strip, notice)
	}
	b.whole()
}

// whole fails where a part of the footer reaches beyond it or over another.
func (b *bench) whole() {
	b.t.Helper()
	for _, w := range []fyne.Widget{b.strip, b.syncNotice} {
		if !w.Visible() {
			continue
		}
		parts := partsOf(w)
		for i, p := range parts {
			end := p.at.Add(p.size)
			if end.Y > w.Size().Height+0.5 || end.X > w.Size().Width+0.5 || p.at.Y < 0 {
				b.t.Errorf("%T at %v, %v, reaches out of %v", p.object, p.at, p.size, w.Size())
			}
			for _, q := range parts[i+1:] {
				_, ground := p.object.(*widgets.Background)
				other := q.at.Add(q.size)
				if !ground && min(end.X, other.X)-max(p.at.X, q.at.X) > 0.5 && min(end.Y, other.Y)-max(p.at.Y, q.at.Y) > 0.5 {
					b.t.Errorf("%T lies over %T", q.object, p.object)
				}
			}
		}
	}
}

// part is something that is drawn of a widget, and where in it.
type part struct {
	object fyne.CanvasObject
	at     fyne.Position
	size   fyne.Size
}

// partsOf returns the visible parts of a widget: of a text each line, and of what
// scrolls the lines in sight.
func partsOf(w fyne.Widget) (parts []part) {
	var add func(o fyne.CanvasObject, at fyne.Position, top, bottom float32)
	add = func(o fyne.CanvasObject, at fyne.Position, top, bottom float32) {
		at = at.Add(o.Position())
		if !o.Visible() {
			return
		}
		var inner []fyne.CanvasObject
		switch o := o.(type) {
		case *widgets.Scroll:
			inner, top, bottom = []fyne.CanvasObject{o.Content}, at.Y, at.Y+o.Size().Height
		case *fyne.Container:
			inner = o.Objects
		case *widgets.Paragraph:
			inner = test.WidgetRenderer(o).Objects()
		default:
			if at.Y >= top-0.5 && at.Y+o.Size().Height <= bottom+0.5 {
				parts = append(parts, part{o, at, o.Size()})
			}
		}
		for _, i := range inner {
			add(i, at, top, bottom)
		}
	}
	for _, o := range test.WidgetRenderer(w).Objects() {
		add(o, fyne.Position{}, -math.MaxFloat32, math.MaxFloat32)
	}
	return parts
}

var invalid = data.OpResult{Kind: data.ResultRejected, HTTPStatus: 404, Message: "Invalid Customer"}

func TestSyncLine_HiddenWithoutAccount(t *testing.T) {
	b := open(t, numbered(3)...)
	b.block(data.BlockRequest{})
	b.tells("", "")
	if h := b.strip.Size().Height; h != footerHeight {
		t.Errorf("the strip is %v high", h)
	}
	b.unblock()
	b.tells("", "")
	// What was decided before is nothing that waits.
	b.block(data.BlockRequest{})
	b.join()
	b.tells("", "")
}

func TestSyncLine_SaysHowFarDoubleTickIsTold(t *testing.T) {
	b := open(t, numbered(30)...)
	b.join()
	b.tells("", "")
	b.block(data.BlockRequest{})
	b.tells("Waiting for DoubleTick", "")
	if !b.timeline.following {
		t.Error("the newest message is out of sight")
	}
	height := b.strip.Size().Height
	b.answer(data.OpResult{Kind: data.ResultRetryLater, HTTPStatus: 401, NextAttemptAt: noon, Message: "Unauthorized"})
	b.tells("DoubleTick does not accept the key [Retry] [Keep here only]", "")
	b.answer(invalid)
	b.tells("DoubleTick: Invalid Customer [Retry] [Keep here only]", "")
	test.Tap(b.strip.syncLine.retry)
	b.done()
	b.changed()
	b.tells("Waiting for DoubleTick", "")
	b.answer(data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	b.tells("Accepted by DoubleTick", "")
	if b.strip.Size().Height != height || height != footerHeight+footerLine {
		t.Errorf("the strip was %v high and is %v", height, b.strip.Size().Height)
	}
	b.unblock()
	b.tells("", "Waiting for DoubleTick")
	b.answer(invalid)
	b.tells("", "DoubleTick: Invalid Customer [Retry] [Keep here only]")
	test.Tap(b.syncNotice.line.keepLocal)
	b.done()
	b.changed()
	b.tells("", "")
	b.block(data.BlockRequest{}) // DoubleTick has never heard of the unblock
	b.tells("Accepted by DoubleTick", "")
	b.unblock()
	b.answer(data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	b.tells("", "")
	b.block(data.BlockRequest{})
	b.answer(invalid)
	test.Tap(b.strip.syncLine.keepLocal)
	b.done()
	b.changed()
	b.tells("Kept here only", "")
	if len(b.failed) > 0 {
		t.Error(b.failed)
	}
}

// The strip tells apart what is told, what is accepted, and what does not hold there.
func TestSyncLine_SaysThatABlockDoesNotHold(t *testing.T) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		b := open(t, numbered(5)...)
		fyne.CurrentApp().Settings().SetTheme(theme.New(mode))
		b.join()
		b.block(data.BlockRequest{Reason: "Spam"})
		b.answer(data.OpResult{Kind: data.ResultUnknown, NextAttemptAt: noon.Add(time.Minute)})
		b.tells("Told DoubleTick, not accepted yet", "")
		b.picture(mode + "-strip-told")
		b.answer(data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
		b.tells("Accepted by DoubleTick", "")
		b.picture(mode + "-strip-accepted")
		b.ahead.Store(int64(time.Minute))
		b.receive("I can still write", noon.Add(time.Minute))
		b.changed()
		b.tells("Does not hold there: a message came after [Retry]", "")
		for _, width := range []float32{420, 560, 900} {
			b.window.Resize(fyne.NewSize(width, 480))
			b.tells("Does not hold there: a message came after [Retry]", "")
			b.isWhole(b.strip.syncLine.text, "Does not hold there: a message came after")
		}
		b.picture(mode + "-strip-does-not-hold")
		test.Tap(b.strip.syncLine.retry)
		b.done()
		b.changed()
		b.tells("Waiting for DoubleTick", "")
		b.answer(data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
		b.tells("Accepted by DoubleTick", "")
		b.unblock()
		b.tells("", "Waiting for DoubleTick")
		if len(b.failed) > 0 {
			t.Error(b.failed)
		}
	}
}

// What DoubleTick cannot be told is said before it is sent.
func TestSyncLine_SaysWhatDoubleTickCannotBeTold(t *testing.T) {
	for address, want := range map[data.Address]string{
		"IN.13491208655302741918": "DoubleTick takes numbers only: it is told once one is known",
		"+123456789012345":        "DoubleTick takes 9 to 14 digits, and this number has 15",
		"120363021234567890@g.us": "DoubleTick blocks no groups",
	} {
		for _, mode := range []string{theme.Light, theme.Dark} {
			b := open(t, numbered(3)...)
			fyne.CurrentApp().Settings().SetTheme(theme.New(mode))
			b.join()
			c, err := b.desk.Add(t.Context(), address, "Riya Das")
			if err != nil {
				t.Fatal(err)
			}
			b.id = c.ID
			b.openChat()
			b.block(data.BlockRequest{Reason: "Spam"})
			b.window.Resize(fyne.NewSize(560, 480))
			b.tells(want+" [Keep here only]", "")
			b.isWhole(b.strip.syncLine.text, want)
			b.picture(mode + "-strip-cannot-tell-" + string(address[:2]))
		}
	}
}

// What waits long can be asked at once, or kept here.
func TestSyncLine_OffersRetryWhenStuck(t *testing.T) {
	e := data.OutboxEntry{ID: 1, Op: data.OpBlock, CreatedAt: noon, State: data.EntryWaiting}
	there := data.RemoteStatus{Joined: true, Last: &e}
	for _, c := range []struct {
		after time.Duration
		stuck bool
	}{{0, false}, {stuckAfter - time.Second, false}, {stuckAfter, true}, {48 * time.Hour, true}} {
		got := syncStatusOf(there, true, noon.Add(c.after))
		if got.text != "Waiting for DoubleTick" || got.retry != c.stuck || got.keepLocal != c.stuck {
			t.Errorf("after %v: %+v", c.after, got)
		}
	}
	e.State, e.HTTPStatus, e.LastMessage = data.EntryRejected, 422, "No such number"
	if got := syncStatusOf(there, false, noon); got.text != "DoubleTick: No such number" || got.retry || !got.keepLocal {
		t.Errorf("what would be refused again: %+v", got)
	}
	for _, state := range []data.EntryState{data.EntryDone, data.EntryLocalOnly, data.EntrySuperseded} {
		e.State = state
		if got := syncStatusOf(there, false, noon); got != (syncStatus{}) {
			t.Errorf("%s stands above the composer: %+v", state, got)
		}
	}
}

// A link that goes takes the keyboard with it to what stands in the footer.
func TestSyncLine_FocusMovesWhenLinkVanishes(t *testing.T) {
	b := open(t, numbered(3)...)
	b.join()
	b.block(data.BlockRequest{})
	b.answer(invalid)
	c := b.window.Canvas()
	c.Focus(b.strip.syncLine.retry)
	b.strip.syncLine.retry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.done()
	b.changed()
	b.tells("Waiting for DoubleTick", "")
	if c.Focused() != b.strip.unblock {
		t.Errorf("the keyboard is on %T", c.Focused())
	}
	b.answer(data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	b.unblock()
	b.answer(invalid)
	c.Focus(b.syncNotice.line.keepLocal)
	b.syncNotice.line.keepLocal.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	b.done()
	b.changed()
	if c.Focused() != b.composer.entry {
		t.Errorf("the keyboard is on %T", c.Focused())
	}
	// What is typed stays where it is while the line above changes.
	c.Focus(b.composer.entry)
	b.block(data.BlockRequest{})
	b.unblock()
	if c.Focused() != b.composer.entry {
		t.Errorf("the keyboard is on %T", c.Focused())
	}
}

// bubbleOf returns the bubble that shows a text.
func (b *bench) bubbleOf(text string) *bubble {
	b.t.Helper()
	for _, o := range b.timeline.objects {
		if o, ok := o.(*bubble); ok && o.message.Text == text {
			return o
		}
	}
	b.t.Fatalf("no bubble says %q", text)
	return nil
}

func TestPane_ShowsMessageUnderWay(t *testing.T) {
	b := open(t, numbered(3)...)
	b.send("Kept")
	b.join()
	b.send("On its way")
	b.isKept("Kept")
	b.waits("On its way")
	size := b.bubbleOf("On its way").size
	ground := test.WidgetRenderer(b.bubbleOf("On its way").status).Objects()[0].(*canvas.Image)
	if ground.Resource != theme.Icon("clock", theme.Muted) {
		t.Errorf("it shows %s", ground.Resource.Name())
	}
	b.answer(data.OpResult{Kind: data.ResultOK, HTTPStatus: 200, Status: data.Sent})
	if m := b.bubbleOf("On its way"); m.status.Status() != widgets.StatusSent || m.size != size || m.retry != nil {
		t.Errorf("sent, it has tick %d and is %v, was %v", m.status.Status(), m.size, size)
	}
}

// isKept reports a message of which the bubble does not say that it is kept here.
func (b *bench) isKept(text string) {
	b.t.Helper()
	if m := b.bubbleOf(text); m.status.Visible() || m.footer.Text() != "12:00 · Kept here" {
		b.t.Errorf("%s says %q, with an icon: %t", text, m.footer.Text(), m.status.Visible())
	}
}

// waits reports a message of which the bubble does not say that it is on its way.
func (b *bench) waits(text string) {
	b.t.Helper()
	if m := b.bubbleOf(text); m.status.Status() != widgets.StatusWaiting || !m.status.Visible() || m.footer.Text() != "12:00" {
		b.t.Errorf("%s says %q, with tick %d", text, m.footer.Text(), m.status.Status())
	}
}

// What no account will take is said to be kept here. What waits for one has a clock, until
// the account is left.
func TestPane_SaysWhatIsKeptHere(t *testing.T) {
	b := open(t, numbered(3)...)
	b.send("Before")
	b.isKept("Before")
	b.join()
	b.isKept("Before") // never sent, as it was written before
	b.send("Joined")
	b.waits("Joined")
	if err := b.desk.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.changed()
	b.isKept("Joined")
	b.join()
	b.send("Joined again")
	b.isKept("Joined")
	b.waits("Joined again")
}

// A demo's customers take what is sent to them a moment later: nothing is said of it that
// would be gone at once.
func TestPane_SimulatedCustomersTakeWhatIsKept(t *testing.T) {
	b := open(t, numbered(3)...)
	b.SetSimulated()
	b.send("Hello")
	b.waits("Hello")
	m := b.bubbleOf("Hello")
	size := m.size
	err := b.desk.UpdateMessageStatus(t.Context(), data.StatusUpdate{MessageID: m.message.RemoteID, Status: data.Sent, At: noon})
	if err != nil {
		t.Fatal(err)
	}
	b.changed()
	if m = b.bubbleOf("Hello"); m.status.Status() != widgets.StatusSent || m.size != size {
		t.Errorf("sent, it has tick %d and is %v, was %v", m.status.Status(), m.size, size)
	}
}

func (b *bench) send(text string) {
	b.t.Helper()
	if _, err := b.desk.Send(b.t.Context(), asha, b.id, text); err != nil {
		b.t.Fatal(err)
	}
	b.changed()
}

func TestPane_RetriesFailedMessage(t *testing.T) {
	b := open(t, numbered(3)...)
	b.join()
	b.send("Hello")
	b.answer(data.OpResult{Kind: data.ResultRejected, HTTPStatus: 500, Message: "DoubleTick did not take it"})
	m := b.bubbleOf("Hello")
	if m.status.Status() != widgets.StatusFailed || m.failure == nil || m.failure.Text() != "Not sent: DoubleTick did not take it" || m.retry == nil {
		t.Fatalf("tick %d, %+v", m.status.Status(), m.failure)
	}
	b.picture("failed")
	c := b.window.Canvas()
	c.Focus(m.retry)
	test.Tap(m.retry)
	b.done()
	b.changed()
	if m = b.bubbleOf("Hello"); m.status.Status() != widgets.StatusWaiting || m.failure != nil || m.retry != nil {
		t.Errorf("tried again, it has tick %d", m.status.Status())
	}
	if c.Focused() != b.composer.entry {
		t.Errorf("the keyboard is on %T", c.Focused())
	}
	// A closed window of 24 hours stays closed.
	b.answer(data.OpResult{Kind: data.ResultRejected, HTTPStatus: 422, Message: "The customer has not written for 24 hours"})
	if m = b.bubbleOf("Hello"); m.status.Status() != widgets.StatusFailed || m.retry != nil {
		t.Error("what would be refused again is offered")
	}
}

// Retry is there for what failed further up, too.
func TestPane_RetriesMessageFurtherUp(t *testing.T) {
	b := open(t, "Message 0")
	b.join()
	b.send("Hello")
	b.answer(data.OpResult{Kind: data.ResultRejected, HTTPStatus: 500, Message: "No"})
	for i := range 2 * pageSize {
		b.receive(numbered(2 * pageSize)[i], noon.Add(time.Minute))
	}
	b.openChat()
	for range 100 {
		b.timeline.scrollBy(-500)
		b.done()
		if b.timeline.scroll.Offset.Y == 0 && !b.hasOlder {
			break
		}
	}
	if b.bubbleOf("Hello").retry == nil {
		t.Error("it cannot be sent again")
	}
}

// A fault that keeps an outbox entry from being decided is said.
func TestPane_ShowsErrorOfRetry(t *testing.T) {
	b := open(t, numbered(3)...)
	b.join()
	b.block(data.BlockRequest{})
	b.answer(invalid)
	b.onEntry(4711, func(ctx context.Context, id int64) error { return b.desk.Retry(ctx, id) })
	b.done()
	if len(b.failed) != 1 {
		t.Errorf("it was said: %v", b.failed)
	}
}
