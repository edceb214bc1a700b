#!/usr/bin/env bash
# SQLite's FTS5 with its usual tokenizer, unicode61, splits Hindi words at their vowel signs, because those
# are marks (Mn, Mc) and only letters and digits make a word. What is kept of a word are its pieces without
# the signs: a word of another meaning that leaves the same pieces is found in its place. With detail=none
# the search for such a word is an error, since its pieces are a phrase. With the tokenizer's option
# categories 'L* N* Co Mn Mc' the words stay whole.
#
# Seen with modernc.org/sqlite v1.60.1 (SQLite 3.53.4), 2026-11-30. Needs Go. Fails if any of it changes.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat >main.go <<'GO'
package main

import (
	"database/sql"
	"fmt"
	"log"

	_ "modernc.org/sqlite"
)

func main() {
	db, err := sql.Open("sqlite", "file:words?mode=memory")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	var version string
	if err := db.QueryRow("SELECT sqlite_version()").Scan(&version); err != nil {
		log.Fatal(err)
	}
	fmt.Println("SQLite", version)
	for _, t := range []struct{ name, tokenize, detail string }{
		{"usual", "unicode61", "full"},
		{"marks", "unicode61 categories ''L* N* Co Mn Mc''", "full"},
		{"usual_none", "unicode61", "none"},
	} {
		must(db.Exec(fmt.Sprintf("CREATE VIRTUAL TABLE %s USING fts5(body, tokenize='%s', detail=%s)", t.name, t.tokenize, t.detail)))
		must(db.Exec(fmt.Sprintf("CREATE VIRTUAL TABLE %s_words USING fts5vocab(%s, 'row')", t.name, t.name)))
		must(db.Exec(fmt.Sprintf("INSERT INTO %s VALUES ('नमस्ते')", t.name))) // one word, "hello"
		var words int
		if err := db.QueryRow(fmt.Sprintf("SELECT count(*) FROM %s_words", t.name)).Scan(&words); err != nil {
			log.Fatal(err)
		}
		var found int
		err := db.QueryRow(fmt.Sprintf("SELECT count(*) FROM %s WHERE body MATCH '\"नमस्ते\"'", t.name)).Scan(&found)
		fmt.Printf("%s: %d words kept of one, found %d, error %v\n", t.name, words, found, err)
		if err == nil {
			// "नमसी तु" has other vowels, and is no such word.
			if err := db.QueryRow(fmt.Sprintf("SELECT count(*) FROM %s WHERE body MATCH '\"नमसी तु\"'", t.name)).Scan(&found); err != nil {
				log.Fatal(err)
			}
			fmt.Printf("%s: with other vowels, found %d\n", t.name, found)
		}
	}
}

func must(_ sql.Result, err error) {
	if err != nil {
		log.Fatal(err)
	}
}
GO
export GOFLAGS=-mod=mod CGO_ENABLED=0
go mod init finding >/dev/null 2>&1
go get modernc.org/sqlite@v1.60.1 >/dev/null 2>&1
go run . | tee found.txt
diff - found.txt <<'EXPECTED'
SQLite 3.53.4
usual: 2 words kept of one, found 1, error <nil>
usual: with other vowels, found 1
marks: 1 words kept of one, found 1, error <nil>
marks: with other vowels, found 0
usual_none: 2 words kept of one, found 0, error SQL logic error: fts5: phrase queries are not supported (detail!=full) (1)
EXPECTED
echo "as it was seen"
