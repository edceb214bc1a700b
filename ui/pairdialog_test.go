package ui

import (
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// Two customers turn out to be one sender: the strip of the blocked one asks, and each
// answer can be undone from the menu.
func TestPairDialog_JoinSplitAndKeepApart(t *testing.T) {
	a := writing(t)
	const user = "SE.2210904416730058"
	from := func(s data.Sender, text string) {
		t.Helper()
		receive(t, a.Desk, data.Incoming{From: s, Message: data.Message{Kind: data.TextMessage, Text: text, At: a.Desk.Now(), RemoteID: text}})
	}
	from(data.Sender{UserID: user, Username: "wquist_deals"}, "of the user id")
	if _, err := a.Desk.Block(t.Context(), asha, a.customer(walter).ID, data.BlockRequest{}); err != nil {
		t.Fatal(err)
	}
	from(data.Sender{Phone: walter, UserID: user}, "of both")
	from(data.Sender{UserID: user}, "held of the user id")
	a.sees("Decide…")
	texts := strings.Join(a.texts(), "\n")
	if !strings.Contains(texts, "Blocked as the same person as @wquist_deals.") {
		t.Errorf("the strip says nothing of the other:\n%s", texts)
	}

	other := func() data.Customer {
		t.Helper()
		c, err := a.Desk.FindCustomer(t.Context(), user)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a.click("Decide…")
	a.asks("Same Person?")
	_, said, _ := a.dialog()
	for _, want := range []string{"Walter Quist", "@wquist_deals", "A message came with an address of each. The block holds for both until you decide."} {
		if !slices.Contains(said, want) {
			t.Errorf("%q is not among %q", want, said)
		}
	}
	a.press("Escape") // decide later
	a.free()
	a.acted()
	if other().PairedWith == 0 {
		t.Fatal("Escape decided")
	}

	a.click("Decide…")
	a.asks("Same Person?")
	a.click("Join")
	a.free()
	a.acted()
	if c := other(); c.ID != a.customer(walter).ID || c.Status(a.Desk.Now()) != data.Blocked {
		t.Errorf("after the join: %+v", c)
	}
	a.press("Ctrl+M")
	a.opensMenu()
	a.click("Same person…")
	a.asks("Split")
	a.press("Return")
	a.free()
	a.acted()
	if c := other(); c.ID == a.customer(walter).ID || c.PairedWith == 0 {
		t.Errorf("after the split: %+v", c)
	}
	a.sees("Decide…")

	a.click("Menu")
	a.opensMenu()
	a.click("Same person? · 1 to decide")
	a.asks("Same Person?")
	a.click("Discard what is held of the other")
	a.click("Keep apart")
	a.free()
	a.acted()
	if c := other(); c.Status(a.Desk.Now()) != data.Active || c.Held != 0 || a.customer(walter).Status(a.Desk.Now()) != data.Blocked {
		t.Errorf("kept apart: %+v", c)
	}
	a.loses("Decide…")
	page, err := a.Desk.Timeline(t.Context(), other().ID, data.Span{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range page.Items {
		if item.Message != nil && item.Message.Text == "held of the user id" {
			t.Error("what was discarded is shown")
		}
	}
}
