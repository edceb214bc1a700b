package audit

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/latchdesk/latchdesk/data"
)

// ErrOther says that a file is no history written by Write.
var ErrOther = errors.New("this is no exported history")

// maxLine bounds a line: an event whose every byte had to be escaped.
const maxLine = 6*data.MaxEventBytes + 1024

// VerifyFile proves a history as Write wrote it and gives its head, the same
// way as Verify. A file is taken only where it is, byte for byte, what Write
// would have written: nothing may stand in it that the hashes do not cover.
func VerifyFile(ctx context.Context, r io.Reader, noted []byte, tell Progress) (data.Head, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine+1)
	lines.Split(wholeLines)
	f, more, err := recognise(lines)
	if err != nil {
		return data.Head{}, err
	}
	p := proof{noted: noted, tell: tell}
	end, err := p.read(ctx, lines, more, f)
	if err == nil {
		err = p.end(end)
	}
	return p.chain.Sound(), only(err)
}

// recognise reads as much as tells the format; the scanner stands at the first
// event then, or at the head where there is none, if there is anything more.
func recognise(lines *bufio.Scanner) (f form, more bool, err error) {
	if !lines.Scan() {
		if err := lines.Err(); err != nil && !strange(err) {
			return f, false, fmt.Errorf("read the history: %w", err)
		}
		return f, false, ErrOther
	}
	for _, f := range forms {
		switch {
		case f.title == "" && bytes.HasPrefix(lines.Bytes(), []byte("{")):
			return f, true, nil
		case f.title != "" && string(lines.Bytes()) == f.title:
			return f, lines.Scan(), nil
		}
	}
	return f, false, ErrOther
}

// read adds the events to the chain, up to the head that ends the file.
func (p *proof) read(ctx context.Context, lines *bufio.Scanner, more bool, f form) (data.Head, error) {
	var again []byte
	for ; more; more = lines.Scan() {
		if err := ctx.Err(); err != nil {
			return data.Head{}, err
		}
		it, err := f.read(lines.Bytes())
		if err != nil {
			return data.Head{}, p.foreign()
		}
		if again = f.write(again[:0], it); !bytes.Equal(again, lines.Bytes()) {
			return data.Head{}, p.foreign()
		}
		if it.head != nil {
			return *it.head, p.last(lines)
		}
		p.chain.Add(it.event)
		if err := p.next(it.event, 0); err != nil {
			return data.Head{}, err
		}
	}
	if err := lines.Err(); err != nil {
		return data.Head{}, p.unread(err)
	}
	return data.Head{}, p.here("the line with the head, which ends the file, is missing after event %d: the end was cut off", p.chain.Sound().Count)
}

// last makes sure that nothing follows the head.
func (p *proof) last(lines *bufio.Scanner) error {
	if lines.Scan() {
		return p.here("something follows the head, which ends the file")
	}
	if err := lines.Err(); err != nil {
		return p.unread(err)
	}
	return nil
}

func (p *proof) unread(err error) error {
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return p.here("what follows event %d is longer than any event", p.chain.Sound().Count)
	case errors.Is(err, errCut):
		return p.here("the file ends in the middle of a line after event %d: the end was cut off", p.chain.Sound().Count)
	}
	return fmt.Errorf("read the history: %w", err)
}

// foreign reports that the line at hand was not written by Write.
func (p *proof) foreign() error {
	return p.here("the line where event %d belongs is not as it was written", p.chain.Sound().Count+1)
}

func (p *proof) here(format string, args ...any) error {
	return &data.Flaw{Seq: p.chain.Sound().Count + 1, Text: fmt.Sprintf(format, args...)}
}

// errCut says that the last line has no end.
var errCut = errors.New("the last line has no end")

func strange(err error) bool { return errors.Is(err, errCut) || errors.Is(err, bufio.ErrTooLong) }

// wholeLines splits at line feeds alone. A carriage return is part of a line,
// and a line without an end is none.
func wholeLines(text []byte, atEOF bool) (advance int, line []byte, err error) {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return i + 1, text[:i:i], nil
	}
	if atEOF && len(text) > 0 {
		return 0, nil, errCut
	}
	return 0, nil, nil
}
