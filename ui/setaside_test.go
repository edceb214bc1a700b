package ui

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
)

// setsAside has deliveries come in that cannot be understood.
func (a *agent) setsAside(from data.Phone, reason string, texts ...string) {
	a.t.Helper()
	for _, text := range texts {
		_, err := a.Desk.Take(a.t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte(text), Reason: reason, From: data.Address(from)}}})
		if err != nil {
			a.t.Fatal(err)
		}
	}
}

// late is a message of Walter's that this version understands.
func late(id, text string) string {
	return fmt.Sprintf(`{"to":"918888888888","from":%q,"dtMessageId":%q,"receivedAt":"2026-03-09T08:00:00.000Z","message":{"type":"TEXT","text":%q}}`, strings.TrimPrefix(string(walter), "+"), id, text)
}

func TestSetAside_LineFollowsTheDesk(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		if a.statusLine.root.Visible() {
			t.Error("there is a line where there is nothing to say")
		}
		a.setsAside("", "it is odd", "{}", `{"a":1}`, "{}")
		a.sees("2 set aside")
		a.picture("set-aside-line-" + a.settings.Theme)
		if err := a.Desk.DropSetAside(t.Context(), a.actor(), 1); err != nil {
			t.Fatal(err)
		}
		a.sees("1 set aside")
		if err := a.Desk.DropSetAside(t.Context(), a.actor(), 2); err != nil {
			t.Fatal(err)
		}
		a.until("the line is gone", func() bool { return !a.statusLine.root.Visible() })
	})
}

// Both halves of the line have their place, even in the narrowest list.
func TestSetAside_LineBesideTheAccount(t *testing.T) {
	a := sit(t, joinedWorld(t), keptBy(&keeper{}))
	a.links(data.Connection{State: data.Online})
	a.setsAside("", "it is odd", "{}", `{"a":1}`)
	a.sees("2 set aside")
	a.sees("DoubleTick online")
	left, right := a.statusLine.account, a.statusLine.setAside
	if end := left.Position().X + left.Size().Width; end > right.Position().X || right.Size().Width < 60 {
		t.Errorf("the account ends at %v, what is set aside begins at %v and is %v wide", end, right.Position().X, right.Size().Width)
	}
	a.picture("set-aside-joined")
}

func TestSetAside_ListsAndRetries(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		a.setsAside(walter, "it is of a kind that is not known", late("l1", "I wrote this morning"))
		a.setsAside("", `the event "MOON_RISEN" is unknown`, `{"event":"MOON_RISEN","agent":"x"}`, `{"event":"MOON_RISEN","agent":"x"}`)
		a.click("2 set aside")
		a.asks("Deliveries set aside")
		a.sees("It is of a kind that is not known")
		a.sees(`The event "MOON_RISEN" is unknown`)
		a.sees("came 2 times")
		a.picture("set-aside-list-" + a.settings.Theme)

		a.click(`The event "MOON_RISEN" is unknown`)
		a.asks("Delivery 2")
		a.until("the text is shown", func() bool { return strings.Contains(strings.Join(a.texts(), "\n"), `"event": "MOON_RISEN"`) })
		a.picture("set-aside-delivery-" + a.settings.Theme)
		a.click("Copy the text")
		if got := fyne.CurrentApp().Clipboard().Content(); got != `{"event":"MOON_RISEN","agent":"x"}` {
			t.Errorf("copied is %q", got)
		}
		a.click("Retry")
		a.asks("Retry")
		a.sees("Nothing was understood. Still set aside: 1.")
		a.press("Return")
		a.asks("Delivery 2")
		a.press("Escape")

		a.asks("Deliveries set aside")
		a.click("Retry all")
		a.asks("Retry")
		a.sees("Understood and taken in: 1. Still set aside: 1.")
		a.press("Return")
		a.asks("Deliveries set aside")
		a.loses("It is of a kind that is not known")
		a.press("Escape")
		a.free()
		a.sees("1 set aside")
		c := a.customer(walter)
		a.openChat(c.ID)
		a.sees("I wrote this morning")
	})
}

func TestSetAside_DropsOnlyWhenConfirmed(t *testing.T) {
	a := sit(t, newWorld(t))
	a.setsAside(walter, "it is odd", `{"from":"x"}`)
	a.click("1 set aside")
	a.asks("Deliveries set aside")
	a.sees("It is odd")
	a.press("Down", "Return") // by the keyboard alone
	a.asks("Delivery 1")
	a.click("Drop…")
	a.asks("Drop delivery")
	a.picture("set-aside-drop")
	a.press("Escape")
	a.asks("Delivery 1")
	if kept, err := a.Desk.FindSetAside(t.Context(), 1); err != nil || kept.State != data.SetAsideKept {
		t.Fatalf("%+v, %v", kept, err)
	}
	a.click("Drop…")
	a.asks("Drop delivery")
	a.click("Drop")
	a.asks("Deliveries set aside")
	a.sees("Nothing is set aside.")
	if kept, err := a.Desk.FindSetAside(t.Context(), 1); err != nil || kept.State != data.SetAsideDropped || kept.By != a.actor() {
		t.Errorf("%+v, %v", kept, err)
	}
	events := a.events(walter)
	if len(events) == 0 || events[len(events)-1] != data.DeliveryDroppedEvent {
		t.Errorf("%q", events)
	}
	a.press("Escape")
	a.free()
	a.until("the line is gone", func() bool { return !a.statusLine.root.Visible() })
}

// One that somebody else has dropped meanwhile is not dropped again, and the dialog
// says so.
func TestSetAside_SaysWhatIsGone(t *testing.T) {
	a := sit(t, newWorld(t))
	a.setsAside("", "it is odd", `{}`)
	a.click("1 set aside")
	a.asks("Deliveries set aside")
	a.click("It is odd")
	a.asks("Delivery 1")
	if err := a.Desk.DropSetAside(t.Context(), a.actor(), 1); err != nil {
		t.Fatal(err)
	}
	a.click("Retry")
	a.sees("This delivery is not set aside, or no longer is.")
}

func TestSetAside_SaysWhenThereIsNoRoom(t *testing.T) {
	a := sit(t, newWorld(t))
	a.setsAside("", "it is odd", `{}`)
	db, err := sql.Open("sqlite", a.place.path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE set_aside_total SET rows = ?", data.MaxSetAsideRows); err != nil {
		t.Fatal(err)
	}
	a.setsAside("", "it is odd", `{}`) // which is here already
	a.sees("100\u202f000 set aside, no room")
	a.click("100\u202f000 set aside, no room")
	a.asks("Deliveries set aside")
	a.sees("There is no room for more. DoubleTick is asked to deliver again later whatever is not understood. Retry or drop some of these.")
}

// A long delivery is shown by its beginning, so that the dialog opens at once.
func TestSetAside_ShowsTheBeginningOfALongOne(t *testing.T) {
	a := sit(t, newWorld(t))
	a.setsAside("", "it is odd", `{"x":"`+strings.Repeat("y", 1<<20)+`"}`)
	a.click("1 set aside")
	a.asks("Deliveries set aside")
	a.click("It is odd")
	a.asks("Delivery 1")
	a.sees("This is only the beginning. To see all of it: latchdesk deliveries show 1 --raw")
}
