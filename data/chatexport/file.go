package chatexport

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// Bounds on what is read. WhatsApp exports some 40,000 messages at most, which are a
// few megabytes; the media beside them are never read.
const (
	maxText      = 64 << 20 // bytes of text, unpacked
	maxDirectory = 8 << 20  // bytes of the names of a zip's files, which are some 100,000
	maxChatFiles = 20       // texts of a zip that are named where none can be chosen
)

// ReadFile reads an exported chat: a text in UTF-8 or UTF-16, or a zip with one in
// it. It writes nothing to the disk, whatever the names in the zip are, and reads no
// more than some megabytes, whatever it unpacks to. An error that is about the file
// and not about reading it is a data.UserError.
func ReadFile(name string) (*Chat, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the chat: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the chat: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, data.UserErrorf("%s is not a file.", name)
	}
	chat, err := read(file, info.Size(), path.Base(strings.ReplaceAll(name, `\`, "/")))
	if errors.Is(err, ErrNotChat) || errors.Is(err, ErrCalendar) {
		return nil, data.UserErrorf("%s cannot be imported: %v.", name, err)
	}
	return chat, err
}

func read(file io.ReaderAt, size int64, name string) (*Chat, error) {
	magic := make([]byte, 4)
	if n, _ := file.ReadAt(magic, 0); n == 4 && string(magic) == "PK\x03\x04" {
		text, files, err := readZip(file, size, name)
		if err != nil {
			return nil, err
		}
		return Parse(decode(text), files)
	}
	text, err := readText(io.NewSectionReader(file, 0, size))
	if err != nil {
		return nil, err
	}
	return Parse(decode(text), nil)
}

// readText reads a whole text of at most maxText bytes.
func readText(in io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxText+1))
	if err != nil {
		return nil, fmt.Errorf("read the chat: %w", err)
	}
	if len(text) > maxText {
		return nil, data.UserErrorf("The chat has more than %d MB of text, which is more than WhatsApp exports.", maxText>>20)
	}
	return text, nil
}

// readZip returns the text of the chat in a zip, and the names of its other files in
// lower case.
func readZip(file io.ReaderAt, size int64, name string) ([]byte, map[string]bool, error) {
	in := &directoryReader{in: file, left: maxDirectory}
	z, err := zip.NewReader(in, size)
	in.left = -1
	switch {
	case errors.Is(err, errDirectory):
		return nil, nil, data.UserErrorf("The zip has too many files for a chat.")
	case err != nil:
		return nil, nil, data.UserErrorf("The zip cannot be read: %v.", err)
	}
	chat, err := chooseChat(z.File, name)
	if err != nil {
		return nil, nil, err
	}
	if chat.Flags&1 != 0 {
		return nil, nil, data.UserErrorf("The zip is locked with a password. Unpack it, and import %s.", path.Base(chat.Name))
	}
	packed, err := chat.Open()
	if err != nil {
		return nil, nil, data.UserErrorf("The zip cannot be read: %v.", err)
	}
	defer packed.Close()
	text, err := readText(packed)
	if userErr := data.UserError(""); err != nil && !errors.As(err, &userErr) {
		err = data.UserErrorf("The zip cannot be read: %v.", err)
	}
	files := make(map[string]bool, len(z.File))
	for _, f := range z.File {
		files[strings.ToLower(data.CleanLine(baseName(f.Name), data.MaxName))] = true
	}
	return text, files, err
}

// chooseChat returns the file that is the chat: _chat.txt as an iPhone names it, the
// one that is named as the zip, or the only text there is. Names are looked at and
// never used as paths.
func chooseChat(files []*zip.File, zipName string) (*zip.File, error) {
	var texts []*zip.File
	for _, f := range files {
		base := baseName(f.Name)
		if strings.EqualFold(path.Ext(base), ".txt") && !strings.HasPrefix(base, ".") && !strings.HasPrefix(f.Name, "__MACOSX/") {
			texts = append(texts, f)
		}
	}
	wanted := []string{"_chat.txt", strings.TrimSuffix(zipName, path.Ext(zipName)) + ".txt"}
	for _, want := range wanted {
		named := func(f *zip.File) bool { return baseName(f.Name) == want }
		if i := slices.IndexFunc(texts, named); i >= 0 && !slices.ContainsFunc(texts[i+1:], named) {
			return texts[i], nil
		}
	}
	switch len(texts) {
	case 0:
		return nil, data.UserErrorf("The zip has no text file in it, so there is no chat.")
	case 1:
		return texts[0], nil
	}
	var names []string
	for _, f := range texts[:min(len(texts), maxChatFiles)] {
		names = append(names, data.CleanLine(baseName(f.Name), 60))
	}
	return nil, data.UserErrorf("The zip has several text files, and none is named _chat.txt: %s. Unpack it, and import the one that is the chat.", strings.Join(names, ", "))
}

func baseName(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }

// directoryReader bounds what is read of a zip before its files are known: the list
// of their names could be as long as the file.
type directoryReader struct {
	in   io.ReaderAt
	left int64 // bytes; negative for no bound
}

var errDirectory = errors.New("the list of files is too long")

func (r *directoryReader) ReadAt(p []byte, off int64) (int, error) {
	if r.left >= 0 {
		if r.left -= int64(len(p)); r.left < 0 {
			r.left = 0
			return 0, errDirectory
		}
	}
	return r.in.ReadAt(p, off)
}

// decode returns a text as UTF-8. UTF-16 is known by its mark, or else by the zeros
// beside its ASCII.
func decode(text []byte) string {
	switch {
	case bytes.HasPrefix(text, []byte("\xEF\xBB\xBF")):
		text = text[3:]
	case bytes.HasPrefix(text, []byte("\xFF\xFE")):
		return decodeUTF16(text[2:], binary.LittleEndian)
	case bytes.HasPrefix(text, []byte("\xFE\xFF")):
		return decodeUTF16(text[2:], binary.BigEndian)
	case len(text) >= 4 && text[0] != 0 && text[1] == 0 && text[3] == 0:
		return decodeUTF16(text, binary.LittleEndian)
	case len(text) >= 4 && text[0] == 0 && text[1] != 0 && text[2] == 0:
		return decodeUTF16(text, binary.BigEndian)
	}
	return strings.ToValidUTF8(string(text), string(utf8.RuneError))
}

func decodeUTF16(text []byte, order binary.ByteOrder) string {
	units := make([]uint16, 0, len(text)/2)
	for ; len(text) >= 2; text = text[2:] {
		units = append(units, order.Uint16(text))
	}
	return string(utf16.Decode(units))
}
