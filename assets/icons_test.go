package assets

import (
	"bytes"
	"encoding/xml"
	"testing"
)

func TestEveryIconIsDrawn(t *testing.T) {
	for _, name := range []string{
		"menu", "more", "search", "close", "block", "unblock", "check", "checks", "clock", "failed", "send",
		"down", "warning", "info", "person", "tag", "pencil", "export", "eye", "eye-off", "trash", "bell", "gear",
		"keyboard", "demo", "inbox", "plus", "link", "cloud", "cloud-off", "cloud-down", "pause", "key",
	} {
		svg := IconSVG(name)
		if err := xml.Unmarshal(svg, new(struct{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Contains(svg, []byte("currentColor")) {
			t.Errorf("%s cannot take a colour", name)
		}
	}
	if !bytes.Contains(IconSVG("latchdesk"), []byte("#0b6e4f")) {
		t.Error("the program's own mark keeps its colour")
	}
}

func TestAnUnknownIconIsASlip(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown icon was given")
		}
	}()
	IconSVG("no-such-icon")
}
