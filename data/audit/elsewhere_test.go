package audit_test

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data/audit"
)

// What is proved here is proved by the README alone: nothing of this program
// takes part but the file.

var canonical = strings.Fields("seq at recordedAt kind phone actorKind actor way detail prev")

// prove is the README's ten lines, for both formats.
func prove(text string) (count int64, head, wrong string) {
	records := jsonRecords
	if !strings.HasPrefix(text, "{") {
		records = csvRecords
	}
	list, end, err := records(text)
	if err != nil {
		return 0, "", err.Error()
	}
	prev := ""
	for _, e := range list {
		count++
		var parts []string
		for _, name := range canonical {
			parts = append(parts, e[name])
		}
		sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
		if e["seq"] != fmt.Sprint(count) || e["prev"] != prev || e["hash"] != hex.EncodeToString(sum[:]) {
			return count, prev, fmt.Sprintf("event %d is not as it was written", count)
		}
		prev = e["hash"]
	}
	if end["head"] != prev || end["count"] != fmt.Sprint(count) {
		return count, prev, "the end is missing"
	}
	return count, prev, ""
}

func jsonRecords(text string) (list []map[string]string, end map[string]string, err error) {
	for line := range strings.Lines(text) {
		var values map[string]any
		dec := json.NewDecoder(strings.NewReader(line))
		dec.UseNumber()
		if err := dec.Decode(&values); err != nil {
			return nil, nil, err
		}
		record := map[string]string{}
		for name, value := range values {
			record[name] = fmt.Sprint(value)
		}
		list = append(list, record)
	}
	return list[:len(list)-1], list[len(list)-1], nil
}

func csvRecords(text string) (list []map[string]string, end map[string]string, err error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, name := range rows[0] {
			record[name] = strings.TrimPrefix(row[i], "'")
		}
		list = append(list, record)
	}
	end = list[len(list)-1]
	if end["kind"] != "head" {
		return nil, nil, fmt.Errorf("the end is missing")
	}
	return list[:len(list)-1], map[string]string{"head": end["hash"], "count": end["seq"]}, nil
}

func hexOf(hash []byte) string { return hex.EncodeToString(hash) }

func TestProvedElsewhere(t *testing.T) {
	for _, format := range formats {
		text, done := history(t, format)
		n, head, wrong := prove(text)
		if wrong != "" || n != done.Head.Count || head != hexOf(done.Head.Hash) {
			t.Errorf("%s: %d events, %s: %s", format, n, head, wrong)
		}
		for _, forged := range []string{
			strings.Replace(text, "+46=Asha", "+47=Asha", 1),
			strings.ReplaceAll(text, head, strings.Repeat("0", 64)),
			strings.Replace(text, "34", "33", 1),
		} {
			if _, _, wrong := prove(forged); forged == text || wrong == "" {
				t.Errorf("%s: a forged file was proved", format)
			}
		}
	}
}

// No cell begins with what a spreadsheet runs, whoever wrote it.
func TestEscapeFormula(t *testing.T) {
	text, _ := history(t, audit.CSV)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	touched := 0
	for _, row := range rows {
		for _, cell := range row {
			if strings.ContainsAny(strings.TrimSpace(cell)+" ", "\t\r\n") || cell != "" && strings.ContainsAny(cell[:1], "=+-@|%") {
				t.Errorf("%q", cell)
			}
			if strings.HasPrefix(cell, "'") {
				touched++
			}
		}
	}
	if touched < len(rows)-2 { // every number begins with a plus
		t.Errorf("%d cells of %d rows were escaped", touched, len(rows))
	}
}
