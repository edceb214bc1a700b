package receive

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/doubletick"
	"github.com/latchdesk/latchdesk/data/store"
)

// BenchmarkReceive takes a file of 2,000 deliveries from 200 customers into a new
// desk.
func BenchmarkReceive(b *testing.B) {
	var file strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&file, `{"to":"918888888888","from":"4670123%04d","messageId":"wamid.%d","dtMessageId":"dt-%d","receivedAt":"2026-07-20T10:00:%02d.000Z","contact":{"name":"Riya"},"integrationType":"WHATSAPP","message":{"type":"TEXT","text":"Where is my order %d?"}}`+"\n",
			i*7919%200, i, i, i%60, i)
	}
	for b.Loop() {
		b.StopTimer()
		s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "latchdesk.db"), time.Now)
		if err != nil {
			b.Fatal(err)
		}
		importer := Importer{Desk: desk.New(s), OnSkip: func(d doubletick.Delivery, err error) { b.Fatalf("line %d: %v", d.Line, err) }}
		b.StartTimer()
		if err := importer.ReadAll(b.Context(), strings.NewReader(file.String())); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if got := importer.Summary().Taken; got != 2000 {
			b.Fatalf("%d were taken", got)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
