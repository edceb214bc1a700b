package desk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// paths are the calls by which something reaches a customer, a chat or an
// agent's eyes, and what a function that makes one must ask first.
var paths = map[string]string{
	"AddMessage":       "Decide",      // a message is written
	"IncomingAfter":    "Decide",      // news is counted
	"SendNotification": "NewIncoming", // the system is told: only what that counted
}

// A path that sends or shows something and decides for itself what a block
// stops fails here.
func TestEveryPathAsksTheRule(t *testing.T) {
	found := map[string]int{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			calls := callsIn(f)
			for call, asks := range paths {
				if !slices.Contains(calls, call) {
					continue
				}
				found[call]++
				if !slices.Contains(calls, asks) {
					t.Errorf("%s: %s calls %s and never asks %s", path, f.Name.Name, call, asks)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for call := range paths {
		if found[call] == 0 {
			t.Errorf("nobody calls %s any more: which path took its place?", call)
		}
	}
}

// callsIn names all that a function calls.
func callsIn(f *ast.FuncDecl) []string {
	var names []string
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch fun := call.Fun.(type) {
		case *ast.SelectorExpr:
			names = append(names, fun.Sel.Name)
		case *ast.Ident:
			names = append(names, fun.Name)
		}
		return true
	})
	return names
}
