#!/usr/bin/env bash
# A time.Time that GORM keeps in SQLite is compared as text, and so by its zone and not by its moment.
#
# Seen with: gorm.io/gorm v1.31.2, github.com/glebarez/sqlite v1.11.0 with github.com/glebarez/go-sqlite v1.23.0,
# modernc.org/sqlite v1.60.1 (SQLite 3.53.4).
#
# The driver writes a time as text, in the zone that it came with. It reads it back as the same moment, so
# nothing looks wrong. But ORDER BY and WHERE compare the text: 10:00 in Stockholm, which is 08:00 UTC, sorts
# after 09:00 UTC and is not found among what is older. It happens where one program writes time.Now() and
# moments that it parsed, or where a computer travels or its summer time ends: then even time.Now() alone
# goes back an hour. Integers do not: Unix milliseconds sort as the moments do.
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
	"time"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
)

type Message struct {
	ID     uint
	Text   string
	At     time.Time
	Millis int64
}

func main() {
	db, err := gorm.Open(sqlite.Open("finding.db"), &gorm.Config{})
	check(err)
	var version string
	check(db.Raw("SELECT sqlite_version()").Scan(&version).Error)
	fmt.Println("SQLite", version)
	check(db.AutoMigrate(&Message{}))
	stockholm := time.FixedZone("", 2*60*60)
	for text, at := range map[string]time.Time{
		"first":  time.Date(2026, 7, 1, 10, 0, 0, 0, stockholm),
		"second": time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC),
	} {
		check(db.Create(&Message{Text: text, At: at, Millis: at.UnixMilli()}).Error)
	}
	show := func(what string, by *gorm.DB) {
		var messages []Message
		check(by.Find(&messages).Error)
		fmt.Print(what, ":")
		for _, m := range messages {
			fmt.Printf("  %s %s", m.Text, m.At.UTC().Format("15:04"))
		}
		fmt.Println()
	}
	half := time.Date(2026, 7, 1, 8, 30, 0, 0, time.UTC)
	show("ordered by time", db.Order("at"))
	show("ordered by millis", db.Order("millis"))
	show("before 08:30 by time", db.Where("at < ?", half))
	show("before 08:30 by millis", db.Where("millis < ?", half.UnixMilli()))
	var kept []string
	check(db.Raw("SELECT CAST(at AS TEXT) FROM messages ORDER BY millis").Scan(&kept).Error)
	for _, text := range kept {
		fmt.Println("kept as", text)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
END
cat >expected <<'END'
SQLite 3.53.4
ordered by time:  second 09:00  first 08:00
ordered by millis:  first 08:00  second 09:00
before 08:30 by time:
before 08:30 by millis:  first 08:00
kept as 2026-07-01 10:00:00+02:00
kept as 2026-07-01 09:00:00+00:00
END
go run . | tee found
diff expected found && echo "as it was found"
