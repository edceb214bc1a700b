package main

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"
)

// The test's own program is a built program like any other.
func TestNewDocument(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&out, &again} {
		if err := run(w, "1.2.3", "1700000000", []string{self}); err != nil {
			t.Fatal(err)
		}
	}
	if out.String() != again.String() {
		t.Error("made twice, it differs")
	}
	var d document
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if d.Version != "SPDX-2.3" || d.Creation.Created != "2023-11-14T22:13:20Z" || d.Packages[0].Version != "1.2.3" {
		t.Errorf("%+v", d)
	}
	names, found := map[string]bool{d.ID: true}, false
	for _, p := range d.Packages {
		if names[p.ID] {
			t.Errorf("%s stands there twice", p.ID)
		}
		names[p.ID] = true
		found = found || p.Name == "std" && p.Version == strings.TrimPrefix(runtime.Version(), "go")
	}
	if !found {
		t.Error("Go's own library is not there")
	}
	for _, r := range d.Relations {
		if !names[r.From] || !names[r.To] {
			t.Errorf("%+v leads nowhere", r)
		}
	}
}

func TestNoProgram(t *testing.T) {
	file := t.TempDir() + "/text"
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(new(bytes.Buffer), "1.2.3", "1700000000", []string{file}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("%v", err)
	}
	if err := run(new(bytes.Buffer), "1.2.3", "", nil); err == nil {
		t.Error("without a moment it cannot be the same twice")
	}
}
