package blocklist

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// invalidByte stands for what is no character: a byte that UTF-8 never has, so
// that the row it is in is found to be bad.
const invalidByte = 0xFF

// utf8Reader returns the text of a file as UTF-8 without the mark at its beginning
// that tells the encoding; without a mark it is taken for UTF-8.
func utf8Reader(in io.Reader) io.Reader {
	b := bufio.NewReader(in)
	head, _ := b.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, _ = b.Discard(3)
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		_, _ = b.Discard(2)
		return &utf16Reader{in: b, order: binary.LittleEndian}
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		_, _ = b.Discard(2)
		return &utf16Reader{in: b, order: binary.BigEndian}
	}
	return b
}

// utf16Reader reads UTF-16 as UTF-8. What is no character comes as invalidByte.
type utf16Reader struct {
	in      *bufio.Reader
	order   binary.ByteOrder
	decoded []byte // decoded, and not yet read
}

func (w *utf16Reader) Read(p []byte) (int, error) {
	for len(w.decoded) == 0 {
		if err := w.decode(); err != nil {
			return 0, err
		}
	}
	n := copy(p, w.decoded)
	w.decoded = w.decoded[n:]
	return n, nil
}

// decode reads on for as long as there is room for it.
func (w *utf16Reader) decode() error {
	const room = 4096
	out := make([]byte, 0, room)
	for len(out) < room-utf8.UTFMax {
		first, err := w.readUnit()
		if err != nil && len(out) > 0 {
			break // it comes again
		}
		if err != nil {
			return err
		}
		out = w.appendRune(out, first)
	}
	w.decoded = out
	return nil
}

// readUnit reads the next two bytes, or reports that one alone is left.
func (w *utf16Reader) readUnit() (rune, error) {
	two, err := w.in.Peek(2)
	if len(two) == 1 && errors.Is(err, io.EOF) {
		_, _ = w.in.Discard(1)
		return 0xD800, nil // half a pair, which is no character
	}
	if err != nil {
		return 0, err
	}
	unit := rune(w.order.Uint16(two))
	_, _ = w.in.Discard(2)
	return unit, nil
}

// appendRune appends the character that begins with a unit.
func (w *utf16Reader) appendRune(out []byte, first rune) []byte {
	if !utf16.IsSurrogate(first) {
		return utf8.AppendRune(out, first)
	}
	if two, _ := w.in.Peek(2); len(two) == 2 {
		if r := utf16.DecodeRune(first, rune(w.order.Uint16(two))); r != utf8.RuneError {
			_, _ = w.in.Discard(2)
			return utf8.AppendRune(out, r)
		}
	}
	return append(out, invalidByte)
}
