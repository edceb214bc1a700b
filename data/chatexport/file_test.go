package chatexport

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/latchdesk/latchdesk/data"
)

const hello = "20/07/2026, 11:39 - Meera: hello\n"

// packed is a file in a zip.
type packed struct{ name, text string }

func zipOf(t testing.TB, files ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = io.WriteString(w, f.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func utf16Of(text string, order binary.ByteOrder, mark bool) []byte {
	if mark {
		text = "\uFEFF" + text
	}
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, 0, 0)
		order.PutUint16(b[len(b)-2:], u)
	}
	return b
}

func TestReadFile_Reads(t *testing.T) {
	other := "20/07/2026, 11:39 - Ben: other\n"
	for name, c := range map[string]struct {
		file    string
		content []byte
	}{
		"text":                  {"chat.txt", []byte(hello)},
		"UTF-8 with a mark":     {"chat.txt", []byte("\xEF\xBB\xBF" + hello)},
		"UTF-16":                {"chat.txt", utf16Of(hello, binary.LittleEndian, true)},
		"UTF-16, big":           {"chat.txt", utf16Of(hello, binary.BigEndian, true)},
		"UTF-16 without a mark": {"chat.txt", utf16Of(hello, binary.LittleEndian, false)},
		"big, without a mark":   {"chat.txt", utf16Of(hello, binary.BigEndian, false)},
		"iPhone's zip":          {"a.zip", zipOf(t, packed{"notes.txt", other}, packed{"_chat.txt", hello})},
		"any single text":       {"a.zip", zipOf(t, packed{"IMG-1.jpg", "x"}, packed{"Chat mit Meera.txt", hello})},
		"named as the zip":      {"WhatsApp Chat with Meera.zip", zipOf(t, packed{"list.txt", other}, packed{"WhatsApp Chat with Meera.txt", hello})},
		"in a folder":           {"a.zip", zipOf(t, packed{"chat/_chat.txt", hello}, packed{"__MACOSX/chat/._chat.txt", other})},
		"another ending":        {"chat.bin", zipOf(t, packed{"_chat.txt", hello})},
		"leaves its folder":     {"a.zip", zipOf(t, packed{"../../../_chat.txt", hello}, packed{`C:\Windows\x.dll`, "x"}, packed{"/etc/passwd", "x"})},
	} {
		file := write(t, c.file, c.content)
		chat, err := ReadFile(file)
		if err != nil || len(chat.Entries) != 1 || chat.Entries[0].Text != "hello" {
			t.Errorf("%s: %+v, %v", name, chat, err)
		}
		if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
			t.Errorf("%s: there are %v, %v", name, left, err)
		}
	}
}

func TestReadFile_KnowsMediaOfZip(t *testing.T) {
	const text = "20/07/2026, 11:39 - Meera: IMG-20260720-WA0001.jpg (file attached)\n20/07/2026, 11:40 - Meera: IMG-20260720-WA0002.jpg (file attached)\n"
	chat, err := ReadFile(write(t, "a.zip", zipOf(t, packed{"_chat.txt", text}, packed{"img-20260720-WA0002.JPG", "x"})))
	if err != nil || !chat.Entries[0].Missing || chat.Entries[1].Missing {
		t.Errorf("%+v, %v", chat, err)
	}
}

func TestReadFile_Refuses(t *testing.T) {
	many := make([]packed, 1000)
	for i := range many {
		many[i] = packed{fmt.Sprintf("%d.txt", i), hello}
	}
	locked := zipOf(t, packed{"_chat.txt", hello})
	for _, at := range []int{6, bytes.Index(locked, []byte("PK\x01\x02")) + 8} {
		locked[at] |= 1
	}
	for _, c := range []struct {
		name, file string
		content    []byte
		want       string
	}{
		{"no chat", "a.txt", []byte("hello\n"), "this is not a chat exported by WhatsApp"},
		{"no day", "a.txt", []byte("45/45/2026, 11:39 - Meera: hello\n"), "this is not a chat exported by WhatsApp"},
		{"nothing", "a.txt", nil, "this is not a chat exported by WhatsApp"},
		{"broken zip", "a.zip", []byte("PK\x03\x04 and no more"), "The zip cannot be read"},
		{"no text", "a.zip", zipOf(t, packed{"a.jpg", "x"}), "no text file"},
		{"many texts", "a.zip", zipOf(t, many...), "several text files, and none is named _chat.txt: 0.txt, 1.txt"},
		{"two chats", "a.zip", zipOf(t, packed{"a/_chat.txt", hello}, packed{"b/_chat.txt", hello}), "several text files"},
		{"locked", "a.zip", locked, "locked with a password"},
		{"folder", "", nil, "is not a file"},
	} {
		file := t.TempDir()
		if c.file != "" {
			file = write(t, c.file, c.content)
		}
		_, err := ReadFile(file)
		if userErr := data.UserError(""); !errors.As(err, &userErr) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none.txt")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// zeros are gigabytes that pack to little.
type zeros struct{ left int64 }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.left)
	clear(p[:n])
	z.left -= n
	return int(n), nil
}

// A zip that unpacks to more than a chat can be is not unpacked to its end.
func TestReadFile_Bomb(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("_chat.txt")
	if err == nil {
		_, err = io.Copy(w, &zeros{left: maxText + 1<<20})
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(write(t, "a.zip", b.Bytes())); err == nil || !strings.Contains(err.Error(), "more than 64 MB of text") {
		t.Errorf("%v", err)
	}
}

// A list of files that never ends is not read to its end.
func TestReadFile_LongDirectory(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range 50_000 {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%0200d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(write(t, "a.zip", b.Bytes())); err == nil || !strings.Contains(err.Error(), "too many files") {
		t.Errorf("%v", err)
	}
}

// Whatever a file holds, reading it ends in a chat or in a sentence.
func FuzzRead(f *testing.F) {
	f.Add([]byte(hello))
	f.Add(utf16Of(hello, binary.LittleEndian, true))
	f.Add(zipOf(f, packed{"_chat.txt", hello}))
	f.Add(zipOf(f, packed{"../a.txt", hello}, packed{"b.txt", hello}))
	f.Fuzz(func(t *testing.T, content []byte) {
		if _, err := read(bytes.NewReader(content), int64(len(content)), "a.zip"); err != nil && !errors.Is(err, ErrNotChat) {
			if userErr := data.UserError(""); !errors.As(err, &userErr) {
				t.Fatalf("%v", err)
			}
		}
	})
}
