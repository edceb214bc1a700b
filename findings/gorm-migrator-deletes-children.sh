#!/usr/bin/env bash
# GORM's migrator for SQLite deletes the children of the table it changes, and returns no error.
#
# Seen with: gorm.io/gorm v1.31.2, github.com/glebarez/sqlite v1.11.0, modernc.org/sqlite v1.60.1 (SQLite 3.53.4).
#
# To change a column the migrator makes a new table, copies the rows and drops the old one. With foreign keys
# on, DROP TABLE first deletes all rows of the table, and ON DELETE CASCADE deletes the rows that refer to them.
#
# AutoMigrate and AlterColumn turn foreign keys off for that while; but in a transaction, SQLite ignores that
# pragma. So the very AutoMigrate that kept everything on its own deletes every child when it runs in a
# transaction, as migrations do. DropColumn does not turn them off, and deletes in either case.
# ALTER TABLE ... DROP COLUMN, which SQLite has had since 3.35, deletes nothing.
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
)

type Customer struct {
	ID       uint
	Name     string
	Nickname string
	Messages []Message `gorm:"constraint:OnDelete:CASCADE"`
}

type Message struct {
	ID         uint
	CustomerID uint
	Text       string
}

// Later is Customer in the next version.
type Later struct {
	ID       uint
	Name     string `gorm:"not null;default:unknown"`
	Nickname string
}

func (Later) TableName() string { return "customers" }

func main() {
	steps := []struct {
		name string
		run  func(*gorm.DB) error
	}{
		{"AutoMigrate", func(db *gorm.DB) error { return db.AutoMigrate(&Later{}) }},
		{"AlterColumn", func(db *gorm.DB) error { return db.Migrator().AlterColumn(&Later{}, "Name") }},
		{"DropColumn", func(db *gorm.DB) error { return db.Migrator().DropColumn(&Later{}, "nickname") }},
		{"ALTER TABLE", func(db *gorm.DB) error { return db.Exec("ALTER TABLE customers DROP COLUMN nickname").Error }},
	}
	var version string
	check(open().Raw("SELECT sqlite_version()").Scan(&version).Error)
	fmt.Println("SQLite", version)
	for _, step := range steps {
		db := open()
		report(step.name, db, step.run(db))
		db = open()
		report(step.name+" in a transaction", db, db.Transaction(step.run))
	}
}

var opened int

// open returns a new database with one customer, who has two messages.
func open() *gorm.DB {
	opened++
	db, err := gorm.Open(sqlite.Open(fmt.Sprintf("file:%d.db?_pragma=foreign_keys(1)", opened)), &gorm.Config{})
	check(err)
	pool, err := db.DB()
	check(err)
	pool.SetMaxOpenConns(1)
	check(db.AutoMigrate(&Customer{}, &Message{}))
	check(db.Create(&Customer{Name: "Asha", Messages: []Message{{Text: "hello"}, {Text: "anybody there?"}}}).Error)
	return db
}

func report(what string, db *gorm.DB, err error) {
	var customers, messages int64
	check(db.Table("customers").Count(&customers).Error)
	check(db.Table("messages").Count(&messages).Error)
	fmt.Printf("%-28s error %v, customers %d, messages %d\n", what, err, customers, messages)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
END
cat >expected <<'END'
SQLite 3.53.4
AutoMigrate                  error <nil>, customers 1, messages 2
AutoMigrate in a transaction error <nil>, customers 1, messages 0
AlterColumn                  error <nil>, customers 1, messages 2
AlterColumn in a transaction error <nil>, customers 1, messages 0
DropColumn                   error <nil>, customers 1, messages 0
DropColumn in a transaction  error <nil>, customers 1, messages 0
ALTER TABLE                  error <nil>, customers 1, messages 2
ALTER TABLE in a transaction error <nil>, customers 1, messages 2
END
go run . | tee found
diff expected found && echo "as it was found"
