package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/latchdesk/latchdesk/data"
)

// The rows of those who are not alone: of open pairs, and of who was joined and into whom.
const (
	statePairs     = "SELECT first_id, second_id FROM pairs WHERE state = 'open'"
	stateJoined    = "SELECT id, joined_into FROM customers WHERE joined_into > 0"
	stateOwnBlocks = "SELECT customer_id, at, by, kind, way, reason, note, until, review, asked FROM own_blocks"
	statePersons   = stateCustomersBegin + ` WHERE joined_into = 0 AND id IN (SELECT first_id FROM pairs WHERE state = 'open'
		UNION SELECT second_id FROM pairs WHERE state = 'open' UNION SELECT joined_into FROM customers WHERE joined_into > 0) ORDER BY id`
)

// checkPersons calls differs with each customer of several rows, or of an open pair, whose
// row does not have the block that counts by the own blocks of all who may be the same
// person.
func checkPersons(ctx context.Context, tx *sql.Tx, differs func(data.StateDifference)) error {
	near := map[int64][]int64{} // of an open pair, both ways
	err := eachTwo(ctx, tx, statePairs, func(first, second int64) {
		near[first] = append(near[first], second)
		near[second] = append(near[second], first)
	})
	if err != nil {
		return err
	}
	joined := map[int64][]int64{} // into each
	err = eachTwo(ctx, tx, stateJoined, func(id, into int64) { joined[into] = append(joined[into], id) })
	if err != nil {
		return err
	}
	own, err := stateOwn(ctx, tx)
	if err != nil {
		return err
	}
	customers := map[int64]data.Customer{}
	var order []int64
	rows, err := tx.QueryContext(ctx, statePersons)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		c, _, _, err := scanStateCustomer(rows)
		if err != nil {
			return err
		}
		customers[c.ID] = c
		order = append(order, c.ID)
	}
	if err := rows.Err(); err != nil {
		return err
	}

	done := map[int64]bool{}
	for _, id := range order {
		if done[id] {
			continue
		}
		person := reached(id, near)
		owners := make([]data.Customer, len(person))
		for i, one := range person {
			done[one] = true
			owners[i] = data.Customer{ID: one, Block: data.OwnBlock(reached(one, joined), own)}
		}
		blocks, _ := data.CountingBlocks(owners)
		for _, one := range person {
			c := customers[one]
			if !blockCounts(c.Block, blocks[one], reached(one, joined), own) {
				differs(data.StateDifference{CustomerID: one, Address: c.Address, Text: "the block is not the one that counts for those who may be the same person"})
			}
		}
	}
	return nil
}

// blockCounts reports whether a row has the block that counts, or another own one of the
// customer's rows with its end: joins of older versions decided which of two it is.
func blockCounts(row, counts *data.Block, rows []int64, own map[int64]*data.Block) bool {
	if row == nil || counts == nil {
		return row == counts
	}
	if *row == *counts {
		return true
	}
	for _, id := range rows {
		if b := own[id]; b != nil {
			its := *b
			if its.Until = counts.Until; its == *row {
				return true
			}
		}
	}
	return false
}

// reached returns id and all that steps lead to from it.
func reached(id int64, steps map[int64][]int64) []int64 {
	all := []int64{id}
	for i := 0; i < len(all); i++ {
		for _, next := range steps[all[i]] {
			if !slices.Contains(all, next) {
				all = append(all, next)
			}
		}
	}
	return all
}

func eachTwo(ctx context.Context, tx *sql.Tx, query string, do func(a, b int64)) error {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a, b int64
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
		do(a, b)
	}
	return rows.Err()
}

func stateOwn(ctx context.Context, tx *sql.Tx) (map[int64]*data.Block, error) {
	rows, err := tx.QueryContext(ctx, stateOwnBlocks)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	own := map[int64]*data.Block{}
	for rows.Next() {
		var row, at, until, review, asked int64
		var kind, way string
		var b data.Block
		if err := rows.Scan(&row, &at, &b.By.Name, &kind, &way, &b.Reason, &b.Note, &until, &review, &asked); err != nil {
			return nil, err
		}
		b.By.Kind, b.By.Channel = data.ActorKind(kind), data.Channel(way)
		b.At, b.Until, b.Review, b.UnblockRequestedAt = data.Moment(at), data.Moment(until), data.Moment(review), data.Moment(asked)
		own[row] = &b
	}
	return own, rows.Err()
}
