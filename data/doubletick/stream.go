package doubletick

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// Deliveries reads r until its end: one JSON object, an array of objects, one
// object a line, or several after another, in UTF-8; arrays may lie in arrays.
// What cannot be taken is given as an error, and the reading goes on behind it:
// at the bracket that closes it, or at the next line that looks like the start
// of a delivery. Only the delivery at hand is held in memory. The sequence can
// be read once.
func Deliveries(r io.Reader) iter.Seq[Delivery] {
	return func(yield func(Delivery) bool) {
		s := &splitter{r: r, place: place{line: 1, blank: true}}
		for {
			c, more := s.next()
			if !more {
				return
			}
			d := Delivery{Line: c.line, Err: c.err}
			if c.err == nil {
				d = parse(c.line, c.raw)
			}
			if !yield(d) {
				return
			}
		}
	}
}

// chunk is a stretch of the input: one object, or what stands in the place of
// one.
type chunk struct {
	line int
	raw  []byte // good until the next chunk is asked for
	err  error
}

// splitter cuts the input into chunks.
//
// It never reads a byte more often than objects can be nested: it goes back
// only to a line that lies inside the object it returns up, so whatever it reads
// again is nested one level less.
type splitter struct {
	r       io.Reader
	err     error // of r; nothing more comes
	buf     []byte
	pos     int
	held    int // where the chunk at hand begins in buf; only if holding
	holding bool
	place
	arrays int // how many are open
	array  int // the line on which the first of them begins
}

// place is where the splitter stands.
type place struct {
	line   int
	column int  // bytes of this line that are passed
	indent int  // blanks at the line's beginning
	blank  bool // nothing but blanks so far
}

func (p *place) pass(c byte) {
	p.column++
	switch {
	case c == '\n':
		*p = place{line: p.line + 1, blank: true}
	case c != ' ' && c != '\t':
		p.blank = false
	case p.blank:
		p.indent++
	}
}

// begins reports whether a delivery may begin here that is not part of the one
// that began at start: on a later line, not further in.
func (p place) begins(start place, c byte) bool {
	return c == '{' && p.leaves(start)
}

// ends is begins for the bracket that closes the array.
func (p place) ends(start place, c byte) bool {
	return c == ']' && p.leaves(start)
}

func (p place) leaves(start place) bool {
	reach := start.indent
	if !start.blank { // behind the bracket of an array
		reach++
	}
	return p.blank && p.line > start.line && p.indent <= reach
}

// next returns the next chunk, until there is none.
func (s *splitter) next() (chunk, bool) {
	for {
		c, ok := s.peek()
		switch {
		case !ok:
			return s.end()
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',':
			s.take()
		case c == 0xEF || c == 0xBB || c == 0xBF: // the bytes of a byte order mark, at the start or where files were joined
			s.take()
		case c == '[':
			if s.arrays == 0 {
				s.array = s.line
			}
			s.arrays++
			s.take()
		case c == ']' && s.arrays > 0:
			s.arrays--
			s.take()
		case c == '{':
			return s.object(), true
		default:
			return s.scrap(), true
		}
	}
}

// end returns what is still to be said when nothing more comes.
func (s *splitter) end() (chunk, bool) {
	line, open := s.line, s.arrays > 0
	s.arrays = 0
	if s.err != io.EOF {
		err := s.err
		s.err = io.EOF
		return chunk{line: line, err: fmt.Errorf("read the deliveries: %w", err)}, true
	}
	if open {
		return chunk{line: line, err: invalid("the array that begins on line %d is not closed", s.array)}, true
	}
	return chunk{}, false
}

// object reads an object.
func (s *splitter) object() chunk {
	start := s.place
	s.held, s.holding = s.pos, true
	defer func() { s.holding = false }()

	var f frame
	var other struct { // the first line within that looks like the start of another
		place
		at int
	}
	for {
		c, ok := s.peek()
		err := error(nil)
		switch {
		case !ok:
			err = errUnclosed
		case s.pos-s.held == MaxBytes:
			err = errTooLong
		default:
			if other.at == 0 && s.begins(start, c) {
				other.place, other.at = s.place, s.pos-s.held
			}
			done := false
			if done, err = f.step(c); err != nil {
				err = fmt.Errorf("%w at byte %d of line %d", err, s.column+1, s.line)
				break
			}
			s.take()
			if !done {
				continue
			}
			return chunk{line: start.line, raw: s.buf[s.held:s.pos]}
		}
		if other.at != 0 {
			s.pos, s.place = s.held+other.at, other.place
		} else {
			s.skip(start, f)
		}
		return chunk{line: start.line, err: err}
	}
}

// skip passes over the rest of an object that cannot be taken, up to the bracket
// that closes it, or to a line that looks like the start of another.
func (s *splitter) skip(start place, f frame) {
	s.holding = false
	depth, quoted, escaped := f.depth, f.quoted, f.escaped
	for {
		c, ok := s.peek()
		switch {
		case !ok:
			s.arrays = 0 // that they are not closed goes without saying
			return
		case s.begins(start, c), s.arrays > 0 && s.ends(start, c):
			return
		}
		s.take()
		switch {
		case c == '\n': // no string goes over the end of a line
			quoted, escaped = false, false
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth <= 0 {
				return
			}
		}
	}
}

// scrap passes over what is no object: in an array to the next element,
// elsewhere to the end of the line.
func (s *splitter) scrap() chunk {
	start := s.place
	var sample []byte
	quoted, escaped := false, false
	for {
		c, ok := s.peek()
		if !ok || c == '\n' || s.arrays > 0 && !quoted && strings.IndexByte(",]{[", c) >= 0 {
			break
		}
		s.take()
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		}
		if len(sample) < 64 {
			sample = append(sample, c)
		}
	}
	if start.line == 1 && start.column == 0 && (bytes.HasPrefix(sample, []byte("\xFF\xFE")) || bytes.HasPrefix(sample, []byte("\xFE\xFF"))) {
		s.buf, s.pos, s.err = nil, 0, io.EOF
		return chunk{line: 1, err: invalid("the input is no UTF-8 (it looks like UTF-16)")}
	}
	return chunk{line: start.line, err: invalid("there is no JSON object but %q", data.OneLine(data.Clean(string(sample)), 32))}
}

// peek returns the next byte without passing it.
func (s *splitter) peek() (byte, bool) {
	if s.pos == len(s.buf) && !s.fill() {
		return 0, false
	}
	return s.buf[s.pos], true
}

// take passes the byte that peek gave.
func (s *splitter) take() {
	s.pass(s.buf[s.pos])
	s.pos++
}

// fill reads on. It keeps what is held and moves or grows the buffer only when
// it is full, so that every byte is copied a few times at most.
func (s *splitter) fill() bool {
	if s.err != nil {
		return false
	}
	if !s.holding {
		s.buf, s.pos, s.held = s.buf[:0], 0, 0
	}
	if len(s.buf) == cap(s.buf) {
		room := s.buf[:0]
		if s.held < cap(s.buf)/2 || cap(s.buf) == 0 {
			room = make([]byte, 0, max(2*cap(s.buf), 64<<10))
		}
		s.buf = append(room, s.buf[s.held:]...)
		s.pos -= s.held
		s.held = 0
	}
	for range 100 {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf, s.err = s.buf[:len(s.buf)+n], err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// maxDepth bounds how deeply a delivery may be nested; DoubleTick's own come
// to six.
const maxDepth = 64

// frame follows the grammar of JSON through one object, byte by byte, so that what is broken shows where it breaks. It does not look into
// words and numbers.
type frame struct {
	open    [maxDepth]byte
	depth   int
	want    want
	quoted  bool
	escaped bool
	word    bool
}

// want is what the grammar allows next.
type want int

const (
	value want = iota
	valueOrEnd
	key
	keyOrEnd
	colon
	commaOrEnd
)

// step takes the next byte. It reports whether the frame is closed with it, or
// why it cannot stand there; it then is as if the byte had not come.
func (f *frame) step(c byte) (done bool, err error) {
	if f.quoted {
		switch {
		case c == '\n':
			return false, invalid("its JSON is broken: a string has no end")
		case c < ' ':
			return false, invalid("its JSON is broken: a string holds the control character %#02x", c)
		case f.escaped:
			f.escaped = false
		case c == '\\':
			f.escaped = true
		case c == '"':
			f.quoted = false
		}
		return false, nil
	}
	word := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.'
	if f.word && word {
		return false, nil
	}
	f.word = false
	wantsValue := f.want == value || f.want == valueOrEnd
	switch {
	case c == ' ' || c == '\t' || c == '\r' || c == '\n':
	case c == '"' && wantsValue:
		f.quoted, f.want = true, commaOrEnd
	case c == '"' && (f.want == key || f.want == keyOrEnd):
		f.quoted, f.want = true, colon
	case c == ':' && f.want == colon:
		f.want = value
	case c == ',' && f.want == commaOrEnd && f.open[f.depth-1] == '{':
		f.want = key
	case c == ',' && f.want == commaOrEnd:
		f.want = value
	case (c == '{' || c == '[') && wantsValue:
		if f.depth == maxDepth {
			return false, errTooDeep
		}
		f.open[f.depth] = c
		f.depth++
		if f.want = valueOrEnd; c == '{' {
			f.want = keyOrEnd
		}
	case c == '}' && f.depth > 0 && f.open[f.depth-1] == '{' && (f.want == keyOrEnd || f.want == commaOrEnd),
		c == ']' && f.depth > 0 && f.open[f.depth-1] == '[' && (f.want == valueOrEnd || f.want == commaOrEnd):
		f.depth--
		f.want = commaOrEnd
		return f.depth == 0, nil
	case word && wantsValue:
		f.word, f.want = true, commaOrEnd
	default:
		return false, invalid("its JSON is broken: %q cannot stand", rune(c))
	}
	return false, nil
}
