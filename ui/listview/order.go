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

// scrollShift returns by how many rows the list is to be scrolled for what is in
// sight to stay where it is in another order; first is the index of the uppermost
// row in sight.
//
// The anchor is the uppermost of the most rows that still follow one another. A
// row that is gone does not part them: its gap closes from below, and who acts on
// row after row finds the next under the pointer. A row that went elsewhere does:
// it takes nobody along, not even if it was the uppermost in sight.
func scrollShift[K comparable](inSight []K, first int, order Order[K]) int {
	shift, most := 0, 0
	start, size, last := 0, 0, -1 // of the rows that follow one another
	for i, at := range findAll(inSight, first, order) {
		if at < 0 {
			continue
		}
		if size == 0 || at != last+1 {
			start, size = at-first-i, 0
		}
		size++
		last = at
		if size > most {
			shift, most = start, size
		}
	}
	return shift
}

// findAll returns where neighboring keys stand in order, -1 for those that do not.
// It looks around index first until most are found and no other is near, then from
// the top: so it costs a few steps in a list of any length, unless one is gone.
func findAll[K comparable](keys []K, first int, order Order[K]) []int {
	places := slices.Repeat([]int{-1}, len(keys))
	missing := slices.Clone(keys)
	look := func(i int) (found bool) {
		key := order.At(i)
		for k := range missing {
			if missing[k] == key {
				missing = slices.Delete(missing, k, k+1)
				places[slices.Index(keys, key)] = i
				return true
			}
		}
		return false
	}
	reach := first + order.Len
	for distance := 0; distance <= reach && len(missing) > 0; distance++ {
		below, above := first+distance, first-1-distance
		found := below < order.Len && look(below)
		found = above >= 0 && above < order.Len && look(above) || found
		if found && 2*len(missing) < len(keys) {
			reach = distance + len(keys)
		}
	}
	for i := 0; i < order.Len && len(missing) > 0; i++ {
		look(i)
	}
	return places
}
