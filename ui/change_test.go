package ui

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const (
	emptyNote = "Note for your colleagues (optional)"
	conflict  = "Someone changed this customer meanwhile. Look again, then confirm once more."
)

// blocksWith blocks Walter at the desk and opens his chat.
func (a *agent) blocksWith(ask data.BlockRequest) data.Customer {
	a.t.Helper()
	if _, err := a.Desk.Block(a.t.Context(), ben, a.customer(walter).ID, ask); err != nil {
		a.t.Fatal(err)
	}
	a.click("Walter Quist")
	a.sees("Customer blocked by Ben")
	return a.customer(walter)
}

func (a *agent) changes() {
	a.t.Helper()
	a.click("Change…")
	a.asks("Change block")
}

func TestChangeBlock_KeepsNoteWithNewEnd(t *testing.T) {
	a := sit(t, newWorld(t))
	before := a.blocksWith(data.BlockRequest{Reason: "Spam"})
	a.changes()
	a.click("Leave the end as it is")
	a.click("7 days")
	a.click(emptyNote)
	a.write("called twice")
	a.press("Enter")
	a.free()
	b := a.customer(walter).Block
	if b == nil || b.Note != "called twice" || b.Until != before.Block.At.Add(7*24*time.Hour) || b.UnblockRequestedAt != 0 {
		t.Errorf("the desk has %+v", b)
	}
	a.sees("Block note changed by Asha Rao")
}

func TestChangeBlock_ChangesNoteAlone(t *testing.T) {
	a := sit(t, newWorld(t))
	before := a.blocksWith(data.BlockRequest{Reason: "Spam", Note: "first words", Until: a.Desk.Now().Add(24 * time.Hour)})
	a.changes()
	a.click("first words")
	a.press("Ctrl+A")
	a.write("other words")
	a.press("Enter")
	a.free()
	want := *before.Block
	want.Note = "other words"
	if b := a.customer(walter).Block; b == nil || *b != want {
		t.Errorf("the desk has %+v, want %+v", b, want)
	}
}

func TestChangeBlock_SavedAsItIsChangesNothing(t *testing.T) {
	a := sit(t, newWorld(t))
	before := a.blocksWith(data.BlockRequest{Reason: "Spam", Note: "two\nlines", Review: a.Desk.Now().Add(30 * 24 * time.Hour)})
	a.changes()
	a.press("Enter")
	a.free()
	if after := a.customer(walter); !reflect.DeepEqual(after, before) {
		t.Errorf("the desk has %+v, want %+v", after, before)
	}
}

func TestChangeBlock_RefusesLongNote(t *testing.T) {
	for _, asked := range []bool{false, true} {
		a := sit(t, newWorld(t))
		before := a.blocksWith(data.BlockRequest{Reason: "Spam"})
		a.changes()
		a.click("Leave the end as it is")
		a.click("7 days")
		if asked {
			a.click("The customer asked to be unblocked")
		}
		a.click(emptyNote)
		a.write(strings.Repeat("x", data.MaxNote+1))
		for range 2 {
			a.press("Enter")
			a.acted()
			_, texts, _ := a.dialog()
			if !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "the note is longer than 500 characters") }) {
				t.Errorf("asked %v: the dialog says %q", asked, texts)
			}
			if slices.Contains(texts, conflict) {
				t.Errorf("asked %v: it says that someone changed the customer", asked)
			}
		}
		if after := a.customer(walter); !reflect.DeepEqual(after, before) {
			t.Errorf("asked %v: the desk has %+v, want %+v", asked, after, before)
		}
		if got := a.events(walter); len(got) != 1 {
			t.Errorf("asked %v: it happened: %q", asked, got)
		}
	}
}

// What was left as it is in the dialog is left as somebody else has set it.
func TestChangeBlock_TellsVersionConflict(t *testing.T) {
	a := sit(t, newWorld(t))
	before := a.blocksWith(data.BlockRequest{Reason: "Spam"})
	a.changes()
	a.click(emptyNote)
	a.write("mine")
	until := a.Desk.Now().Add(48 * time.Hour)
	if _, err := a.Desk.Amend(t.Context(), ben, before.ID, data.AmendRequest{Until: &until}); err != nil {
		t.Fatal(err)
	}
	a.press("Enter")
	a.sees(conflict)
	if b := a.customer(walter).Block; b.Note != "" || b.Until != until {
		t.Errorf("the desk has %+v", b)
	}
	a.press("Enter")
	a.free()
	if b := a.customer(walter).Block; b.Note != "mine" || b.Until != until {
		t.Errorf("the desk has %+v", b)
	}
}

func TestChangeBlock_TellsThatBlockIsGone(t *testing.T) {
	a := sit(t, newWorld(t))
	before := a.blocksWith(data.BlockRequest{Reason: "Spam"})
	a.changes()
	if _, err := a.Desk.Unblock(t.Context(), ben, before.ID, data.UnblockRequest{}); err != nil {
		t.Fatal(err)
	}
	a.press("Enter")
	a.sees("Someone else was faster. This customer is no longer blocked. Nothing was changed.")
	a.press("Enter")
	a.free()
}

func TestChangeBlock_UndoRestoresBlockWhole(t *testing.T) {
	a := sit(t, newWorld(t))
	before := a.blocksWith(data.BlockRequest{
		Reason: "Spam", Note: "first words", Until: a.Desk.Now().Add(time.Hour), Review: a.Desk.Now().Add(30 * time.Minute),
	})
	receive(t, a.Desk, a.place.incoming(walter, "", "held meanwhile", 0))
	a.sees("1 message held. New messages are held, and nothing can be sent. Review on 9 Mar. Note: first words")
	a.changes()
	a.click(before.Block.Review.Time().Format("2006-01-02"))
	a.press("Ctrl+A")
	a.write("2d")
	a.click("first words")
	a.press("Ctrl+A")
	a.write("other words")
	a.click("The customer asked to be unblocked")
	a.press("Enter")
	a.free()
	if b := a.customer(walter).Block; b.Note != "other words" || b.UnblockRequestedAt == 0 || b.Review == before.Block.Review {
		t.Fatalf("the desk has %+v", b)
	}
	a.sees("Block changed")
	a.press("Ctrl+Z")
	a.sees("Block change undone by Asha Rao")
	after := a.customer(walter)
	if !reflect.DeepEqual(after.Block, before.Block) || after.Held != 1 {
		t.Errorf("the desk has %+v, want %+v; %d held", after.Block, before.Block, after.Held)
	}
}
