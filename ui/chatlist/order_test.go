package chatlist

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

func sorted(places map[int64]data.Moment) []data.ChatKey {
	keys := make([]data.ChatKey, 0, len(places))
	for id, at := range places {
		keys = append(keys, data.ChatKey{ID: id, LastAt: at})
	}
	slices.SortFunc(keys, func(a, b data.ChatKey) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
	return keys
}

// However places change, merging the changed ones gives what reading all anew
// would give.
func TestMergeIsAFullRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.Int64Range(1, 30)
		moments := rapid.Map(rapid.Int64Range(0, 20), func(at int64) data.Moment { return data.Moment(at) })
		places := rapid.MapOf(ids, moments).Draw(t, "places")
		keys := sorted(places)
		for range rapid.IntRange(1, 5).Draw(t, "rounds") {
			changed := map[int64]bool{}
			fresh := map[int64]data.Moment{}
			for _, id := range rapid.SliceOfDistinct(ids, rapid.ID[int64]).Draw(t, "changed") {
				changed[id] = true
				if rapid.Bool().Draw(t, "stays") { // on the list, new or old
					places[id] = moments.Draw(t, "at")
					fresh[id] = places[id]
				} else { // gone from the list: read, or not blocked any more
					delete(places, id)
				}
			}
			before := slices.Clone(keys)
			got := merge(keys, changed, sorted(fresh))
			if want := sorted(places); !slices.Equal(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
			if !slices.Equal(before, keys) {
				t.Fatal("the order that is on screen was changed under it")
			}
			keys = got
		}
	})
}

func TestByHowMuchMostMoved(t *testing.T) {
	keys := func(ids ...int64) []data.ChatKey {
		var list []data.ChatKey
		for _, id := range ids {
			list = append(list, data.ChatKey{ID: id})
		}
		return list
	}
	all := keys(1, 2, 3, 4, 5, 6, 7, 8, 9)
	for _, c := range []struct {
		name       string
		first, end int
		now        []data.ChatKey
		want       int
	}{
		{"nothing", 2, 6, all, 0},
		{"one from below to the top", 2, 6, keys(9, 1, 2, 3, 4, 5, 6, 7, 8), 1},
		{"one from above to the top", 2, 6, keys(2, 1, 3, 4, 5, 6, 7, 8, 9), 0},
		{"the first in sight to the top", 2, 6, keys(3, 1, 2, 4, 5, 6, 7, 8, 9), 0},
		{"the last in sight to the top", 2, 6, keys(6, 1, 2, 3, 4, 5, 7, 8, 9), 1},
		{"two new", 2, 6, keys(11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9), 2},
		{"one above is gone", 2, 6, keys(1, 3, 4, 5, 6, 7, 8, 9), -1},
		{"all in sight are gone", 2, 6, keys(1, 2, 7, 8, 9), 0},
		{"nothing was in sight", 0, 0, all, 0},
		{"nothing is there", 2, 6, nil, 0},
	} {
		if got := scrollShift(all[c.first:c.end], c.first, c.now); got != c.want {
			t.Errorf("%s: by %d, want %d", c.name, got, c.want)
		}
	}
}

func BenchmarkMerge(b *testing.B) {
	keys := make([]data.ChatKey, 100_000)
	for i := range keys {
		keys[i] = data.ChatKey{ID: int64(i + 1), LastAt: data.Moment(200_000 - i)}
	}
	fresh := []data.ChatKey{{ID: 70_000, LastAt: 200_001}}
	for b.Loop() {
		merge(keys, map[int64]bool{70_000: true}, fresh)
	}
}
