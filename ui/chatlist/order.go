package chatlist

import (
	"slices"

	"github.com/latchdesk/latchdesk/data"
)

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

// withOpen returns keys with the open chat in its place among the unread, where it
// was and is no longer: to open a chat reads it, and its row stays under the mouse
// until another is opened. It does not change keys.
func (p *Pane) withOpen(keys []data.ChatKey) []data.ChatKey {
	if p.filter != data.UnreadChats || p.openID == 0 {
		return keys
	}
	isOpen := func(k data.ChatKey) bool { return k.ID == p.openID }
	was := slices.IndexFunc(p.keys, isOpen)
	if was < 0 || slices.ContainsFunc(keys, isOpen) {
		return keys
	}
	p.keptID = p.openID
	return merge(keys, nil, p.keys[was:was+1])
}

// ownKeys returns the keys without that of the chat that is among the unread only
// because it is open.
func (p *Pane) ownKeys() []data.ChatKey {
	if p.keptID == 0 {
		return p.keys
	}
	return slices.DeleteFunc(slices.Clone(p.keys), func(k data.ChatKey) bool { return k.ID == p.keptID })
}
