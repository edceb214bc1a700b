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
func TestMerge_EqualsAFullRead(t *testing.T) {
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
