package listview

import (
	"fmt"
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
		{"the second in sight is gone", 2, 7, []int{1, 2, 3, 5, 6, 7, 8, 9}, 0},
		{"the second in sight to the top", 2, 7, []int{4, 1, 2, 3, 5, 6, 7, 8, 9}, 0},
		{"the first in sight is gone", 2, 7, []int{1, 2, 4, 5, 6, 7, 8, 9}, -1},
		{"two in sight to the top", 2, 9, []int{3, 5, 1, 2, 4, 6, 7, 8, 9}, 0},
		{"one new among those in sight", 2, 7, []int{1, 2, 3, 4, 5, 11, 6, 7, 8, 9}, 0},
		{"much shorter", 6, 9, []int{8, 9}, -7},
	} {
		if got := scrollShift(all[c.first:c.end], c.first, Keys(c.now)); got != c.want {
			t.Errorf("%s: by %d, want %d", c.name, got, c.want)
		}
	}
}

// However the order changes, where most of the rows in sight still follow one
// another, the uppermost of these stays where it is.
func TestScrollShift_KeepsMostInPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := make([]int, 60)
		for i := range keys {
			keys[i] = i + 1
		}
		now := slices.Clone(keys)
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			i := rapid.IntRange(0, len(now)-1).Draw(t, "from")
			moved := now[i]
			now = slices.Delete(now, i, i+1)
			switch rapid.IntRange(0, 2).Draw(t, "change") {
			case 0:
				now = slices.Insert(now, 0, moved)
			case 1:
				now = slices.Insert(now, rapid.IntRange(0, len(now)).Draw(t, "to"), moved)
			}
			if rapid.Bool().Draw(t, "new") {
				now = slices.Insert(now, rapid.IntRange(0, len(now)).Draw(t, "at"), 100+len(now))
			}
		}
		first := rapid.IntRange(1, 50).Draw(t, "first")
		inSight := keys[first : first+10]
		stay := slices.DeleteFunc(slices.Clone(inSight), func(k int) bool { return !slices.Contains(now, k) })
		for start := range stay {
			at := slices.Index(now, stay[start])
			size := 1
			for start+size < len(stay) && slices.Index(now, stay[start+size]) == at+size {
				size++
			}
			if 2*size <= len(inSight) {
				continue
			}
			want := at - slices.Index(keys, stay[start])
			if got := scrollShift(inSight, first, Keys(now)); got != want {
				t.Fatalf("%v in sight, then %v: by %d, want %d", inSight, now, got, want)
			}
			return
		}
	})
}

// A usual change costs a few steps, however long the list is.
func TestScrollShift_StopsEarly(t *testing.T) {
	const n = 1_000_000
	looked := 0
	order := Order[int]{Len: n, At: func(i int) int {
		looked++
		if i == 0 {
			return n + 1
		}
		return i
	}}
	inSight := make([]int, 12)
	for i := range inSight {
		inSight[i] = n/2 + i - 1 // what stood at i+1 stands at i
	}
	if got := scrollShift(inSight, n/2, order); got != -1 || looked > 50 {
		t.Errorf("by %d, after %d looks", got, looked)
	}
	looked = 0
	inSight[0] = n + 1 // went to the top
	if got := scrollShift(inSight, n/2, order); got != -1 || looked > 100 {
		t.Errorf("with one at the top by %d, after %d looks", got, looked)
	}
	looked = 0
	inSight[0] = n + 2 // is gone
	if got := scrollShift(inSight, n/2, order); got != -1 || looked > n+100 {
		t.Errorf("with one gone by %d, after %d looks", got, looked)
	}
}

func BenchmarkScrollShift_OneGone(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			keys := make([]int, n)
			for i := range keys {
				keys[i] = i + 1
			}
			order := Keys(keys)
			inSight := order.keys(n/2, n/2+12)
			inSight[5] = -1
			for b.Loop() {
				scrollShift(inSight, n/2, order)
			}
		})
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
