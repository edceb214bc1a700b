package store

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// bulkInserter writes very many rows of one table, some with each statement: a third
// of what GORM's reflection takes.
type bulkInserter struct {
	ctx     context.Context
	conn    gorm.ConnPool
	table   string
	columns string
	parent  *bulkInserter // whose rows these point to, so that it must be written first
	values  []any
	rows    int
}

// maxParams is where a statement costs least: the driver looks for each of
// its values among all of them.
const maxParams = 10

func (t *Tx) newInserter(table string, parent *bulkInserter, columns string) *bulkInserter {
	return &bulkInserter{ctx: t.db.Statement.Context, conn: t.db.Statement.ConnPool, table: table, columns: columns, parent: parent}
}

func (b *bulkInserter) add(values ...any) error {
	b.values = append(b.values, values...)
	if b.rows++; b.rows < maxParams {
		return nil
	}
	return b.flush()
}

func (b *bulkInserter) flush() error {
	if b.rows == 0 {
		return nil
	}
	if b.parent != nil {
		if err := b.parent.flush(); err != nil {
			return err
		}
	}
	row := ", (?" + strings.Repeat(",?", len(b.values)/b.rows-1) + ")"
	statement := "INSERT INTO " + b.table + " (" + b.columns + ") VALUES " + strings.Repeat(row, b.rows)[2:]
	if _, err := b.conn.ExecContext(b.ctx, statement, b.values...); err != nil {
		return fmt.Errorf("fill the table %s: %w", b.table, err)
	}
	b.values, b.rows = b.values[:0], 0
	return nil
}
