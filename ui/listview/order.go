package listview

import "slices"

// Order is the keys of a list from top to bottom. It does not change: a list
// that changes gets another Order.
type Order[K comparable] struct {
	// Len is how many keys there are.
	Len int
	// At returns the key at an index from 0 to Len-1.
	At func(index int) K
}

// Keys returns the order of a slice, which must not be changed any more.
func Keys[K comparable](keys []K) Order[K] {
	return Order[K]{Len: len(keys), At: func(i int) K { return keys[i] }}
}

// index returns where a key stands, or -1. The zero key stands nowhere.
func (o Order[K]) index(key K) int {
	var none K
	if key == none {
		return -1
	}
	for i := range o.Len {
		if o.At(i) == key {
			return i
		}
	}
	return -1
}

// keys returns the keys from index first up to end.
func (o Order[K]) keys(first, end int) []K {
	keys := make([]K, 0, end-first)
	for i := first; i < end; i++ {
		keys = append(keys, o.At(i))
	}
	return keys
}

// scrollShift returns by how many rows most of the rows in sight, the first of
// which stood at index first, have moved in order: scrolled as far, the fewest of
// them move on screen. The uppermost alone would not do as an anchor: it may be
// the very row that went to the top.
//
// The search begins where the rows stood and ends when no other shift can win, so
// that a usual change costs a few steps in a list of any length.
func scrollShift[K comparable](inSight []K, first int, order Order[K]) int {
	votes := map[int]int{}
	best, left := 0, len(inSight)
	decided := left == 0
	count := func(i int) {
		if i < 0 || i >= order.Len {
			return
		}
		stood := slices.Index(inSight, order.At(i))
		if stood < 0 {
			return
		}
		shift := i - first - stood
		votes[shift]++
		if votes[shift] > votes[best] {
			best = shift
		}
		left--
		decided = left <= votes[best]
		for other, n := range votes {
			decided = decided && (other == best || n+left <= votes[best])
		}
	}
	for distance := 0; !decided && (distance < first || first+distance < order.Len); distance++ {
		count(first + distance)
		count(first - 1 - distance)
	}
	return best
}
