package native

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// methodWorld is a keyboard, an input method that composes words of letters, and a
// window that is told of keys. Everything the method says is on the way until deliver
// brings it.
type methodWorld struct {
	filter methodFilter
	held   keyEvent
	way    []keyEvent // what the method has said and the window has not got
	words  []string   // the texts committed that are on the way
	time   uint32
	inUse  bool // a method is
	// givesBack has the method give back the Enter or space that ends a word, as m17n
	// does, and the text is then later than the key.
	givesBack bool
	composed  string
	window    []string // what the window got: text, or the name of a key
}

var methodKeys = map[string]struct {
	code   uint8
	symbol uint32
}{
	"a": {38, 'a'}, "b": {56, 'b'}, "space": {65, ' '}, "Enter": {36, keyReturn},
	"Backspace": {22, keyBackSpace}, "Left": {113, keyHome + 1}, "Escape": {9, keyEscape},
}

// press presses a key, has the method decide, and releases the key.
func (w *methodWorld) press(name string) {
	w.down(name)
	w.up(name)
}

func (w *methodWorld) down(name string) {
	w.time += 5
	k := methodKeys[name]
	e := keyEvent{code: k.code, symbol: k.symbol, time: w.time}
	if !w.inUse {
		w.get(e)
		return
	}
	filtered := e
	filtered.filtered = true
	w.get(filtered)
	switch letter := name == "a" || name == "b"; {
	case letter:
		w.composed += name
	case w.composed == "":
		w.way = append(w.way, e)
	case name == "Backspace":
		w.composed = w.composed[:len(w.composed)-1]
	case name == "Escape":
		w.composed = ""
	default:
		if w.givesBack {
			w.way = append(w.way, e)
		}
		w.way = append(w.way, keyEvent{})
		w.words = append(w.words, w.composed)
		w.composed = ""
	}
}

func (w *methodWorld) up(name string) {
	w.time += 5
	k := methodKeys[name]
	e := keyEvent{code: k.code, symbol: k.symbol, time: w.time, released: true}
	if !w.inUse {
		w.get(e)
		return
	}
	filtered := e
	filtered.filtered = true
	w.get(filtered)
	w.way = append(w.way, e)
}

// deliver brings what is on the way.
func (w *methodWorld) deliver() {
	way := w.way
	w.way = nil
	for _, e := range way {
		w.get(e)
	}
}

func (w *methodWorld) get(e keyEvent) {
	switch w.filter.judge(e) {
	case tell:
		w.tell(e)
	case hold:
		w.held = e
	case tellThenHeld:
		w.tell(e)
		w.tell(w.held)
	case heldBeforeIt:
		w.tell(w.held)
		w.tell(e)
	}
}

func (w *methodWorld) tell(e keyEvent) {
	if e.released {
		return
	}
	if e.code == 0 {
		w.window = append(w.window, w.words[0])
		w.words = w.words[1:]
		return
	}
	for name, k := range methodKeys {
		if k.code == e.code {
			w.window = append(w.window, name)
		}
	}
}

func (w *methodWorld) expect(t *testing.T, want ...string) {
	t.Helper()
	w.deliver()
	if !slices.Equal(w.window, want) {
		t.Errorf("the window got %q, want %q", w.window, want)
	}
}

func (w *methodWorld) pressAll(names ...string) {
	for _, name := range names {
		w.press(name)
		w.deliver()
	}
}

func TestMethodFilter_EnterThatAcceptsAWordIsTheMethods(t *testing.T) {
	for _, givesBack := range []bool{false, true} {
		w := &methodWorld{inUse: true, givesBack: givesBack}
		w.pressAll("a", "b", "Enter")
		w.expect(t, "ab")
		w.pressAll("Enter")
		w.expect(t, "ab", "Enter")
	}
}

func TestMethodFilter_HeldEnterDoesNotSendWhatItAccepted(t *testing.T) {
	for _, givesBack := range []bool{false, true} {
		w := &methodWorld{inUse: true, givesBack: givesBack}
		w.pressAll("a")
		for range 5 {
			w.down("Enter")
			w.deliver()
		}
		w.up("Enter")
		w.expect(t, "a")
		w.pressAll("Enter")
		w.expect(t, "a", "Enter")
	}
}

func TestMethodFilter_SpaceStandsBehindTheWordItEnds(t *testing.T) {
	w := &methodWorld{inUse: true, givesBack: true}
	w.pressAll("a", "space", "b", "Enter")
	w.expect(t, "a", "space", "b")
}

func TestMethodFilter_BackspaceCorrectsOneOrTheOther(t *testing.T) {
	w := &methodWorld{inUse: true}
	w.pressAll("a", "Enter", "b", "Backspace")
	w.expect(t, "a")
	w.pressAll("Backspace", "Backspace")
	w.expect(t, "a", "Backspace", "Backspace")
}

func TestMethodFilter_EnterAfterAWordWasTakenBackSends(t *testing.T) {
	for _, last := range []string{"Escape", "Backspace"} {
		w := &methodWorld{inUse: true}
		w.pressAll("a", last, "Enter")
		w.expect(t, "Enter")
	}
}

// A dead key works without an input method's server: what it takes never comes back,
// and what it leaves is not held back.
func TestMethodFilter_DeadKeyTakesTheKeyThatBreaksIt(t *testing.T) {
	for _, name := range []string{"Backspace", "Enter", "Escape"} {
		w := &methodWorld{}
		k := methodKeys[name]
		w.get(keyEvent{code: 49, symbol: 0xfe52, time: 1, filtered: true})
		w.get(keyEvent{code: 49, symbol: 0xfe52, time: 2, released: true})
		w.get(keyEvent{code: k.code, symbol: k.symbol, time: 3, filtered: true})
		w.get(keyEvent{code: k.code, symbol: k.symbol, time: 4, released: true})
		w.expect(t)
		w.press(name)
		w.expect(t, name)
	}
}

// Xlib takes a key that types two letters, with Control, too, and gives nothing back; a
// method hands back what it has no use for.
func TestMethodFilter_ShortcutsComeThrough(t *testing.T) {
	w := &methodWorld{}
	lamAlef := keyEvent{code: 56, symbol: 'b', time: 1000, modified: true, filtered: true}
	w.get(lamAlef)
	w.expect(t, "b")

	w = &methodWorld{inUse: true}
	w.pressAll("Enter")
	w.get(lamAlef)
	w.expect(t, "Enter")
	lamAlef.filtered = false
	w.get(lamAlef)
	w.expect(t, "Enter", "b")
}

func TestMethodFilter_LosingTheKeyboardForgetsWhatIsHeld(t *testing.T) {
	w := &methodWorld{inUse: true, givesBack: true}
	w.pressAll("a")
	w.down("Left")
	w.way = w.way[:1] // the key alone has come back
	w.deliver()
	w.filter.forget()
	w.inUse = false
	w.press("Enter")
	w.expect(t, "Enter")
}

func TestMethodFilter_ShiftEnterIsNotHeld(t *testing.T) {
	w := &methodWorld{inUse: true}
	w.pressAll("a", "Enter")
	w.get(keyEvent{code: 36, symbol: keyReturn, time: 1000, shift: true, filtered: true})
	w.get(keyEvent{code: 36, symbol: keyReturn, time: 1000, shift: true})
	w.expect(t, "a", "Enter")
}

// Whatever is pressed, and however late the method answers, nothing is lost, nothing
// comes twice, words stand where they were composed, an Enter that accepts one is
// never told, and an Enter with nothing composed is.
func TestMethodFilter_EveryStory(t *testing.T) {
	names := []string{"a", "b", "space", "Enter", "Backspace", "Left", "Escape"}
	rapid.Check(t, func(t *rapid.T) {
		w := &methodWorld{inUse: rapid.Bool().Draw(t, "inUse"), givesBack: rapid.Bool().Draw(t, "givesBack")}
		var want []string
		composed := ""
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 1, 60).Draw(t, "keys") {
			if name == "Enter" || rapid.IntRange(0, 3).Draw(t, "late") > 0 {
				w.deliver()
			}
			w.press(name)
			switch {
			case !w.inUse:
				want = append(want, name)
			case name == "a" || name == "b":
				composed += name
			case composed == "":
				want = append(want, name)
			case name == "Backspace":
				composed = composed[:len(composed)-1]
			case name == "Escape":
				composed = ""
			default:
				want = append(want, composed)
				if name == "space" && w.givesBack {
					want = append(want, name)
				}
				composed = ""
			}
			if name == "Enter" {
				w.deliver()
			}
		}
		w.deliver()
		if !slices.Equal(w.window, want) {
			t.Fatalf("the window got\n%s, want\n%s", strings.Join(w.window, " "), strings.Join(want, " "))
		}
	})
}
