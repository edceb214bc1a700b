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
		s := &splitter{r: r, position: position{line: 1, blank: true}}
		var all []Delivery // of the object at hand
		for {
			c, more := s.next()
			if !more {
				return
			}
			all = append(all[:0], Delivery{Line: c.line, Err: c.err})
			if c.err == nil {
				all = appendDeliveries(all[:0], c.line, c.raw)
			}
			for _, d := range all {
				if !yield(d) {
					return
				}
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
	r          io.Reader
	err        error // of r; nothing more comes
	buf        []byte
	pos        int
	chunkStart int // where the chunk at hand begins in buf; only if holding
	holding    bool
	position
	openArrays int // how many are open
	arrayLine  int // the line on which the first of them begins
}

// position is where the splitter stands.
type position struct {
	line   int
	column int  // bytes of this line that are passed
	indent int  // blanks at the line's beginning
	blank  bool // nothing but blanks so far
}

func (p *position) track(c byte) {
	p.column++
	switch {
	case c == '\n':
		*p = position{line: p.line + 1, blank: true}
	case c != ' ' && c != '\t':
		p.blank = false
	case p.blank:
		p.indent++
	}
}

// startsDelivery reports whether a delivery may begin here that is not part of the one
// that began at start: on a later line, not further in.
func (p position) startsDelivery(start position, c byte) bool {
	return c == '{' && p.isOutdented(start)
}

// closesArray is begins for the bracket that closes the array.
func (p position) closesArray(start position, c byte) bool {
	return c == ']' && p.isOutdented(start)
}

func (p position) isOutdented(start position) bool {
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
			return s.finish()
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',':
			s.advance()
		case c == 0xEF || c == 0xBB || c == 0xBF: // the bytes of a byte order mark, at the start or where files were joined
			s.advance()
		case c == '[':
			if s.openArrays == 0 {
				s.arrayLine = s.line
			}
			s.openArrays++
			s.advance()
		case c == ']' && s.openArrays > 0:
			s.openArrays--
			s.advance()
		case c == '{':
			return s.readObject(), true
		default:
			return s.skipGarbage(), true
		}
	}
}

// finish returns what is still to be said when nothing more comes.
func (s *splitter) finish() (chunk, bool) {
	line, open := s.line, s.openArrays > 0
	s.openArrays = 0
	if s.err != io.EOF {
		err := s.err
		s.err = io.EOF
		return chunk{line: line, err: fmt.Errorf("read the deliveries: %w", err)}, true
	}
	if open {
		return chunk{line: line, err: invalid("the array that begins on line %d is not closed", s.arrayLine)}, true
	}
	return chunk{}, false
}

// readObject reads an object.
func (s *splitter) readObject() chunk {
	start := s.position
	s.chunkStart, s.holding = s.pos, true
	defer func() { s.holding = false }()

	var scan jsonScanner
	var next struct { // the first line within that looks like the start of another
		position
		at int
	}
	for {
		c, ok := s.peek()
		err := error(nil)
		switch {
		case !ok:
			err = errUnclosed
		case s.pos-s.chunkStart == MaxBytes:
			err = errTooLong
		default:
			if next.at == 0 && s.startsDelivery(start, c) {
				next.position, next.at = s.position, s.pos-s.chunkStart
			}
			done := false
			if done, err = scan.step(c); err != nil {
				err = fmt.Errorf("%w at byte %d of line %d", err, s.column+1, s.line)
				break
			}
			s.advance()
			if !done {
				continue
			}
			return chunk{line: start.line, raw: s.buf[s.chunkStart:s.pos]}
		}
		if next.at != 0 {
			s.pos, s.position = s.chunkStart+next.at, next.position
		} else {
			s.skipObject(start, scan)
		}
		return chunk{line: start.line, err: err}
	}
}

// skipObject passes over the rest of an object that cannot be taken, up to the bracket
// that closes it, or to a line that looks like the start of another.
func (s *splitter) skipObject(start position, scan jsonScanner) {
	s.holding = false
	depth, quoted, escaped := scan.depth, scan.inString, scan.escaped
	for {
		c, ok := s.peek()
		switch {
		case !ok:
			s.openArrays = 0 // that they are not closed goes without saying
			return
		case s.startsDelivery(start, c), s.openArrays > 0 && s.closesArray(start, c):
			return
		}
		s.advance()
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

// skipGarbage passes over what is no object: in an array to the next element,
// elsewhere to the end of the line.
func (s *splitter) skipGarbage() chunk {
	start := s.position
	var sample []byte
	quoted, escaped := false, false
	for {
		c, ok := s.peek()
		if !ok || c == '\n' || s.openArrays > 0 && !quoted && strings.IndexByte(",]{[", c) >= 0 {
			break
		}
		s.advance()
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
		return chunk{line: 1, err: invalid("the input is not UTF-8 (it looks like UTF-16)")}
	}
	return chunk{line: start.line, err: invalid("not a JSON object: %q", data.OneLine(data.Clean(string(sample)), 32))}
}

// peek returns the next byte without passing it.
func (s *splitter) peek() (byte, bool) {
	if s.pos == len(s.buf) && !s.fill() {
		return 0, false
	}
	return s.buf[s.pos], true
}

// advance passes the byte that peek gave.
func (s *splitter) advance() {
	s.track(s.buf[s.pos])
	s.pos++
}

// fill reads on. It keeps what is held and moves or grows the buffer only when
// it is full, so that every byte is copied a few times at most.
func (s *splitter) fill() bool {
	if s.err != nil {
		return false
	}
	if !s.holding {
		s.buf, s.pos, s.chunkStart = s.buf[:0], 0, 0
	}
	if len(s.buf) == cap(s.buf) {
		room := s.buf[:0]
		if s.chunkStart < cap(s.buf)/2 || cap(s.buf) == 0 {
			room = make([]byte, 0, max(2*cap(s.buf), 64<<10))
		}
		s.buf = append(room, s.buf[s.chunkStart:]...)
		s.pos -= s.chunkStart
		s.chunkStart = 0
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

// jsonScanner follows the grammar of JSON through one object, byte by byte, so
// that an error names the byte that is wrong. It does not look into words and
// numbers.
type jsonScanner struct {
	open      [maxDepth]byte
	depth     int
	expect    expectation
	inString  bool
	escaped   bool
	inLiteral bool
}

// expectation is what the grammar allows next.
type expectation int

const (
	value expectation = iota
	valueOrEnd
	key
	keyOrEnd
	colon
	commaOrEnd
)

// step takes the next byte. It reports whether the object ends with it, or
// why it cannot stand there; it then is as if the byte had not come.
func (s *jsonScanner) step(c byte) (done bool, err error) {
	if s.inString {
		switch {
		case c == '\n':
			return false, invalid("its JSON is broken: a string has no end")
		case c < ' ':
			return false, invalid("its JSON is broken: a string holds the control character %#02x", c)
		case s.escaped:
			s.escaped = false
		case c == '\\':
			s.escaped = true
		case c == '"':
			s.inString = false
		}
		return false, nil
	}
	word := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.'
	if s.inLiteral && word {
		return false, nil
	}
	s.inLiteral = false
	wantsValue := s.expect == value || s.expect == valueOrEnd
	switch {
	case c == ' ' || c == '\t' || c == '\r' || c == '\n':
	case c == '"' && wantsValue:
		s.inString, s.expect = true, commaOrEnd
	case c == '"' && (s.expect == key || s.expect == keyOrEnd):
		s.inString, s.expect = true, colon
	case c == ':' && s.expect == colon:
		s.expect = value
	case c == ',' && s.expect == commaOrEnd && s.open[s.depth-1] == '{':
		s.expect = key
	case c == ',' && s.expect == commaOrEnd:
		s.expect = value
	case (c == '{' || c == '[') && wantsValue:
		if s.depth == maxDepth {
			return false, errTooDeep
		}
		s.open[s.depth] = c
		s.depth++
		if s.expect = valueOrEnd; c == '{' {
			s.expect = keyOrEnd
		}
	case c == '}' && s.depth > 0 && s.open[s.depth-1] == '{' && (s.expect == keyOrEnd || s.expect == commaOrEnd),
		c == ']' && s.depth > 0 && s.open[s.depth-1] == '[' && (s.expect == valueOrEnd || s.expect == commaOrEnd):
		s.depth--
		s.expect = commaOrEnd
		return s.depth == 0, nil
	case word && wantsValue:
		s.inLiteral, s.expect = true, commaOrEnd
	default:
		return false, invalid("its JSON is broken: %q cannot stand", rune(c))
	}
	return false, nil
}
