package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// blocksWalter opens Walter's chat and blocks him by the shortest way.
func (a *agent) blocksWalter() {
	a.t.Helper()
	a.click("Walter Quist")
	a.sees("Type a message to send")
	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.press("Enter")
	a.free()
	a.sees("Blocked by Asha Rao today at 14:05 · for good")
}

func TestBlock_ShowsReasonAndExpiry(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		a.click("Walter Quist")
		a.sees("Type a message to send")
		a.press("Ctrl+B")
		a.asks("Block Customer")
		a.click("No reason")
		a.click("Scam")
		a.click("For good")
		a.click("8 hours")
		a.click("Note for your colleagues (optional)")
		a.write("asked for a code")
		a.picture(a.settings.Theme + "-reasons")
		a.press("Enter")
		a.free()
		a.sees("Blocked by Asha Rao today at 14:05 · Scam · until 22:05, 8 hours left")
		a.sees("No messages held. New messages are held, and nothing can be sent. Note: asked for a code")
		b := a.customer(walter).Block
		if b == nil || b.Reason != "Scam" || b.Note != "asked for a code" || b.Until != b.At.Add(8*time.Hour) {
			t.Fatalf("the desk has %+v", b)
		}

		a.place.clock.forward(7*time.Hour + 30*time.Minute)
		a.chat.RefreshTimes()
		a.sees("Blocked by Asha Rao today at 14:05 · Scam · until 22:05, 30 minutes left")
		a.place.clock.forward(30 * time.Minute)
		if n, err := a.Desk.Expire(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d blocks ended: %v", n, err)
		}
		a.sees("Block ended")
		a.sees("Type a message to send")
		a.loses("Blocked")
	})
}

func TestBlock_UntilDate(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("Type a message to send")
	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.click("For good")
	a.click("Until a date…")
	a.write("yesterday")
	a.press("Enter")
	a.sees(`"yesterday" is neither a span of time (90m, 8h, 7d, 2w) nor a date (2026-11-29, 2026-11-29 14:00)`)
	if got := a.customer(walter).Block; got != nil {
		t.Fatalf("blocked all the same: %+v", got)
	}
	a.press("Ctrl+A")
	a.write("3d")
	a.press("Enter")
	a.free()
	if b := a.customer(walter).Block; b == nil || b.Until != b.At.Add(72*time.Hour) {
		t.Errorf("the desk has %+v", b)
	}
}

func TestUndo_UndoesBlock(t *testing.T) {
	for _, way := range []string{"button", "key"} {
		t.Run(way, func(t *testing.T) {
			a := sit(t, newWorld(t))
			before := a.customer(walter)
			a.blocksWalter()
			receive(t, a.Desk, a.place.incoming(walter, "", "held for a moment", 0))
			a.sees("Customer blocked")
			switch way {
			case "button":
				a.click("Undo")
			case "key":
				a.press("Ctrl+Z")
			}
			a.sees("Block undone by Asha Rao")
			a.sees("held for a moment")
			a.sees("Type a message to send")
			after := a.customer(walter)
			if after.Block != nil || after.Held != 0 || after.Name != before.Name {
				t.Errorf("the desk has %+v", after)
			}
			a.loses("Undo")
			want := []data.EventKind{data.BlockedEvent, data.UndoneEvent}
			if got := a.events(walter); !slices.Equal(got, want) {
				t.Errorf("it happened: %q", got)
			}
		})
	}
}

func TestUndo_ExpiresAfterAWhile(t *testing.T) {
	a := sit(t, newWorld(t))
	var waits time.Duration
	var over func()
	a.undoToast.schedule = func(wait time.Duration, do func()) func() {
		waits, over = wait, do
		return func() {}
	}
	a.blocksWalter()
	a.sees("Undo")
	if waits != 10*time.Second {
		t.Errorf("the toast stands for %v", waits)
	}
	over()
	a.loses("Undo")
	a.press("Ctrl+Z")
	if got := a.events(walter); len(got) != 1 {
		t.Errorf("it happened: %q", got)
	}
}

func TestUndo_RestoresUnblockExactly(t *testing.T) {
	a := sit(t, newWorld(t))
	a.blocksWalter()
	receive(t, a.Desk, a.place.incoming(walter, "", "first held", 0), a.place.incoming(walter, "", "second held", 0))
	a.sees("2 messages held. New messages are held, and nothing can be sent.")
	before := a.customer(walter)
	a.place.clock.forward(time.Minute)
	a.click("Unblock")
	a.asks("Unblock Customer")
	a.press("Enter")
	a.free()
	a.sees("second held")
	a.screen.Focus(a.chat.Composer()) // which has a Ctrl+Z of its own
	a.write("Dear Walter")
	a.press("Ctrl+Z")
	a.sees("Unblock undone by Asha Rao")
	a.sees("2 messages held. New messages are held, and nothing can be sent.")
	if slices.Contains(a.texts(), "first held") {
		t.Error("what was held is still on the screen")
	}
	if got := a.chat.Composer().Text; got != "Dear Walter" {
		t.Errorf("the composer holds %q", got)
	}
	after := a.customer(walter)
	if *after.Block != *before.Block || after.Held != before.Held {
		t.Errorf("before: %+v, after: %+v", before, after)
	}
}

func TestUndo_AfterSomebodyElseActed(t *testing.T) {
	a := sit(t, newWorld(t))
	a.blocksWalter()
	mei := data.Actor{Kind: data.AgentActor, Name: "Mei Tanaka", Channel: data.ViaCommand}
	if _, err := a.Desk.Unblock(t.Context(), mei, a.customer(walter).ID, data.UnblockRequest{}); err != nil {
		t.Fatal(err)
	}
	a.sees("Customer unblocked by Mei Tanaka")
	a.press("Ctrl+Z")
	a.asks("Not undone")
	a.sees("Someone changed this customer meanwhile, so nothing was undone.")
	if got := a.events(walter); len(got) != 2 {
		t.Errorf("it happened: %q", got)
	}
}

func TestHeld_IsShownAndDiscarded(t *testing.T) {
	a := sit(t, newWorld(t))
	a.blocksWalter()
	receive(t, a.Desk, a.place.incoming(walter, "", "you will regret this", 0))
	a.sees("1 message held. New messages are held, and nothing can be sent.")
	a.click("Look")
	a.asks("Held messages")
	a.sees("you will regret this")
	a.press("Escape")
	a.free()
	if c := a.customer(walter); c.Held != 1 || c.Block == nil {
		t.Errorf("looking changed the customer: %+v", c)
	}
	a.click("Unblock")
	a.asks("Unblock Customer")
	a.click("Held messages: Show in chat")
	a.click("Discard")
	a.press("Enter")
	a.free()
	a.sees("Customer unblocked by Asha Rao")
	if slices.Contains(a.texts(), "you will regret this") {
		t.Error("what was discarded is on the screen")
	}
	events, err := a.Desk.Events(t.Context(), a.customer(walter).ID)
	if err != nil || events[len(events)-1].Rest() != (data.Detail{Discarded: 1}) {
		t.Errorf("%v, %v", events, err)
	}
}

func TestBlock_IsChanged(t *testing.T) {
	a := sit(t, newWorld(t))
	a.blocksWalter()
	a.click("Change…")
	a.asks("Change block")
	a.click("Leave the end as it is")
	a.click("7 days")
	a.click("The customer asked to be unblocked")
	a.press("Enter")
	a.free()
	a.sees("Block shortened until 16 Mar 2026 14:05 by Asha Rao")
	a.sees("Request to unblock noted by Asha Rao")
	a.sees("Asked to be unblocked today at 14:05. No messages held. New messages are held, and nothing can be sent.")
	if b := a.customer(walter).Block; b.Until != b.At.Add(7*24*time.Hour) || b.UnblockRequestedAt == 0 {
		t.Errorf("the desk has %+v", b)
	}
}

func TestTypedCommand_OpensFilledDialog(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("Type a message to send")
	a.write("/block 7d spam all day")
	a.press("Enter")
	a.asks("Block Customer")
	for _, text := range []string{"Spam", "7 days", "all day"} {
		a.sees(text)
	}
	a.press("Escape")
	a.free()
	if got := a.events(walter); len(got) != 0 {
		t.Errorf("it happened: %q", got)
	}
	if got := a.chat.Composer().Text; got != "/block 7d spam all day" || !a.onComposer() {
		t.Errorf("after the dialog was left the composer holds %q, the keyboard is on %T", got, a.screen.Focused())
	}
	a.press("Ctrl+A")
	a.write("/unblock")
	a.press("Enter")
	a.asks("Unblock Customer")
	a.sees("Someone else was faster. This customer is no longer blocked. Nothing was changed.")
	a.press("Enter")
	a.free()
	if slices.ContainsFunc(a.texts(), func(s string) bool { return strings.HasPrefix(s, "/") }) {
		t.Errorf("a command was sent, or stays in the composer: %q", a.texts())
	}
}

// A command goes out of the composer, and out of the draft, once it has done its work.
func TestTypedCommand_GoesOnceItIsDone(t *testing.T) {
	a := writing(t)
	a.write("/block spam")
	a.click("Send")
	a.asks("Block Customer")
	a.press("Escape")
	a.free()
	if got := a.chat.Composer().Text; got != "/block spam" || !a.onComposer() {
		t.Errorf("the composer holds %q, the keyboard is on %T", got, a.screen.Focused())
	}
	a.press("Enter")
	a.asks("Block Customer")
	a.press("Enter")
	a.free()
	a.sees("Customer blocked by Asha Rao")
	a.acted()
	if draft, err := a.Desk.Draft(t.Context(), a.customer(walter).ID); draft != "" || err != nil || a.chat.Composer().Text != "" {
		t.Errorf("the draft is %q (%v), the composer holds %q", draft, err, a.chat.Composer().Text)
	}
}

// A line that begins with a slash and is no command is not sent.
func TestTypedCommand_MistypedIsNotSent(t *testing.T) {
	a := writing(t)
	a.write("/blok 7d spam")
	a.press("Enter")
	a.sees("/blok is not a command, so nothing was sent.")
	a.sees("Send as text")
	a.picture("mistyped")
	a.press("Enter") // and again it is not
	a.acted()
	if got := a.sent(walter); len(got) != 0 || a.chat.Composer().Text != "/blok 7d spam" {
		t.Fatalf("%q was sent; the composer holds %q", got, a.chat.Composer().Text)
	}
	a.click("/block")
	a.loses("Send as text")
	if got := a.chat.Composer().Text; got != "/block 7d spam" || !a.onComposer() {
		t.Errorf("the composer holds %q, the keyboard is on %T", got, a.screen.Focused())
	}
	a.press("Enter")
	a.asks("Block Customer")
	a.sees("7 days")
	a.press("Escape")
	a.free()
	a.press("Ctrl+A")
	a.write("/help me")
	a.click("Send")
	a.sees("/help is not a command, so nothing was sent. Commands are /block and /unblock.")
	a.write("!")
	a.loses("Send as text") // it is another text now
	a.press("Enter")
	a.click("Send as text")
	a.until("it is sent", func() bool { return slices.Equal(a.sent(walter), []string{"/help me!"}) })
	a.loses("Send as text")
	if !a.onComposer() || a.chat.Composer().Text != "" {
		t.Errorf("the composer holds %q, the keyboard is on %T", a.chat.Composer().Text, a.screen.Focused())
	}
	a.write("//block is how we do it")
	a.press("Enter")
	a.until("one slash is sent", func() bool { return slices.Contains(a.sent(walter), "/block is how we do it") })
	if got := a.events(walter); len(got) != 0 {
		t.Errorf("it happened: %q", got)
	}
}

// The notice of one chat does not stand in another, nor over the strip.
func TestTypedCommand_NoticeBelongsToItsChat(t *testing.T) {
	a := writing(t)
	a.write("/blok")
	a.press("Enter")
	a.sees("Send as text")
	a.click("Meera Iyer")
	a.loses("Send as text")
	a.click("Walter Quist")
	a.until("the draft is back", func() bool { return a.chat.Composer().Text == "/blok" })
	a.screen.Focus(a.chat.Composer())
	a.press("Enter")
	a.sees("Send as text")
	a.blockAs(a.colleague(), ben, walter)
	a.sees("Customer blocked by Ben")
	a.loses("Send as text")
	if got := a.sent(walter); len(got) != 0 {
		t.Errorf("%q was sent", got)
	}
}

// An end that is not understood is not silently none: it stands there, marked, and has
// to be corrected.
func TestTypedCommand_UnclearEndMustBeCorrected(t *testing.T) {
	a := writing(t)
	a.write("/block 7x spam all day")
	a.press("Enter")
	a.asks("Block Customer")
	const problem = `"7x" is neither a span of time (90m, 8h, 7d, 2w) nor a date (2026-11-29, 2026-11-29 14:00)`
	for _, text := range []string{"Spam", "Until a date…", "all day", problem} {
		a.sees(text)
	}
	a.picture("unclear-end")
	a.press("Enter")
	a.sees(problem)
	a.acted()
	if b := a.customer(walter).Block; b != nil {
		t.Fatalf("blocked all the same: %+v", b)
	}
	a.press("Ctrl+A")
	a.write("7d")
	a.press("Enter")
	a.free()
	if b := a.customer(walter).Block; b == nil || b.Until != b.At.Add(7*24*time.Hour) || b.Reason != "Spam" || b.Note != "all day" {
		t.Errorf("the desk has %+v", b)
	}
}

// Enter, pressed once too often on the way to a blocked customer, unblocks nobody.
func TestFocus_OpeningABlockedChatIsNotOnUnblock(t *testing.T) {
	for _, way := range []string{"search", "click", "Escape"} {
		t.Run(way, func(t *testing.T) {
			a := sit(t, newWorld(t))
			a.blockAs(a.Desk, ben, walter)
			switch way {
			case "search":
				a.press("Ctrl+F")
				a.write("walter")
				a.until("the search is done", func() bool { return len(a.names()) == 1 })
				a.press("Enter")
			case "click":
				a.click("Walter Quist")
			case "Escape":
				a.click("Walter Quist")
				a.sees("Blocked by Ben today at 14:05 · for good")
				a.press("Escape")
			}
			a.sees("Blocked by Ben today at 14:05 · for good")
			for range 3 {
				a.press("Enter")
				a.acted()
			}
			a.free()
			if got := a.events(walter); len(got) != 1 || a.screen.Focused() == a.chat.UnblockButton() {
				t.Errorf("it happened: %q; the keyboard is on %T", got, a.screen.Focused())
			}
		})
	}
}

func TestBlock_WarningsMustBeAcknowledged(t *testing.T) {
	a := sit(t, newWorld(t))
	if err := a.Desk.SetTags(t.Context(), a.customer(walter).ID, []string{"VIP"}); err != nil {
		t.Fatal(err)
	}
	a.click("Walter Quist")
	a.sees("Type a message to send")
	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.sees("This customer is tagged VIP. Speak to whoever looks after them before you block.")
	a.press("Enter")
	a.sees("This block may be a mistake. Tick the box first.")
	if got := a.events(walter); len(got) != 0 {
		t.Fatalf("it happened: %q", got)
	}
	a.click("I have read this and want to block")
	a.press("Enter")
	a.free()
	a.sees("Customer blocked by Asha Rao")
}

func TestRules_SavesGuardRails(t *testing.T) {
	a := sit(t, newWorld(t))
	a.press("Ctrl+,")
	a.asks("Settings")
	a.click("Blocking reasons and safeguards…")
	a.asks("Blocking reasons and safeguards")
	a.click("Spam, Abuse, Scam, Wrong number, Opted out, Other")
	a.press("Ctrl+A")
	a.write("Noise, Fraud, noise")
	a.press("Tab", "Tab") // to the second rule
	a.write(" ")
	a.press("Enter")
	a.asks("Settings") // which it was opened from
	a.press("Escape")
	a.free()
	reasons, err := a.Desk.Reasons(t.Context())
	if err != nil || !slices.Equal(reasons, []string{"Noise", "Fraud"}) {
		t.Errorf("%q, %v", reasons, err)
	}
	off, err := a.Desk.DisabledRules(t.Context())
	if err != nil || !slices.Equal(off, []string{"vip"}) {
		t.Errorf("%q, %v", off, err)
	}
}
