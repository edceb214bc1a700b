package native

import "slices"

// The keys that do something and type nothing, as X11 calls them.
const (
	keyBackSpace = 0xff08
	keyTab       = 0xff09
	keyReturn    = 0xff0d
	keyEscape    = 0xff1b
	keyHome      = 0xff50 // the first of those that move
	keyEnd       = 0xff57 // the last
	keyKPEnter   = 0xff8d
	keyDelete    = 0xffff
	keyShiftTab  = 0xfe20
)

// keyEvent is what X11 says of a key other than Shift and its like.
type keyEvent struct {
	code     uint8 // of the key; zero for text that an input method commits
	symbol   uint32
	time     uint32 // milliseconds, by X11's clock, which begins anew every 50 days
	shift    bool
	modified bool // by Control, Alt or Super
	released bool
	filtered bool // the input method has it, and may give it back
}

// verdict is what becomes of an event.
type verdict int

const (
	tell         verdict = iota // the window is told
	hide                        // it is not
	hold                        // it is not yet
	tellThenHeld                // it is told of this event and then of the one that was held
	heldBeforeIt                // it is told of the one that was held and then of this event
)

// methodFilter decides which keys the window is told of where an input method is in
// use. The method gets every key first, and gives back, later and with the same time,
// those that it has no use for. The window is told of a key only when it has come
// back: an Enter that accepts a word, or a Backspace that corrects one, is the
// method's alone.
//
// Some methods give a key back that ended what was composed, and IBus can be later
// with the text that it ended than with the key. So where a key was taken and another
// comes back, that one is held until the text comes or anything later has come back.
// If the text comes, a key that types follows it, and any other has done its work.
//
// A key that no method took is not held back at all. Dead keys are the work of Xlib,
// which hands nothing back: it also takes a key that types two letters, as the Arabic
// lam-alef does, and so its shortcut.
type methodFilter struct {
	serves  bool // the method is a program that gives keys back, and not Xlib
	keys    [256]methodKey
	way     []press // those that the method got and has not given back, the oldest first
	holding bool
	held    keyEvent
}

// methodKey is what is known of one key.
type methodKey struct {
	down  bool
	hold  int // counts how often the key went down
	spent int // the last of these in which the method took the key
}

// press is a press of a key, or a repeat.
type press struct {
	code uint8
	time uint32
	hold int // of its key
}

// maxPresses is how many presses are remembered: a method that is asked for more has
// taken the oldest or answers no longer.
const maxPresses = 256

// judge returns what becomes of an event.
func (f *methodFilter) judge(e keyEvent) verdict {
	switch {
	case e.code == 0 && !e.filtered && !e.released:
		return f.commit()
	case e.code == 0:
		return tell
	case e.released && e.filtered:
		f.keys[e.code].down = false
		return tell // the window knows whether the key was down for it
	case e.released:
		f.keys[e.code].down = false
		return f.come(e, tell)
	case e.filtered && e.modified && !f.serves:
		return tell
	case e.filtered:
		f.goDown(e.code)
		f.way = append(f.way, press{e.code, e.time, f.keys[e.code].hold})
		f.way = f.way[max(0, len(f.way)-maxPresses):]
		return hide
	}
	at := slices.IndexFunc(f.way, func(p press) bool { return p.code == e.code && p.time == e.time })
	if at < 0 {
		return f.untaken(e)
	}
	f.serves = true
	returned, taken := f.way[at], f.way[:at]
	for _, p := range taken { // what comes back comes in the order it was pressed
		f.keys[p.code].spent = p.hold
	}
	f.way = slices.Clone(f.way[at+1:])
	switch {
	case decides(e.symbol) && f.keys[e.code].spent == returned.hold:
		return hide // a repeat of a press that was the method's
	case len(taken) > 0 && (types(e.symbol) || !e.shift):
		return f.come(e, hold)
	}
	return f.come(e, tell)
}

// untaken returns what becomes of a press that the method did not want to see. It may
// be the repeat of one that a dead key took.
func (f *methodFilter) untaken(e keyEvent) verdict {
	f.goDown(e.code)
	key := f.keys[e.code]
	if decides(e.symbol) && slices.ContainsFunc(f.way, func(p press) bool { return p.code == e.code && p.hold == key.hold }) {
		return hide
	}
	return f.come(e, tell)
}

// goDown notes that a key is down.
func (f *methodFilter) goDown(code uint8) {
	if key := &f.keys[code]; !key.down {
		key.down = true
		key.hold++
	}
}

// come returns what becomes of an event that would have the given verdict: the one
// that is held goes before it.
func (f *methodFilter) come(e keyEvent, alone verdict) verdict {
	switch {
	case f.holding && !before(e.time, f.held.time):
		f.holding = false
		return heldBeforeIt
	case alone == hold:
		f.holding, f.held = true, e
	}
	return alone
}

// commit returns what becomes of text that a method commits.
func (f *methodFilter) commit() verdict {
	if !f.holding {
		return tell
	}
	f.holding = false
	if types(f.held.symbol) {
		return tellThenHeld
	}
	if key := &f.keys[f.held.code]; key.down {
		key.spent = key.hold
	}
	return tell
}

// forget forgets what is held, as when the window loses the keyboard.
func (f *methodFilter) forget() { *f = methodFilter{serves: f.serves} }

// before reports whether a time of X11's is before another.
func before(a, b uint32) bool { return int32(a-b) < 0 }

// decides reports whether a key sends, confirms, leaves or goes on to the next field.
func decides(symbol uint32) bool {
	switch symbol {
	case keyReturn, keyKPEnter, keyEscape, keyTab, keyShiftTab:
		return true
	}
	return false
}

// types reports whether a key types something.
func types(symbol uint32) bool {
	edits := symbol == keyBackSpace || symbol == keyDelete || symbol >= keyHome && symbol <= keyEnd
	return !decides(symbol) && !edits
}
