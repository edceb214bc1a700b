package chatlist

import "github.com/latchdesk/latchdesk/data"

// merge returns keys with the changed customers moved to their places in fresh,
// which is in order, or left out where they are not in it. It changes neither.
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
