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

// ErrNotHistory is returned for a file that is no history written by Write.
var ErrNotHistory = errors.New("this is not an exported history")

// maxLine bounds a line: an event whose every byte had to be escaped.
const maxLine = 6*data.MaxEventBytes + 1024

// VerifyFile verifies a history as Write wrote it and returns its head, as Verify
// does. A file is accepted only if it is, byte for byte, what Write would have
// written: nothing may stand in it that the hashes do not cover.
func VerifyFile(ctx context.Context, r io.Reader, expected []byte, onProgress Progress) (data.Head, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine+1)
	lines.Split(wholeLines)
	f, more, err := detectFormat(lines)
	if err != nil {
		return data.Head{}, err
	}
	p := verifier{expected: expected, onProgress: onProgress}
	end, err := p.readAll(ctx, lines, more, f)
	if err == nil {
		err = p.finish(end)
	}
	return p.chain.Sound(), unwrapFlaw(err)
}

// detectFormat reads as much as tells the format; the scanner stands at the first
// event then, or at the head where there is none, if there is anything more.
func detectFormat(lines *bufio.Scanner) (f codec, more bool, err error) {
	if !lines.Scan() {
		if err := lines.Err(); err != nil && !isMalformed(err) {
			return f, false, fmt.Errorf("read the history: %w", err)
		}
		return f, false, ErrNotHistory
	}
	for _, f := range codecs {
		switch {
		case f.header == "" && bytes.HasPrefix(lines.Bytes(), []byte("{")):
			return f, true, nil
		case f.header != "" && string(lines.Bytes()) == f.header:
			return f, lines.Scan(), nil
		}
	}
	return f, false, ErrNotHistory
}

// readAll adds the events to the chain, up to the head that ends the file.
func (p *verifier) readAll(ctx context.Context, lines *bufio.Scanner, more bool, f codec) (data.Head, error) {
	var again []byte
	for ; more; more = lines.Scan() {
		if err := ctx.Err(); err != nil {
			return data.Head{}, err
		}
		it, err := f.parse(lines.Bytes())
		if err != nil {
			return data.Head{}, p.malformed()
		}
		if again = f.append(again[:0], it); !bytes.Equal(again, lines.Bytes()) {
			return data.Head{}, p.malformed()
		}
		if it.head != nil {
			return *it.head, p.expectEOF(lines)
		}
		p.chain.Add(it.event)
		if err := p.check(it.event, 0); err != nil {
			return data.Head{}, err
		}
	}
	if err := lines.Err(); err != nil {
		return data.Head{}, p.readError(err)
	}
	return data.Head{}, p.flawf("the line with the head, which ends the file, is missing after event %d: the end was cut off", p.chain.Sound().Count)
}

// expectEOF makes sure that nothing follows the head.
func (p *verifier) expectEOF(lines *bufio.Scanner) error {
	if lines.Scan() {
		return p.flawf("something follows the head, which ends the file")
	}
	if err := lines.Err(); err != nil {
		return p.readError(err)
	}
	return nil
}

func (p *verifier) readError(err error) error {
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return p.flawf("what follows event %d is longer than any event", p.chain.Sound().Count)
	case errors.Is(err, errTruncated):
		return p.flawf("the file ends in the middle of a line after event %d: the end was cut off", p.chain.Sound().Count)
	}
	return fmt.Errorf("read the history: %w", err)
}

// malformed reports that the line at hand was not written by Write.
func (p *verifier) malformed() error {
	return p.flawf("the line where event %d belongs is not as it was written", p.chain.Sound().Count+1)
}

func (p *verifier) flawf(format string, args ...any) error {
	return &data.Flaw{Seq: p.chain.Sound().Count + 1, Text: fmt.Sprintf(format, args...)}
}

// errTruncated is returned where the last line is cut off.
var errTruncated = errors.New("the last line is cut off")

func isMalformed(err error) bool {
	return errors.Is(err, errTruncated) || errors.Is(err, bufio.ErrTooLong)
}

// wholeLines splits at line feeds alone. A carriage return is part of a line,
// and a line without an end is none.
func wholeLines(text []byte, atEOF bool) (advance int, line []byte, err error) {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return i + 1, text[:i:i], nil
	}
	if atEOF && len(text) > 0 {
		return 0, nil, errTruncated
	}
	return 0, nil, nil
}
