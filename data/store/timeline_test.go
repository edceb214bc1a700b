package store_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// However a chat is walked, from its newest upwards or from any place
// downwards, in pages of any size, it is the same chat: messages and events in
// one order, each once, also where many share a moment.
func TestWalkingAChat(t *testing.T) {
	path := newPath(t)
	s := openAt(t, path)
	customers := 0
	rapid.Check(t, func(t *rapid.T) {
		customers++
		customer, want := randomChat(t, s, data.Phone(fmt.Sprintf("+4670%07d", customers)))
		whole, err := s.Timeline(t.Context(), customer, data.Span{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if got := keysOf(whole); !slices.Equal(got, want) {
			t.Fatalf("in one page %v, want %v", got, want)
		}
		if whole.Older || whole.Newer {
			t.Fatalf("there is more than all: older %v, newer %v", whole.Older, whole.Newer)
		}

		size := rapid.IntRange(1, len(want)+2).Draw(t, "page")
		var up []data.ItemKey
		span := data.Span{Limit: size}
		for {
			page, err := s.Timeline(t.Context(), customer, span)
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Items) > size || page.Newer != (span.Before != nil) {
				t.Fatalf("%d things on a page of %d, newer %v", len(page.Items), size, page.Newer)
			}
			up = append(keysOf(page), up...)
			if page.Older != (len(up) < len(want)) {
				t.Fatalf("older is %v after %d of %d", page.Older, len(up), len(want))
			}
			if !page.Older {
				break
			}
			span.Before = &page.Items[0].Key
		}
		if !slices.Equal(up, want) {
			t.Fatalf("upwards by %d: %v, want %v", size, up, want)
		}

		from := rapid.IntRange(0, len(want)).Draw(t, "from")
		span = data.Span{Limit: size, After: &data.ItemKey{}}
		if from > 0 {
			span.After = &want[from-1]
		}
		var down []data.ItemKey
		for {
			page, err := s.Timeline(t.Context(), customer, span)
			if err != nil {
				t.Fatal(err)
			}
			down = append(down, keysOf(page)...)
			if page.Newer != (from+len(down) < len(want)) || !page.Older || len(page.Items) > size {
				t.Fatalf("newer is %v, older %v after %d of %d", page.Newer, page.Older, from+len(down), len(want))
			}
			if !page.Newer {
				break
			}
			span.After = &page.Items[len(page.Items)-1].Key
		}
		if !slices.Equal(down, want[from:]) {
			t.Fatalf("downwards by %d: %v, want %v", size, down, want[from:])
		}

		if from == len(want) {
			return
		}
		page, err := s.Timeline(t.Context(), customer, data.Span{Limit: size, Around: &want[from]})
		if err != nil {
			t.Fatal(err)
		}
		below := min(size-size/3, len(want)-from)
		above := min(size-below, from)
		if got := keysOf(page); !slices.Equal(got, want[from-above:from+below]) {
			t.Fatalf("%d around %v: %v, want %v", size, want[from], got, want[from-above:from+below])
		}
		if page.Older != (above < from) || page.Newer != (from+below < len(want)) {
			t.Fatalf("around %v: older is %v, newer %v", want[from], page.Older, page.Newer)
		}
	})
}

// randomChat writes a chat of messages and events that crowd into few moments,
// some of them out of sight, and gives the keys of what is shown.
func randomChat(t *rapid.T, s *store.Store, phone data.Phone) (customer int64, shown []data.ItemKey) {
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		c, _, err := tx.AddCustomer(data.NewIdentity(data.Address(phone)), "")
		if err != nil {
			return err
		}
		customer = c.ID
		cleared := rapid.IntRange(0, 4).Draw(t, "cleared")
		for range cleared {
			if _, _, err := tx.AddMessage(&c, data.Message{Direction: data.In, Kind: data.TextMessage, At: moment(t)}); err != nil {
				return err
			}
		}
		if _, _, err := tx.Clear(c.ID, start); err != nil {
			return err
		}
		for range rapid.IntRange(0, 12).Draw(t, "things") {
			at := moment(t)
			if rapid.Bool().Draw(t, "event") {
				e, err := tx.Append(data.Event{At: at, RecordedAt: at, Kind: data.ClosedEvent, CustomerID: c.ID, Phone: phone, Detail: "{}"})
				if err != nil {
					return err
				}
				shown = append(shown, data.ItemKey{At: at, Event: true, ID: e.Seq})
				continue
			}
			m := data.Message{
				Direction: rapid.SampledFrom([]data.Direction{data.In, data.Out, data.Note}).Draw(t, "direction"),
				Kind:      data.TextMessage, At: at,
				Hold: rapid.SampledFrom([]data.HoldState{data.NotHeld, data.NotHeld, data.Released, data.IsHeld, data.Discarded}).Draw(t, "hold"),
			}
			id, _, err := tx.AddMessage(&c, m)
			if err != nil {
				return err
			}
			if m.Hold == data.NotHeld || m.Hold == data.Released {
				shown = append(shown, data.ItemKey{At: at, ID: id})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(shown, func(a, b data.ItemKey) int {
		if a.Less(b) {
			return -1
		}
		return 1
	})
	return customer, shown
}

func moment(t *rapid.T) data.Moment {
	return data.Moment(rapid.Int64Range(1, 4).Draw(t, "at"))
}

// keysOf returns the places of the things on a page, each of which must be where
// it says it is.
func keysOf(page data.Page) []data.ItemKey {
	var keys []data.ItemKey
	for _, item := range page.Items {
		key := item.Key
		switch {
		case item.Message != nil && item.Event == nil && (key.Event || key.ID != item.Message.ID || key.At != item.Message.At),
			item.Event != nil && item.Message == nil && (!key.Event || key.ID != item.Event.Seq || key.At != item.Event.At),
			(item.Message == nil) == (item.Event == nil):
			key.ID = -1
		}
		keys = append(keys, key)
	}
	return keys
}

// Everything that can be said of a message is kept.
func TestMessageIsKeptWhole(t *testing.T) {
	s := openNew(t)
	want := data.Message{
		Direction: data.Out, At: start, RecordedAt: start + 1, Kind: data.DocumentMessage, Text: "words\n\x00ünï 👩‍👩‍👧", File: "a.pdf",
		URL: "https://example.com/a", RemoteID: "r", WhatsAppID: "w", Business: "918888888888", ReplyTo: "q", Author: "Asha",
		Status: data.Failed, Failure: "131047", Hold: data.Released,
	}
	write(t, s, func(tx *store.Tx) error {
		c, _, err := tx.AddCustomer(data.NewIdentity("+46701234567"), "")
		if err != nil {
			return err
		}
		want.CustomerID = c.ID
		want.ID, _, err = tx.AddMessage(&c, want)
		return err
	})
	page, err := s.Timeline(t.Context(), want.CustomerID, data.Span{Limit: 1})
	if err != nil || len(page.Items) != 1 || *page.Items[0].Message != want {
		t.Errorf("%+v, %v; want %+v", page.Items, err, want)
	}
}
