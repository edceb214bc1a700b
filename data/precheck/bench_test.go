package precheck

import (
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// BenchmarkImpactAndWarnings measures what is said of a usual chat, and of the longest texts
// that are read.
func BenchmarkImpactAndWarnings(b *testing.B) {
	var usual, long []data.Message
	for i := range maxMessages {
		before := time.Duration(maxMessages-i) * time.Hour
		usual = append(usual, in(before, "My parcel has not arrived and I would like to know where it is, thank you."))
		long = append(long, in(before, strings.Repeat("my parcel has not arrived ", maxTextBytes/26)))
	}
	for name, f := range map[string]Facts{"Usual": chat(usual...), "Long": chat(long...)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if f.Impact(); f.Warnings() != nil {
					b.Fatal(f.Warnings())
				}
			}
		})
	}
}
