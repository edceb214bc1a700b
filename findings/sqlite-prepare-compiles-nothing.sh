#!/usr/bin/env bash
# database/sql's Prepare compiles nothing with github.com/glebarez/go-sqlite, the driver below GORM's SQLite
# dialect without C. It takes a statement for a table that is not there, and text that is no SQL at all; what
# is wrong with it is told at each run, where it is compiled anew. So a statement that was prepared once and is
# run often saves nothing, and who prepares an application's statements to check them checks nothing. The
# driver of modernc.org/sqlite, of which it is a fork, compiles in Prepare.
#
# Seen with github.com/glebarez/go-sqlite v1.23.0 and modernc.org/sqlite v1.60.1, 2026-12-01. Needs Go. Fails
# if any of it changes.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod CGO_ENABLED=0
for driver in github.com/glebarez/go-sqlite@v1.23.0 modernc.org/sqlite@v1.60.1; do
  mkdir "$work/${driver##*@}"
  cd "$work/${driver##*@}"
  cat >main.go <<GO
package main

import (
	"database/sql"
	"fmt"
	"log"

	_ "${driver%@*}"
)

func main() {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, text := range []string{"SELECT v FROM later", "This is no SQL."} {
		statement, err := db.Prepare(text)
		fmt.Printf("%q: prepared, error %v\n", text, err)
		if err != nil {
			continue
		}
		var v int
		fmt.Println("run:", statement.QueryRow().Scan(&v))
		if _, err := db.Exec("CREATE TABLE IF NOT EXISTS later AS SELECT 7 AS v"); err != nil {
			log.Fatal(err)
		}
		fmt.Println("run again:", statement.QueryRow().Scan(&v), v)
	}
}
GO
  go mod init finding >/dev/null 2>&1
  go get "$driver" >/dev/null 2>&1
  echo "${driver}"
  go run .
done | tee "$work/found.txt"
diff - "$work/found.txt" <<'EXPECTED'
github.com/glebarez/go-sqlite@v1.23.0
"SELECT v FROM later": prepared, error <nil>
run: SQL logic error: no such table: later (1)
run again: <nil> 7
"This is no SQL.": prepared, error <nil>
run: SQL logic error: near "This": syntax error (1)
run again: SQL logic error: near "This": syntax error (1) 0
modernc.org/sqlite@v1.60.1
"SELECT v FROM later": prepared, error SQL logic error: no such table: later (1)
"This is no SQL.": prepared, error SQL logic error: near "This": syntax error (1)
EXPECTED
echo "as it was seen"
