package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// switches is a file that is added to the package: MUTATE is the number of the mutant to be turned on, and
// MUTATE_REACHED a file to which the numbers of those are added that are come upon.
const switches = `package %s

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
)

var (
	mutateNumber, _ = strconv.Atoi(os.Getenv("MUTATE"))
	mutateSeen      [%d]atomic.Bool
	mutateLog, _    = os.OpenFile(os.Getenv("MUTATE_REACHED"), os.O_APPEND|os.O_WRONLY, 0)
)

func mutateOn(number int) bool {
	if mutateLog != nil && !mutateSeen[number].Swap(true) {
		fmt.Fprintln(mutateLog, number)
	}
	return number == mutateNumber
}

func mutateChoose[T any](number int, old, mutated func() T) T {
	if mutateOn(number) {
		return mutated()
	}
	return old()
}
`

// A rewriter puts switches into the text of a file.
type rewriter struct {
	source     *source
	file       *ast.File
	text       []byte
	operations []operation // the outer before the inner
}

// render returns the text from one place to another with its switches.
func (r *rewriter) render(from, to token.Pos) string {
	var out strings.Builder
	for {
		next := slices.IndexFunc(r.operations, func(op operation) bool {
			return op.node.Pos() >= from && op.node.End() <= to
		})
		if next < 0 {
			break
		}
		op := r.operations[next]
		out.WriteString(r.slice(from, op.node.Pos()))
		out.WriteString(r.switched(op))
		from = op.node.End()
	}
	out.WriteString(r.slice(from, to))
	return out.String()
}

func (r *rewriter) slice(from, to token.Pos) string {
	return string(r.text[r.source.files.Position(from).Offset:r.source.files.Position(to).Offset])
}

// switched returns an operation with its switches. Only one of the texts is computed.
func (r *rewriter) switched(op operation) string {
	number := op.mutants[0].number
	switch node := op.node.(type) {
	case *ast.UnaryExpr:
		x := r.render(node.X.Pos(), node.X.End())
		return r.choose(node, number, "-"+x, x)
	case *ast.BinaryExpr:
		x, y := r.render(node.X.Pos(), node.X.End()), r.render(node.Y.Pos(), node.Y.End())
		old := fmt.Sprintf("%s %s %s", x, op.old, y)
		switch {
		case len(op.new) > 1: // a boundary as well as the opposite
			boundary := fmt.Sprintf("%s %s %s", x, op.new[1], y)
			return fmt.Sprintf("(mutateOn(%d) != mutateChoose(%d, func() bool { return %s }, func() bool { return %s }))",
				number, op.mutants[1].number, old, boundary)
		case op.old == token.EQL || op.old == token.NEQ:
			return fmt.Sprintf("(mutateOn(%d) != (%s))", number, old)
		default:
			return r.choose(node, number, old, fmt.Sprintf("%s %s %s", x, op.new[0], y))
		}
	case *ast.IncDecStmt:
		x := r.render(node.X.Pos(), node.X.End())
		return statement(number, x+op.old.String(), x+op.new[0].String())
	case *ast.AssignStmt:
		x, y := r.render(node.Lhs[0].Pos(), node.Lhs[0].End()), r.render(node.Rhs[0].Pos(), node.Rhs[0].End())
		return statement(number, fmt.Sprintf("%s %s %s", x, op.old, y), fmt.Sprintf("%s %s %s", x, op.new[0], y))
	}
	panic(fmt.Sprintf("no switch for %T", op.node))
}

func (r *rewriter) choose(e ast.Expr, number int, old, mutated string) string {
	name, _ := r.source.typeName(r.file, e)
	return fmt.Sprintf("mutateChoose(%d, func() %s { return %s }, func() %s { return %s })", number, name, old, name, mutated)
}

// statement is a call, since it may stand in the head of a loop.
func statement(number int, old, mutated string) string {
	return fmt.Sprintf("func() { if mutateOn(%d) { %s } else { %s } }()", number, mutated, old)
}
