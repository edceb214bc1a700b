package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/transcript"
)

const adaID = "IN.13491208655302741918"

// newUsernameWorld is newWorld with Ada, who has a username and no number, a group,
// and somebody of whom nothing but an id is known.
func newUsernameWorld(t testing.TB) place {
	t.Helper()
	p := newWorld(t)
	d, s := p.desk(t)
	at := data.MomentOf(p.clock.Now())
	for i, from := range []data.Sender{
		{UserID: adaID, Username: "ada.lovelace"},
		{Group: "120363012345678901", GroupName: "Family", Name: "Bo"},
		{UserID: "IN.2"},
	} {
		receive(t, d, data.Incoming{From: from, Message: data.Message{
			Kind: data.TextMessage, Text: "Hello", At: at.Add(time.Duration(i-5) * time.Second), RemoteID: fmt.Sprint("u", i), Author: from.Name,
		}})
	}
	s.Close()
	return p
}

// A customer without a number is listed, found, blocked and unblocked as all others
// are, under the username.
func TestUsername_BlockedAndUnblocked(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		p := newUsernameWorld(t)
		a := sit(t, p, mode)
		a.hasRow("@ada.lovelace", "14:04", "Hello", "1")
		a.hasRow("No number", "14:04", "IN.2 · Hello", "1")
		a.hasRow("Family", "14:04", "Bo: Hello", "1")

		a.click("@ada.lovelace")
		a.sees("IN.1349120…741918")
		a.picture("username-" + a.settings.Theme)
		a.press("Ctrl+B")
		a.asks("Block Customer")
		a.sees("IN.1349120…741918")
		a.picture("username-dialog-" + a.settings.Theme)
		a.click("I have read this and want to block")
		a.click("Block")
		a.free()
		a.sees("Customer blocked by Asha Rao")

		a.press("Ctrl+Shift+B")
		a.stands("@ada.lovelace")
		a.sees("IN.1349120…741918")
		a.picture("username-blocked-" + a.settings.Theme)
		a.press("Escape")

		a.press("Ctrl+H")
		a.asks("History")
		a.sees("IN.1349120…741918")
		a.press("Escape")
		a.free()

		a.press("Ctrl+B")
		a.asks("Unblock Customer")
		a.press("Return")
		a.free()
		a.sees("Customer unblocked by Asha Rao")

		a.click("Family")
		a.sees("group 1203…678901")
		a.sees("Bo · 14:04")
		a.picture("group-" + a.settings.Theme)
	})
}

func TestUsername_IsFoundByEveryAddress(t *testing.T) {
	a := sit(t, newUsernameWorld(t))
	for _, words := range []string{"@ada", "lovelace", "ADA.love", "IN.1349", "741918"} {
		a.press("Ctrl+F", "Ctrl+A")
		a.write(words)
		a.until("the search for "+words, func() bool { names := a.names(); return len(names) == 1 && names[0] == "@ada.lovelace" })
	}
}

func TestExportPath_IsSafeInAnyFileSystem(t *testing.T) {
	at := data.MomentOf(time.Date(2026, 3, 9, 14, 5, 0, 0, time.Local))
	for address, want := range map[data.Address]string{
		"+46701234567":            "chat-46701234567-20260309-140500.txt",
		adaID:                     "chat-" + adaID + "-20260309-140500.txt",
		"120363012345678901@g.us": "chat-120363012345678901g.us-20260309-140500.txt",
		"instagram:../../a\\b":    "chat-instagram....ab-20260309-140500.txt",
	} {
		if got := exportPath(data.Customer{Address: address}, at, transcript.Text); !strings.HasSuffix(got, "/"+want) {
			t.Errorf("%s goes to %s, want %s", address, got, want)
		}
	}
}
