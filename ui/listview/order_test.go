package listview

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestScrollShift(t *testing.T) {
	all := []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
	for _, c := range []struct {
		name       string
		first, end int
		now        []int
		want       int
	}{
		{"nothing", 2, 6, all, 0},
		{"one from below to the top", 2, 6, []int{9, 1, 2, 3, 4, 5, 6, 7, 8}, 1},
		{"one from above to the top", 2, 6, []int{2, 1, 3, 4, 5, 6, 7, 8, 9}, 0},
		{"the first in sight to the top", 2, 6, []int{3, 1, 2, 4, 5, 6, 7, 8, 9}, 0},
		{"the last in sight to the top", 2, 6, []int{6, 1, 2, 3, 4, 5, 7, 8, 9}, 1},
		{"two new", 2, 6, []int{11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 2},
		{"one above is gone", 2, 6, []int{1, 3, 4, 5, 6, 7, 8, 9}, -1},
		{"all in sight are gone", 2, 6, []int{1, 2, 7, 8, 9}, 0},
		{"nothing was in sight", 0, 0, all, 0},
		{"nothing is there", 2, 6, nil, 0},
		{"much shorter", 6, 9, []int{8, 9}, -7},
	} {
		if got := scrollShift(all[c.first:c.end], c.first, Keys(c.now)); got != c.want {
			t.Errorf("%s: by %d, want %d", c.name, got, c.want)
		}
	}
}

// However the order changes, no other shift would keep more rows in their place.
func TestScrollShift_IsTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.Permutation([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}).Draw(t, "before")
		now := rapid.SliceOfNDistinct(rapid.IntRange(1, 16), 0, 16, rapid.ID[int]).Draw(t, "now")
		if rapid.Bool().Draw(t, "little") { // what usually happens
			now = slices.Insert(slices.Clone(keys), rapid.IntRange(0, len(keys)).Draw(t, "at"), 13)
			i := rapid.IntRange(0, len(keys)).Draw(t, "gone")
			now = slices.Delete(now, i, i+1)
		}
		first := rapid.IntRange(0, 10).Draw(t, "first")
		end := rapid.IntRange(first, len(keys)).Draw(t, "end")
		stay := func(shift int) (n int) {
			for i, key := range keys[first:end] {
				if at := slices.Index(now, key); at >= 0 && at-first-i == shift {
					n++
				}
			}
			return n
		}
		got := scrollShift(keys[first:end], first, Keys(now))
		for other := -20; other <= 20; other++ {
			if stay(other) > stay(got) {
				t.Fatalf("%v in sight, then %v: a shift of %d keeps %d, one of %d keeps %d", keys[first:end], now, got, stay(got), other, stay(other))
			}
		}
	})
}

// A usual change costs a few steps, however long the list is.
func TestScrollShift_StopsEarly(t *testing.T) {
	const n = 1_000_000
	looked := 0
	order := Order[int]{Len: n + 1, At: func(i int) int { looked++; return i }} // what stood at i stands at i+1
	inSight := make([]int, 12)
	for i := range inSight {
		inSight[i] = n/2 + i - 1
	}
	if got := scrollShift(inSight, n/2, order); got != -1 || looked > 50 {
		t.Errorf("by %d, after %d looks", got, looked)
	}
	looked = 0
	inSight[5] = -1 // one is gone
	if got := scrollShift(inSight, n/2, order); got != -1 || looked > 50 {
		t.Errorf("with one gone by %d, after %d looks", got, looked)
	}
}

func TestOrder_Index(t *testing.T) {
	o := Keys([]int{7, 0, 3})
	for key, want := range map[int]int{7: 0, 3: 2, 8: -1, 0: -1} {
		if got := o.index(key); got != want {
			t.Errorf("%d stands at %d, want %d", key, got, want)
		}
	}
	if got := (Order[int]{}).index(1); got != -1 {
		t.Errorf("in an empty order it stands at %d", got)
	}
}
