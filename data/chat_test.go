package data_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

func TestChatsNewestFirst(t *testing.T) {
	want := []data.ChatKey{{ID: 1, LastAt: 30}, {ID: 9, LastAt: 20}, {ID: 2, LastAt: 20}, {ID: 5, LastAt: 10}, {ID: 4}}
	got := []data.ChatKey{want[3], want[1], want[4], want[0], want[2]}
	slices.SortFunc(got, by(data.ChatKey.Before))
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestItemsOldestFirst(t *testing.T) {
	want := []data.ItemKey{{ID: 7}, {At: 10, ID: 2}, {At: 10, ID: 5}, {At: 10, Event: true, ID: 1}, {At: 10, Event: true, ID: 3}, {At: 20, ID: 1}}
	got := []data.ItemKey{want[5], want[3], want[0], want[2], want[4], want[1]}
	slices.SortFunc(got, by(data.ItemKey.Less))
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// No place stands before itself.
func TestItemKey_LessThanAnother(t *testing.T) {
	for _, k := range []data.ItemKey{{}, {At: 10, ID: 2}, {At: 10, Event: true, ID: 2}} {
		if k.Less(k) {
			t.Errorf("%+v stands above itself", k)
		}
	}
	if k := (data.ChatKey{ID: 1, LastAt: 10}); k.Before(k) {
		t.Errorf("%+v stands above itself", k)
	}
}

func by[K any](before func(K, K) bool) func(K, K) int {
	return func(a, b K) int {
		switch {
		case before(a, b):
			return -1
		case before(b, a):
			return 1
		}
		return 0
	}
}

func TestChatOrderIsTotal(t *testing.T) {
	total(t, data.ChatKey.Before, rapid.Custom(func(t *rapid.T) data.ChatKey {
		return data.ChatKey{ID: rapid.Int64Range(0, 3).Draw(t, "id"), LastAt: data.Moment(rapid.Int64Range(0, 3).Draw(t, "at"))}
	}))
}

func TestItemOrderIsTotal(t *testing.T) {
	total(t, data.ItemKey.Less, rapid.Custom(func(t *rapid.T) data.ItemKey {
		return data.ItemKey{
			ID:    rapid.Int64Range(0, 3).Draw(t, "id"),
			At:    data.Moment(rapid.Int64Range(0, 3).Draw(t, "at")),
			Event: rapid.Bool().Draw(t, "event"),
		}
	}))
}

// total checks that of two different keys exactly one comes first, that none
// comes before itself, and that the order has no circle.
func total[K comparable](t *testing.T, before func(K, K) bool, keys *rapid.Generator[K]) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := keys.Draw(t, "a"), keys.Draw(t, "b"), keys.Draw(t, "c")
		if a == b && (before(a, b) || before(b, a)) {
			t.Fatalf("%v stands before itself", a)
		}
		if a != b && before(a, b) == before(b, a) {
			t.Fatalf("%v and %v have no order", a, b)
		}
		if before(a, b) && before(b, c) && !before(a, c) {
			t.Fatalf("%v, %v, %v go in a circle", a, b, c)
		}
	})
}
