package listview

import (
	"context"

	"github.com/latchdesk/latchdesk/ui/async"
)

const (
	prefetchRows = 20 // rows above and below those in sight that are read with them

	// MaxCached is how many values are remembered, besides those of one read.
	MaxCached = 400
)

// entry is what is known of a key.
type entry[V any] struct {
	value V
	found bool // the key has a value
	stale bool // the value may have changed since it was read
}

// Value returns what is known of a key, and whether anything is. It may be stale.
func (l *List[K, V]) Value(key K) (V, bool) {
	e := l.cache[key]
	return e.value, e.found
}

// CacheLen returns how many values are remembered.
func (l *List[K, V]) CacheLen() int { return len(l.cache) }

// Put remembers values that were read with the order, so that no row is empty
// before its own read.
func (l *List[K, V]) Put(values map[K]V) {
	l.trim(len(values))
	for key, value := range values {
		l.cache[key] = entry[V]{value: value, found: true}
		delete(l.loading, key)
	}
}

// MarkStale has a key's value read anew when its row is in sight. Until then the
// row shows what it did.
func (l *List[K, V]) MarkStale(key K) {
	delete(l.loading, key) // what is being read may be from before the change
	if e, ok := l.cache[key]; ok {
		e.stale = true
		l.cache[key] = e
	}
}

// MarkAllStale marks the values of all keys as stale.
func (l *List[K, V]) MarkAllStale() {
	clear(l.loading)
	for key, e := range l.cache {
		e.stale = true
		l.cache[key] = e
	}
}

// NearbyRange returns the first and the one after the last index of the rows in
// sight and those that are read with them.
func (l *List[K, V]) NearbyRange() (first, end int) {
	first, end = l.Widget.VisibleRange()
	return max(0, first-prefetchRows), min(l.order.Len, end+prefetchRows)
}

func (l *List[K, V]) isCurrent(i int) bool {
	e, ok := l.cache[l.order.At(i)]
	return ok && !e.stale
}

// loadNearby reads the values of the rows nearby that are not known. It cancels
// the read before, unless that reads all of them.
func (l *List[K, V]) loadNearby() {
	first, end := l.NearbyRange()
	for first < end && l.isCurrent(first) {
		first++
	}
	for first < end && l.isCurrent(end-1) {
		end--
	}
	if first >= end || l.rowsSlot.Busy() && l.isLoading(first, end) {
		return
	}
	keys := l.order.keys(first, end)
	l.loading = make(map[K]bool, len(keys))
	for _, key := range keys {
		l.loading[key] = true
	}
	load := l.Load
	async.Load(l.rowsSlot, func(ctx context.Context) (map[K]V, error) { return load(ctx, keys) }, func(values map[K]V) {
		l.store(keys, values)
		l.Widget.UpdateVisible()
	})
}

func (l *List[K, V]) isLoading(first, end int) bool {
	for i := first; i < end; i++ {
		if !l.isCurrent(i) && !l.loading[l.order.At(i)] {
			return false
		}
	}
	return true
}

// store remembers the values that were read of keys. What changed meanwhile, or
// was put there, is not overwritten with what may be older.
func (l *List[K, V]) store(keys []K, values map[K]V) {
	l.trim(len(keys))
	for _, key := range keys {
		value, found := values[key]
		e, known := l.cache[key]
		switch {
		case l.loading[key] && (found || !known):
			e = entry[V]{value: value, found: found}
		case l.loading[key]:
			e.stale = false // there is nothing to be read
		case !known:
			e = entry[V]{value: value, found: found, stale: true}
		}
		l.cache[key] = e
	}
	clear(l.loading)
}

// trim makes room for so many values where that is needed: it forgets all but
// those of the rows nearby and of the selected one.
func (l *List[K, V]) trim(more int) {
	if len(l.cache)+more <= MaxCached {
		return
	}
	kept := make(map[K]entry[V], MaxCached)
	keep := func(key K) {
		if e, ok := l.cache[key]; ok {
			kept[key] = e
		}
	}
	keep(l.selected)
	first, end := l.NearbyRange()
	for i := first; i < end; i++ {
		keep(l.order.At(i))
	}
	l.cache = kept
}
