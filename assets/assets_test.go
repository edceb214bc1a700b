package assets

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"testing"
)

func TestIconSVG_IsDrawn(t *testing.T) {
	for _, name := range []string{
		"menu", "more", "search", "close", "block", "unblock", "check", "checks", "clock", "failed", "send",
		"down", "warning", "info", "person", "tag", "pencil", "export", "eye", "eye-off", "trash", "bell", "gear",
		"keyboard", "demo", "inbox", "file", "folder", "plus", "link", "cloud", "cloud-off", "cloud-down", "pause", "key",
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

func TestIconSVG_UnknownPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown icon was given")
		}
	}()
	IconSVG("no-such-icon")
}

func TestDemoDocument_IsJSON(t *testing.T) {
	for _, name := range []string{"world", "replies", "crowd"} {
		if !json.Valid(DemoDocument(name)) {
			t.Errorf("%s is no JSON", name)
		}
	}
}

func TestDemoDocument_UnknownPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	DemoDocument("nowhere")
}

func TestPrecheckWords_AreJSON(t *testing.T) {
	words := PrecheckWords()
	for _, language := range []string{"ar", "de", "en", "es", "fr", "hi", "pt", "ta", "tr", "zh"} {
		if !json.Valid(words[language]) {
			t.Errorf("%s is no JSON", language)
		}
	}
}
