package doubletick_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/latchdesk/latchdesk/data/doubletick"
)

// BenchmarkParse reads one usual delivery.
func BenchmarkParse(b *testing.B) {
	raw, err := os.ReadFile("testdata/received.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		doubletick.Parse(raw)
	}
}

// BenchmarkDeliveries reads a thousand usual deliveries from a file.
func BenchmarkDeliveries(b *testing.B) {
	raw, err := os.ReadFile("testdata/received.json")
	if err != nil {
		b.Fatal(err)
	}
	all := bytes.Repeat(append(bytes.ReplaceAll(raw, []byte("\n"), nil), '\n'), 1000)
	b.SetBytes(int64(len(all)))
	b.ReportAllocs()
	for b.Loop() {
		for d := range doubletick.Deliveries(bytes.NewReader(all)) {
			if d.Err != nil {
				b.Fatal(d.Err)
			}
		}
	}
}
