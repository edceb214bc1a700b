package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A source is a package as it is read and checked.
type source struct {
	files  *token.FileSet
	asts   []*ast.File
	texts  map[string][]byte // by the file's path
	info   *types.Info
	pkg    *types.Package
	folder string
	number int // of the last mutant
}

func loadPackage(folder, tags string) (*source, error) {
	type listed struct {
		Dir, Export, ImportPath string
		GoFiles                 []string
	}
	command := exec.Command("go", "list", "-export", "-deps", "-json=Dir,Export,ImportPath,GoFiles", "-tags", tags, ".")
	command.Dir = folder
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	var last listed
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var one listed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		exports[one.ImportPath] = one.Export
		last = one
	}
	s := &source{files: token.NewFileSet(), texts: map[string][]byte{}, folder: folder, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
	}}
	for _, name := range last.GoFiles {
		if strings.HasSuffix(name, ".gen.go") {
			continue
		}
		path := filepath.Join(last.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(s.files, path, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.texts[path] = text
		s.asts = append(s.asts, file)
	}
	config := types.Config{Importer: importer.ForCompiler(s.files, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})}
	s.pkg, err = config.Check(last.ImportPath, s.files, s.asts, s.info)
	return s, err
}

// What an operator becomes: another that gives the opposite, and one that differs at the boundary alone.
var (
	opposites = map[token.Token]token.Token{
		token.EQL: token.NEQ, token.NEQ: token.EQL,
		token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
		token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.MUL,
		token.INC: token.DEC, token.DEC: token.INC,
		token.ADD_ASSIGN: token.SUB_ASSIGN, token.SUB_ASSIGN: token.ADD_ASSIGN,
	}
	boundaries = map[token.Token]token.Token{
		token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	}
)

// An operation is an operator in the source with what it becomes.
type operation struct {
	node     ast.Node
	operator token.Pos
	old      token.Token
	new      []token.Token
	mutants  []*mutant // one for each of new
}

// mutants returns the mutants of the package: those that a switch turns on, and those to be built one by
// one. The overlay names, for each of the package's files, the one in work that has the switches.
func (s *source) mutants(work string) (switched, alone []*mutant, overlay string, err error) {
	replaced := map[string]string{}
	for _, file := range s.asts {
		var operations []operation
		ast.Inspect(file, func(node ast.Node) bool {
			if op, ok := s.operation(node); ok {
				operations = append(operations, op)
			}
			return true
		})
		name := s.files.Position(file.Pos()).Filename
		r := &rewriter{source: s, file: file, text: s.texts[name]}
		for _, op := range operations {
			for _, becomes := range op.new {
				op.mutants = append(op.mutants, s.mutant(op, becomes))
			}
			if s.switchable(file, op) {
				switched = append(switched, op.mutants...)
				r.operations = append(r.operations, op)
				continue
			}
			for i, m := range op.mutants {
				s.setAlone(m, op, op.new[i])
				alone = append(alone, m)
			}
		}
		path := filepath.Join(work, filepath.Base(name))
		if err := os.WriteFile(path, []byte(r.render(file.FileStart, file.FileEnd)), 0o600); err != nil {
			return nil, nil, "", err
		}
		replaced[name] = path
	}
	helper := filepath.Join(work, "mutateswitch.go")
	if err := os.WriteFile(helper, fmt.Appendf(nil, switches, s.pkg.Name(), s.number+1), 0o600); err != nil {
		return nil, nil, "", err
	}
	replaced[filepath.Join(s.folder, "mutateswitch.go")] = helper
	overlay, err = writeOverlay(filepath.Join(work, "overlay.json"), replaced)
	return switched, alone, overlay, err
}

func writeOverlay(path string, replaced map[string]string) (string, error) {
	text, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", err
	}
	return path, os.WriteFile(path, text, 0o600)
}

// operation returns what can be changed at a node.
func (s *source) operation(node ast.Node) (operation, bool) {
	op := operation{node: node}
	switch node := node.(type) {
	case *ast.BinaryExpr:
		if s.isString(node.X) && node.Op == token.ADD {
			return op, false
		}
		op.operator, op.old = node.OpPos, node.Op
	case *ast.UnaryExpr:
		if node.Op != token.SUB {
			return op, false
		}
		op.operator, op.old = node.OpPos, node.Op
	case *ast.IncDecStmt:
		op.operator, op.old = node.TokPos, node.Tok
	case *ast.AssignStmt:
		if s.isString(node.Lhs[0]) {
			return op, false
		}
		op.operator, op.old = node.TokPos, node.Tok
	default:
		return op, false
	}
	if opposite, ok := opposites[op.old]; ok {
		op.new = append(op.new, opposite)
	}
	if boundary, ok := boundaries[op.old]; ok {
		op.new = append(op.new, boundary)
	}
	return op, len(op.new) > 0
}

func (s *source) isString(e ast.Expr) bool {
	t := s.info.Types[e].Type
	if t == nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

// switchable reports whether Go can choose between an operation and its mutants while it runs.
func (s *source) switchable(file *ast.File, op operation) bool {
	e, ok := op.node.(ast.Expr)
	if !ok {
		return true
	}
	if s.info.Types[e].Value != nil {
		return false
	}
	_, ok = s.typeName(file, e)
	return ok
}

// typeName returns the type of an expression as it is written in a file.
func (s *source) typeName(file *ast.File, e ast.Expr) (string, bool) {
	t := s.info.Types[e].Type
	written := true
	name := types.TypeString(t, func(pkg *types.Package) string {
		if pkg == s.pkg {
			return ""
		}
		if !slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool {
			return i.Name == nil && strings.Trim(i.Path.Value, `"`) == pkg.Path()
		}) {
			written = false
		}
		return pkg.Name()
	})
	basic, untyped := t.(*types.Basic)
	if untyped && basic.Info()&types.IsUntyped != 0 && basic.Kind() != types.UntypedBool {
		written = false
	}
	return name, written
}

func (s *source) mutant(op operation, becomes token.Token) *mutant {
	s.number++
	at := s.files.Position(op.operator)
	return &mutant{
		number: s.number,
		place:  fmt.Sprintf("%s:%d:%d", filepath.Base(at.Filename), at.Line, at.Column),
		change: fmt.Sprintf("%s becomes %s", op.old, becomes),
	}
}

// setAlone sets the whole text of the file with a mutant that is built by itself.
func (s *source) setAlone(m *mutant, op operation, becomes token.Token) {
	at := s.files.Position(op.operator)
	text := s.texts[at.Filename]
	m.file = at.Filename
	m.source = slices.Concat(text[:at.Offset], []byte(becomes.String()), text[at.Offset+len(op.old.String()):])
}
