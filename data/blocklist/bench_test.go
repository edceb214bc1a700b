package blocklist_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/blocklist"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// manyRows is how long the list is where that is measured.
const manyRows = 100_000

// BenchmarkTransfer takes a list of 100,000 customers in, file and all, looks at
// it once more, and writes it out. Besides the times it tells the longest time
// between two pieces, behind which others may have to wait.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench . -benchtime 1x ./data/blocklist
func BenchmarkTransfer(b *testing.B) {
	var list strings.Builder
	list.WriteString("phone,name,reason,note,by,at,until\n")
	for i := range manyRows {
		fmt.Fprintf(&list, "'+4670%07d,Customer %d,Spam,\"Same advert in other chats, and\nagain.\",Asha Rao,%s,\n", i*7919%10_000_000, i, (now - data.Moment(i)).String())
	}
	file := filepath.Join(b.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte(list.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	var in, again, out, longest time.Duration
	rounds := 0
	for b.Loop() {
		s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "latchdesk.db"), time.Now)
		if err != nil {
			b.Fatal(err)
		}
		d := desk.New(s)
		start := time.Now()
		last := start
		sum, err := blocklist.Import(b.Context(), d, file, nil, func(int, int) {
			longest = max(longest, time.Since(last))
			last = time.Now()
		})
		if err != nil || sum.Blocked != manyRows {
			b.Fatalf("%+v, %v", sum, err)
		}
		in += time.Since(start)

		start = time.Now()
		if sum, err = blocklist.Preview(b.Context(), d, file, nil); err != nil || sum.AlreadyBlocked != manyRows {
			b.Fatalf("%+v, %v", sum, err)
		}
		again += time.Since(start)

		start = time.Now()
		if n, err := blocklist.Export(b.Context(), d, file+fmt.Sprint(rounds)); err != nil || n != manyRows {
			b.Fatal(n, err)
		}
		out += time.Since(start)
		s.Close()
		rounds++
	}
	each := float64(rounds) * 1e9
	b.ReportMetric(float64(in)/each, "import-s")
	b.ReportMetric(float64(again)/each, "preview-s")
	b.ReportMetric(float64(out)/each, "export-s")
	b.ReportMetric(float64(longest)/1e6, "longest-ms")
}

// BenchmarkRead reads lists of 100,000 customers without writing them, as CSV, in the
// other shapes, and as a spreadsheet.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench Read -benchtime 1x ./data/blocklist
func BenchmarkRead(b *testing.B) {
	shapes := map[string]func(to *strings.Builder, i int){
		"csv":    func(to *strings.Builder, i int) { fmt.Fprintf(to, "+4670%07d,Customer %d\n", i, i) },
		"joined": func(to *strings.Builder, i int) { fmt.Fprintf(to, "+4670%07d,", i) },
		"json": func(to *strings.Builder, i int) {
			fmt.Fprintf(to, "{\"original_number\":\"070%07d\",\"e164_number\":\"+4670%07d\"}\n", i, i)
		},
		"vcard": func(to *strings.Builder, i int) {
			fmt.Fprintf(to, "BEGIN:VCARD\nFN:Customer %d\nTEL;waid=4670%07d:+4670%07d\nEND:VCARD\n", i, i, i)
		},
	}
	for name, write := range shapes {
		var list strings.Builder
		if name == "csv" {
			list.WriteString("phone,name\n")
		}
		for i := range manyRows {
			write(&list, i)
		}
		b.Run(name, func(b *testing.B) { benchmarkRead(b, list.String()) })
	}
	book := excelize.NewFile()
	defer book.Close()
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	_ = sheet.SetRow("A1", []any{"Phone", "Name"})
	for i := range manyRows {
		_ = sheet.SetRow(fmt.Sprintf("A%d", i+2), []any{fmt.Sprintf("+4670%07d", i), fmt.Sprintf("Customer %d", i)})
	}
	if err := sheet.Flush(); err != nil {
		b.Fatal(err)
	}
	file, err := book.WriteToBuffer()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("xlsx", func(b *testing.B) { benchmarkRead(b, file.String()) })
}

func benchmarkRead(b *testing.B, list string) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "latchdesk.db"), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	d := desk.New(s)
	for b.Loop() {
		sum, err := blocklist.ImportFrom(b.Context(), d, strings.NewReader(list), blocklist.Options{DryRun: true})
		if err != nil || sum.NewCustomers != manyRows {
			b.Fatalf("%+v, %v", sum, err)
		}
	}
}
