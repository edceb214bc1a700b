package store

import (
	"slices"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// An update puts each chat where its newest message puts it, of those it shows and those
// that were cleared, in it or before a join, and keeps when that happened which it shows.
func TestPlaceChats(t *testing.T) {
	s := openTemp(t)
	alter(t, s.Path, `INSERT INTO customers (id, phone, search, joined_into) VALUES
		(1, '+467001', '', 0), (2, '+467002', '', 0), (3, '+467003', '', 0), (4, 'joined:4', '', 3), (5, 'joined:5', '', 4), (6, '+467006', '', 0)`,
		`INSERT INTO messages (customer_id, direction, at, recorded_at, kind, hold, cleared_at) VALUES
		(1, 'in', 10, 10, 'text', 0, 0), (1, 'in', 20, 20, 'text', 2, 0), (1, 'in', 30, 30, 'text', 1, 0), (1, 'in', 40, 40, 'text', 3, 0),
		(2, 'in', 11, 11, 'text', 0, 0), (2, 'in', 21, 21, 'text', 0, 50), (2, 'in', 31, 31, 'text', 4, 50),
		(3, 'in', 12, 12, 'text', 0, 0), (4, 'in', 13, 13, 'text', 0, 50), (5, 'in', 22, 22, 'text', 0, 50)`,
		"INSERT INTO chats (customer_id, last_at, preview) VALUES (1, 90, ''), (2, 91, ''), (3, 92, ''), (6, 93, '')")
	done := int64(0)
	if err := s.Write(t.Context(), func(tx *Tx) error { return placeChats(tx.db, func(n, _ int64) { done = n }) }); err != nil || done != 6 {
		t.Fatalf("%d, %v", done, err)
	}
	keys, err := s.ChatKeys(t.Context(), data.ChatQuery{})
	if want := []data.ChatKey{{ID: 3, LastAt: 22}, {ID: 2, LastAt: 21}, {ID: 1, LastAt: 20}, {ID: 6}}; err != nil || !slices.Equal(keys, want) {
		t.Errorf("%v, want %v; %v", keys, want, err)
	}
	chats, err := s.Chats(t.Context(), []int64{1, 2, 3, 6})
	for i, shown := range []data.Moment{90, 91, 92, 93} {
		if err != nil || len(chats) != 4 || chats[i].ShownAt != shown {
			t.Errorf("%+v, %v", chats, err)
		}
	}
}
