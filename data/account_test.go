package data_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestParseBase_TakesWhatKeepsTheKey(t *testing.T) {
	longest := "https://" + strings.Repeat("a", 500-len("https://"))
	for text, want := range map[string]string{
		" https://public.doubletick.io// ": "https://public.doubletick.io",
		"https://public.doubletick.io/v1/": "https://public.doubletick.io/v1",
		"http://localhost:8080":            "http://localhost:8080",
		"http://127.0.0.2":                 "http://127.0.0.2",
		"http://[::1]:9000":                "http://[::1]:9000",
		longest:                            longest,
	} {
		if got, err := data.ParseBase(text); got != want || err != nil {
			t.Errorf("%.40q: %.40q, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"":                      "is not a web address",
		"https://":              "is not a web address",
		"https://%zz":           "is not a web address",
		"https:public":          "is not a web address",
		"https://me@host":       "is not a web address",
		"https://host?key=1":    "is not a web address",
		"https://host/#top":     "is not a web address",
		longest + "a":           "is not a web address",
		"http://doubletick.io":  "must begin with https://",
		"http://192.168.0.1":    "must begin with https://",
		"ftp://doubletick.io":   "must begin with https://",
		"ftp://localhost":       "must begin with https://",
		"http://localhost.evil": "must begin with https://",
	} {
		if got, err := data.ParseBase(text); got != "" || !errors.Is(err, data.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %.40q, %v", text, got, err)
		}
	}
}

func TestAccount_Joined(t *testing.T) {
	if (data.Account{Base: "https://public.doubletick.io"}).Joined() || !(data.Account{JoinedAt: 1}).Joined() {
		t.Error("a desk is joined from the moment on that it is")
	}
}
