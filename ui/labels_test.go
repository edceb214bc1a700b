package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// exactLabels are the labels that stand to the letter as they were agreed on, some of
// them in title case.
var exactLabels = []string{
	"Block", "Unblock", "Cancel", "Blocked",
	"Block Customer", "Are you sure you want to block this customer?",
	"Unblock Customer", "Are you sure you want to unblock this customer?",
}

// titleWords are names that are written with a capital wherever they stand.
var titleWords = regexp.MustCompile(`\b(Latchdesk|DoubleTick('s)?|WhatsApp|Android|Debian|HTML|JSON|CSV|HTTP|API|OpenGL|Ctrl\S*|Shift\S*|Alt\S*|Enter|Escape|Esc|Page|Up|Down|Left|Right|Menu|Delete|Asia|Kolkata|Settings|Look|Change|Unread|Blocked|Windows|Mesa's|FILE|[A-Z])\b|J, K`)

// Every text of the window is in sentence case, but for the labels that are agreed on,
// and those are all there.
func TestLabels_SentenceCase(t *testing.T) {
	missing := map[string]bool{}
	for _, label := range exactLabels {
		missing[label] = true
	}
	titled := regexp.MustCompile(`[a-zA-Z,] [A-Z][a-z]`)
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "uitest") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			if _, exact := missing[text]; exact {
				missing[text] = false
			} else if plain := strings.Join(strings.Fields(titleWords.ReplaceAllString(strings.Trim(text, " …:."), "0")), " "); titled.MatchString(plain) {
				t.Errorf("%s: %q is not in sentence case", path, text)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for label, gone := range missing {
		if gone {
			t.Errorf("%q stands nowhere", label)
		}
	}
}
