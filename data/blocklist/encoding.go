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

// invalidByte stands for an invalid character. UTF-8 never has this byte, so the row
// it is in is found to be bad.
const invalidByte = 0xFF

// utf8Reader returns a reader of in as UTF-8 without a byte order mark. The mark
// tells UTF-16 from UTF-8. Without one, in is taken for UTF-16 if every other byte of
// its beginning may be zero and some are, as in the UTF-16 of a text with line breaks.
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
	if order := unmarkedUTF16(b); order != nil {
		return &utf16Reader{in: b, order: order}
	}
	return b
}

// unmarkedUTF16 returns the byte order of UTF-16 without a byte order mark, nil if the
// text is none.
func unmarkedUTF16(b *bufio.Reader) binary.ByteOrder {
	head, _ := b.Peek(min(b.Buffered(), 512))
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case zeros[0] == 0 && zeros[1] > 1:
		return binary.LittleEndian
	case zeros[1] == 0 && zeros[0] > 1:
		return binary.BigEndian
	}
	return nil
}

// utf16Reader reads UTF-16 as UTF-8. Invalid characters become invalidByte.
type utf16Reader struct {
	in      *bufio.Reader
	order   binary.ByteOrder
	decoded []byte // not yet read
}

func (r *utf16Reader) Read(p []byte) (int, error) {
	for len(r.decoded) == 0 {
		if err := r.decode(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.decoded)
	r.decoded = r.decoded[n:]
	return n, nil
}

// decode decodes the next characters, up to some 4 KB.
func (r *utf16Reader) decode() error {
	const room = 4096
	out := make([]byte, 0, room)
	for len(out) < room-utf8.UTFMax {
		first, err := r.readUnit()
		if err != nil && len(out) > 0 {
			break // it is returned again by the next call
		}
		if err != nil {
			return err
		}
		out = r.appendRune(out, first)
	}
	r.decoded = out
	return nil
}

// readUnit returns the next UTF-16 code unit. A single byte at the end of the file is
// returned as half of a surrogate pair.
func (r *utf16Reader) readUnit() (rune, error) {
	two, err := r.in.Peek(2)
	if len(two) == 1 && errors.Is(err, io.EOF) {
		_, _ = r.in.Discard(1)
		return 0xD800, nil // which is no character
	}
	if err != nil {
		return 0, err
	}
	unit := rune(r.order.Uint16(two))
	_, _ = r.in.Discard(2)
	return unit, nil
}

// appendRune appends the character that begins with the code unit first.
func (r *utf16Reader) appendRune(out []byte, first rune) []byte {
	if !utf16.IsSurrogate(first) {
		return utf8.AppendRune(out, first)
	}
	if two, _ := r.in.Peek(2); len(two) == 2 {
		if char := utf16.DecodeRune(first, rune(r.order.Uint16(two))); char != utf8.RuneError {
			_, _ = r.in.Discard(2)
			return utf8.AppendRune(out, char)
		}
	}
	return append(out, invalidByte)
}
