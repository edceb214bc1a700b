#!/usr/bin/env bash
# encoding/json goes on after a field of the wrong type, but stops at one whose own UnmarshalJSON fails.
#
# Seen with: Go 1.26.8, encoding/json.
#
# Its documentation promises that Unmarshal skips a field whose value is not appropriate, completes the rest
# as best it can, and returns an UnmarshalTypeError. With a field of a type that has an UnmarshalJSON of its
# own, the error of that method ends everything: what stands behind it in the text is lost, what stands
# before it is there. So a struct holds more or less according to the order in which the sender wrote its
# keys, which has no meaning in JSON, and a lenient type that returns errors makes a reader less lenient.
# An UnmarshalTypeError that such a method returns does not help. A method that keeps its error in the
# value and returns nil does.
set -euo pipefail
folder=$(mktemp -d "${TMPDIR:-/tmp}/finding.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export CGO_ENABLED=0 GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=go1.26.8 GOEXPERIMENT=

cat >go.mod <<'END'
module finding

go 1.26.0
END
cat >main.go <<'END'
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
)

type failing int // returns an error of its own

func (*failing) UnmarshalJSON([]byte) error { return errors.New("no number") }

type mistyped int // returns the very error that encoding/json returns itself

func (*mistyped) UnmarshalJSON([]byte) error {
	return &json.UnmarshalTypeError{Value: "string", Type: reflect.TypeFor[int]()}
}

type keeping struct{ err error } // keeps its error

func (k *keeping) UnmarshalJSON([]byte) error {
	k.err = errors.New("no number")
	return nil
}

func decode[T any](name, text string) {
	var message struct {
		From   string
		Amount T
		Text   string
	}
	err := json.Unmarshal([]byte(text), &message)
	fmt.Printf("%-9s From %q, Text %q, error %t\n", name, message.From, message.Text, err != nil)
}

func main() {
	fmt.Println(runtime.Version())
	for _, text := range []string{
		`{"From": "Asha", "Amount": "two", "Text": "hello"}`,
		`{"From": "Asha", "Text": "hello", "Amount": "two"}`,
	} {
		fmt.Println(text)
		decode[int]("int", text)
		decode[failing]("failing", text)
		decode[mistyped]("mistyped", text)
		decode[keeping]("keeping", text)
	}
}
END
cat >expected <<'END'
go1.26.8
{"From": "Asha", "Amount": "two", "Text": "hello"}
int       From "Asha", Text "hello", error true
failing   From "Asha", Text "", error true
mistyped  From "Asha", Text "", error true
keeping   From "Asha", Text "hello", error false
{"From": "Asha", "Text": "hello", "Amount": "two"}
int       From "Asha", Text "hello", error true
failing   From "Asha", Text "hello", error true
mistyped  From "Asha", Text "hello", error true
keeping   From "Asha", Text "hello", error false
END
go run . | tee found
diff expected found && echo "as it was found"
