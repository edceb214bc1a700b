package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/latchdesk/latchdesk/assets"
)

// The page names every call, loads nothing and runs nothing.
func TestServer_Docs(t *testing.T) {
	w := newWorld(t)
	got := w.asks("GET", "/docs", "", noKey)
	if got.status != 200 || got.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %v", got.status, got.header)
	}
	for place, item := range w.contract.Paths.Map() {
		for method, op := range item.Operations() {
			for _, text := range []string{`id="` + op.OperationID + `"`, `href="#` + op.OperationID + `"`, ">" + method + "<", "<code>" + place + "</code>"} {
				if !strings.Contains(got.body, text) {
					t.Errorf("the page does not have %s", text)
				}
			}
		}
	}
	for _, never := range []string{"<script", "javascript:", "<img", "<link", "@import", "url(", "style=\"", " on"} {
		if never == " on" {
			if regexp.MustCompile(`<[^>]* on\w+=`).MatchString(got.body) {
				t.Error("the page has a handler")
			}
			continue
		}
		if strings.Contains(got.body, never) {
			t.Errorf("the page has %s", never)
		}
	}
	for _, address := range regexp.MustCompile(`(?:href|src|action)="([^"]*)"`).FindAllStringSubmatch(got.body, -1) {
		if !strings.HasPrefix(address[1], "#") && address[1] != "/openapi.json" {
			t.Errorf("the page points to %s", address[1])
		}
	}
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(got.body)
	if style == nil {
		t.Fatal("the page has no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	policy := got.header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"';") {
		t.Errorf("the policy %q does not fit the style", policy)
	}
	if !strings.Contains(style[1], "prefers-color-scheme: dark") {
		t.Error("the page has no dark look")
	}
}

// The contract is sound, its examples keep it, and what it says of each call is
// whole.
func TestServer_Contract(t *testing.T) {
	w := newWorld(t)
	if err := w.contract.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
	got := w.asks("GET", "/openapi.json", "", noKey)
	if got.body != string(assets.OpenAPI) || !json.Valid(assets.OpenAPI) {
		t.Error("what is served is not the contract")
	}
	w.expects("health", w.asks("GET", "/healthz", "", noKey), 200, `{"status":"ok"}`)
	for place, item := range w.contract.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Summary == "" || op.Description == "" || len(op.Tags) != 1 || w.contract.Tags.Get(op.Tags[0]) == nil {
				t.Errorf("%s %s is not described", method, place)
			}
			if needsKey := op.Security == nil || len(*op.Security) > 0; needsKey != (op.Responses.Value("401") != nil) {
				t.Errorf("%s %s: is a key needed?", method, place)
			}
		}
	}
}
