package chatexport

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// manyLines is how long the chat is where that is measured.
const manyLines = 100_000

// BenchmarkImport brings in a chat of 100,000 lines, file and all, looks at it once
// more, and takes it out again. Besides the times it tells the longest time between
// two chunks, behind which others may have to wait.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench Import -benchtime 1x ./data/chatexport
func BenchmarkImport(b *testing.B) {
	var text strings.Builder
	at := time.Date(2025, 1, 13, 8, 0, 0, 0, time.UTC)
	for i := range manyLines {
		at = at.Add(time.Duration(i%7) * time.Minute)
		who := "Meera"
		if i%3 == 0 {
			who = shop
		}
		fmt.Fprintf(&text, "%s - %s: Message %d, which says where the parcel is and when it comes.\n", at.Format("02/01/2006, 15:04"), who, i)
	}
	file := filepath.Join(b.TempDir(), "chat.txt")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	var in, again, out, longest time.Duration
	rounds := 0
	for b.Loop() {
		s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "latchdesk.db"), time.Now)
		if err != nil {
			b.Fatal(err)
		}
		w := (&world{Desk: desk.New(s), t: b}).with(meera)
		start := time.Now()
		last := start
		o := w.options()
		o.OnProgress = func(int, int) {
			longest = max(longest, time.Since(last))
			last = time.Now()
		}
		read := func() Summary {
			chat, err := ReadFile(file)
			if err != nil {
				b.Fatal(err)
			}
			last = time.Now()
			got, err := Import(b.Context(), w.Desk, chat, o)
			if err != nil {
				b.Fatal(err)
			}
			return got
		}
		got := read()
		if got.New != manyLines {
			b.Fatalf("%+v", got)
		}
		in += time.Since(start)

		start = time.Now()
		if got := read(); got.Already != manyLines {
			b.Fatalf("%+v", got)
		}
		again += time.Since(start)

		start = time.Now()
		if undone, err := w.UndoChatImport(b.Context(), asha, got.Import); err != nil || undone.Messages != manyLines {
			b.Fatal(undone, err)
		}
		out += time.Since(start)
		s.Close()
		rounds++
	}
	each := float64(rounds) * 1e9
	b.ReportMetric(float64(in)/each, "import-s")
	b.ReportMetric(float64(again)/each, "again-s")
	b.ReportMetric(float64(out)/each, "undo-s")
	b.ReportMetric(float64(longest)/1e6, "longest-ms")
}
