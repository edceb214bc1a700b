package chatlist

import (
	"slices"

	"github.com/latchdesk/latchdesk/data"
)

// merge returns keys with the places of the changed customers read anew: those
// among fresh stand where they belong now, the others are gone.
func merge(keys []data.ChatKey, changed map[int64]bool, fresh []data.ChatKey) []data.ChatKey {
	merged := make([]data.ChatKey, 0, len(keys)+len(fresh))
	for _, k := range keys {
		if changed[k.ID] {
			continue
		}
		for len(fresh) > 0 && fresh[0].Before(k) {
			merged = append(merged, fresh[0])
			fresh = fresh[1:]
		}
		merged = append(merged, k)
	}
	return append(merged, fresh...)
}

// scrollShift tells by how many places most of the rows in sight, the first of
// which stands at an index, have moved in keys. One that went to the top since
// it was written to tells nothing of where the reader is.
func scrollShift(inSight []data.ChatKey, first int, keys []data.ChatKey) int {
	stood := make(map[int64]int, len(inSight))
	for i, k := range inSight {
		stood[k.ID] = first + i
	}
	votes := map[int]int{}
	most := 0
	for i, k := range keys {
		before, ok := stood[k.ID]
		if !ok {
			continue
		}
		if votes[i-before]++; votes[i-before] > votes[most] {
			most = i - before
		}
	}
	return most
}

// indexOf returns where a customer stands, or -1.
func indexOf(keys []data.ChatKey, id int64) int {
	return slices.IndexFunc(keys, func(k data.ChatKey) bool { return k.ID == id })
}
