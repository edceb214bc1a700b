package desk_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// Who is known already is given as it is, and nothing is written.
func TestAdd_KnownNumberChangesNothing(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := desk.New(s)
	first, err := d.Add(t.Context(), "+46701234567", "Léna")
	if err != nil {
		t.Fatal(err)
	}
	last, _ := d.LastChange(t.Context())
	again, err := d.Add(t.Context(), "+46701234567", "Somebody else")
	if err != nil || again.ID != first.ID || again.Name != "Léna" || again.Version != first.Version {
		t.Errorf("%+v, %v; want %+v", again, err, first)
	}
	if now, _ := d.LastChange(t.Context()); now != last {
		t.Errorf("the change %d was written for nothing", now)
	}
}

func TestRename(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.takes(ada, "Hello")
	for _, step := range []struct{ to, name, pill string }{
		{" Riya\nD ", "Riya D", "Named Riya D by Asha"},
		{"Riya D", "Riya D", ""},
		{"रिया दास", "रिया दास", "Renamed from Riya D to रिया दास by Asha"},
		{"\x00 ", "", "Name रिया दास removed by Asha"},
		{"", "", ""},
		{strings.Repeat("x", 300), strings.Repeat("x", data.MaxName), "Named " + strings.Repeat("x", data.MaxName) + " by Asha"},
	} {
		w.clock.add(time.Minute)
		before, told, events := w.customer(id), w.lastChange(), len(w.events(id))
		w.must(w.Rename(t.Context(), asha, id, step.to))
		c := w.customer(id)
		if c.Name != step.name {
			t.Errorf("%+q gives %+q", step.to, c.Name)
		}
		if step.pill == "" {
			if c.Version != before.Version || len(w.events(id)) != events {
				t.Errorf("%+q changed something", step.to)
			}
			w.tells(told, id)
			continue
		}
		if chat := w.chat(id); c.Version != before.Version+1 || chat.Preview != step.pill || chat.ShownAt != w.Now() || chat.LastAt != start {
			t.Errorf("%+q: version %d, %+v", step.to, c.Version, chat)
		}
		w.tells(told, id, data.CustomerChanged)
		for typed, found := range map[string]bool{step.name: true, before.Name: false, string(riya): true} {
			if typed == "" {
				continue
			}
			keys, err := w.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats, Search: typed})
			if err != nil || slices.ContainsFunc(keys, func(k data.ChatKey) bool { return k.ID == id }) != found {
				t.Errorf("called %.20q, %.20q finds %v, %v", step.name, typed, keys, err)
			}
		}
	}
}

func TestSetTags(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	many := make([]string, data.MaxTags)
	for i := range many {
		many[i] = fmt.Sprintf("tag %02d", i)
	}
	for _, step := range []struct{ set, want []string }{
		{[]string{"vip", " Köln\n", "vip", "", "\x00"}, []string{"Köln", "vip"}},
		{[]string{"Köln", "vip"}, []string{"Köln", "vip"}},
		{many, many},
		{[]string{strings.Repeat("ä", 100)}, []string{strings.Repeat("ä", data.MaxTag)}},
		{nil, nil},
	} {
		before, told := w.customer(id), w.lastChange()
		w.must(w.SetTags(t.Context(), id, step.set))
		c := w.customer(id)
		if !slices.Equal(c.Tags, step.want) {
			t.Errorf("%q gives %q", step.set, c.Tags)
		}
		if slices.Equal(before.Tags, step.want) {
			w.tells(told, id)
		} else {
			w.tells(told, id, data.CustomerChanged)
		}
	}
	w.must(w.SetTags(t.Context(), id, []string{"vip"}))
	if err := w.SetTags(t.Context(), id, append(many, "one more")); !errors.Is(err, data.ErrInvalid) {
		t.Error(err)
	}
	if c := w.customer(id); !slices.Equal(c.Tags, []string{"vip"}) || len(w.events(id)) != 0 {
		t.Errorf("%+v", c)
	}
}

// Clearing takes what is shown out of sight and erases nothing: what was
// cleared does not come back by a repeated delivery, and what is held stays
// held.
func TestClear(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	other := w.takes(ada, "Hello").CustomerID
	w.must(w.SaveDraft(t.Context(), id, "Dear"))
	_, err := w.Send(t.Context(), asha, id, "Sent")
	w.must(err)
	w.must(w.SaveDraft(t.Context(), id, "Dear"))
	w.blocks(asha, id, data.BlockRequest{})
	held := data.Incoming{From: data.Sender{Phone: riya}, Message: message("Held", start)}
	w.takesAs(held)
	w.clock.add(time.Minute)
	version, told := w.customer(id).Version, w.lastChange()

	w.must(errorOf(w.Clear(t.Context(), bo, id)))

	if got := w.shows(id); got != "Customer blocked by Asha | Chat cleared by Bo" {
		t.Errorf("%s", got)
	}
	if chat := w.chat(id); chat.Unread != 0 || chat.Marked || chat.Preview != "Chat cleared by Bo" || chat.ShownAt != w.Now() || chat.LastAt != start {
		t.Errorf("%+v", chat)
	}
	if got := w.customer(id); got.Held != 1 || w.holds(id) != "Held" || got.Version != version {
		t.Errorf("%+v, held %s", got, w.holds(id))
	}
	if draft, err := w.Draft(t.Context(), id); draft != "Dear" || err != nil {
		t.Errorf("the draft is %q, %v", draft, err)
	}
	if got := w.shows(other); got != "Hello" {
		t.Errorf("the other shows %s", got)
	}
	w.tells(told, id, data.MessageChanged)
	again := w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: data.Message{Text: "Hello", RemoteID: "remote 1"}})
	if !again.Duplicate || w.takesAs(held).Duplicate != true {
		t.Errorf("%+v", again)
	}
	w.unblocks(asha, id)
	if got := w.shows(id); got != "Held | Customer blocked by Asha | Chat cleared by Bo | Customer unblocked by Asha" {
		t.Errorf("%s", got)
	}
	facts, err := w.Stats(t.Context())
	if err != nil || facts.Messages != 4 {
		t.Errorf("of 4 messages %d are left, %v", facts.Messages, err)
	}
	w.must(errorOf(w.Clear(t.Context(), bo, other))) // and again, where little is left
	w.must(errorOf(w.Clear(t.Context(), bo, other)))
	if got := w.shows(other); got != "Chat cleared by Bo | Chat cleared by Bo" {
		t.Errorf("%s", got)
	}
}
