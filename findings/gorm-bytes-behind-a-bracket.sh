#!/usr/bin/env bash
# GORM writes a []byte that is bound right behind an opening bracket as one value for each byte.
#
# Seen with: gorm.io/gorm v1.31.2, github.com/glebarez/sqlite v1.11.0 with github.com/glebarez/go-sqlite v1.23.0,
# modernc.org/sqlite v1.60.1 (SQLite 3.53.4).
#
# For the sake of IN (?) a slice that stands behind "(" is taken apart. A []byte is a slice, too, so a hash or
# a blob that happens to be the first value of VALUES (?, …) becomes 32 or more values, and the statement
# fails with a count of columns that nobody wrote. The same value in any other place is bound whole. With one
# byte nothing fails: a number is written in the place of a blob. A driver.Valuer around the bytes, or another
# column in front, avoids it.
set -euo pipefail
folder=$(mktemp -d "${TMPDIR:-/tmp}/finding.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export CGO_ENABLED=0 GOFLAGS=-mod=mod GOWORK=off

cat >go.mod <<'END'
module finding

go 1.26.0

require (
	github.com/glebarez/go-sqlite v1.23.0
	github.com/glebarez/sqlite v1.11.0
	gorm.io/gorm v1.31.2
	modernc.org/libc v1.77.1
	modernc.org/sqlite v1.60.1
)
END
cat >main.go <<'END'
package main

import (
	"fmt"
	"log"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func main() {
	db, err := gorm.Open(sqlite.Open("finding.db"), &gorm.Config{Logger: logger.Discard})
	check(err)
	check(db.Exec("CREATE TABLE parts (sum BLOB, name TEXT)").Error)
	sum := []byte{1, 2, 3, 4}
	fmt.Println("first, four bytes:", db.Exec("INSERT INTO parts (sum, name) VALUES (?, ?)", sum, "first").Error)
	fmt.Println("first, one byte:", db.Exec("INSERT INTO parts (sum) VALUES (?)", []byte{7}).Error)
	fmt.Println("second:", db.Exec("INSERT INTO parts (name, sum) VALUES (?, ?)", "second", sum).Error)
	var kept []string
	check(db.Raw("SELECT coalesce(name, 'no name') || ' is ' || typeof(sum) || ' ' || quote(sum) FROM parts ORDER BY rowid").Scan(&kept).Error)
	for _, text := range kept {
		fmt.Println(text)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
END
cat >expected <<'END'
first, four bytes: SQL logic error: 5 values for 2 columns (1)
first, one byte: <nil>
second: <nil>
no name is integer 7
second is blob X'01020304'
END
go run . | tee found
diff expected found && echo "as it was found"
