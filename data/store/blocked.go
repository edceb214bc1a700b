package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// Of those blocked there are few beside all customers: the plus keeps SQLite
// from walking an index of all customers for the sake of the order.
var blockedOrders = map[data.BlockOrder]string{
	data.NewestBlock: "blocked_at DESC, id DESC",
	data.ByName:      "name = '', +search, id",
	data.EndsSoonest: "blocked_until = 0, blocked_until, blocked_at DESC, id DESC",
	data.MostHeld:    "held DESC, blocked_at DESC, id DESC",
}

// BlockedIDs returns all who are blocked now and match, in the order asked for.
func (r *Queries) BlockedIDs(ctx context.Context, q data.BlockedQuery) ([]int64, error) {
	where, args, err := r.blockedConditions(ctx, q)
	if err != nil {
		return nil, err
	}
	order, ok := blockedOrders[q.Order]
	if !ok {
		return nil, fmt.Errorf("list the blocked by %q: %w", q.Order, data.ErrInvalid)
	}
	return r.ids(ctx, "SELECT id FROM customers WHERE "+where+" ORDER BY "+order, args...)
}

// ids reads a column of ids. One row that holds all is read in a quarter of the
// time of a row each.
func (r *Queries) ids(ctx context.Context, query string, args ...any) ([]int64, error) {
	var all string
	err := r.db.WithContext(ctx).Raw("SELECT json_group_array(id) FROM ("+query+")", args...).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read the list of blocks: %w", err)
	}
	ids, err := numbers(all)
	if err != nil {
		return nil, fmt.Errorf("read the list of blocks: %w", err)
	}
	return ids, nil
}

func (r *Queries) blockedConditions(ctx context.Context, q data.BlockedQuery) (string, []any, error) {
	now := r.now()
	where, args := blockedNow, []any{now}
	only := func(condition string, values ...any) {
		where += " AND " + condition
		args = append(args, values...)
	}
	if words, found := searchWords(q.Search); len(words) > 0 {
		only(found, words...)
	}
	switch {
	case q.NoReason:
		only("blocked_reason = ''")
	case q.Reason != "":
		only("blocked_reason = ?", q.Reason)
	}
	if q.Agent != "" {
		only("blocked_by = ?", q.Agent)
	}
	switch q.End {
	case data.AnyEnd:
	case data.NoEnd:
		only("blocked_until = 0")
	case data.EndsInADay:
		only("blocked_until BETWEEN 1 AND ?", now.Add(24*time.Hour))
	case data.EndsInAWeek:
		only("blocked_until BETWEEN 1 AND ?", now.Add(7*24*time.Hour))
	case data.ReviewDue:
		periods, err := r.ReviewPeriods(ctx)
		if err != nil {
			return "", nil, err
		}
		only("("+reviewReached+" OR "+oldUnreviewed+")", now, periods.Before(now))
	default:
		return "", nil, fmt.Errorf("list the blocked by the end %q: %w", q.End, data.ErrInvalid)
	}
	return where, args, nil
}

// These two are Block.Due in SQL. The argument of the second is the moment
// before which a block is old; where that is zero, none is.
const (
	reviewReached = "(blocked_review > 0 AND blocked_review <= ?)"
	oldUnreviewed = "(blocked_review = 0 AND blocked_at <= ?)"
)

// BlockedRows reads those of the given customers who are blocked now, in no
// order and without their tags.
func (r *Queries) BlockedRows(ctx context.Context, ids []int64) ([]data.BlockedCustomer, error) {
	var rows []struct {
		Customer customerRow `gorm:"embedded"`
		Chat     bool
	}
	err := r.db.WithContext(ctx).Raw("SELECT *, EXISTS (SELECT 1 FROM chats WHERE customer_id = id) AS chat FROM customers WHERE id IN ? AND "+blockedNow, ids, r.now()).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the blocked customers: %w", err)
	}
	list := make([]data.BlockedCustomer, len(rows))
	for i, row := range rows {
		list[i] = data.BlockedCustomer{Customer: row.Customer.customer(), Chat: row.Chat}
	}
	return list, nil
}

// BlockedChoices returns the reasons and agents of all blocks in force.
func (r *Queries) BlockedChoices(ctx context.Context) (data.BlockedChoices, error) {
	var rows []struct{ BlockedReason, BlockedBy string }
	err := r.db.WithContext(ctx).Raw("SELECT DISTINCT blocked_reason, blocked_by FROM customers WHERE "+blockedNow, r.now()).Scan(&rows).Error
	if err != nil {
		return data.BlockedChoices{}, fmt.Errorf("read why and by whom customers are blocked: %w", err)
	}
	var c data.BlockedChoices
	for _, row := range rows {
		c.NoReason = c.NoReason || row.BlockedReason == ""
		if row.BlockedReason != "" {
			c.Reasons = append(c.Reasons, row.BlockedReason)
		}
		if row.BlockedBy != "" {
			c.Agents = append(c.Agents, row.BlockedBy)
		}
	}
	for _, list := range []*[]string{&c.Reasons, &c.Agents} {
		slices.SortFunc(*list, func(a, b string) int { return strings.Compare(data.Fold(a)+"\n"+a, data.Fold(b)+"\n"+b) })
		*list = slices.Compact(*list)
	}
	return c, nil
}

// BlockedCounts returns the numbers on the lists of blocks.
func (r *Queries) BlockedCounts(ctx context.Context) (data.BlockedCounts, error) {
	var c data.BlockedCounts
	err := r.db.WithContext(ctx).Raw("SELECT (SELECT count(*) FROM customers WHERE "+blockedNow+") AS now, (SELECT count(*) FROM ("+endedBlocks+")) AS past", r.now()).Scan(&c).Error
	if err != nil {
		return c, fmt.Errorf("count the blocks: %w", err)
	}
	c.Due, err = r.CountDue(ctx)
	return c, err
}

// CountDue counts the blocks in force that are to be looked at again.
func (r *Queries) CountDue(ctx context.Context) (int, error) {
	periods, err := r.ReviewPeriods(ctx)
	if err != nil {
		return 0, err
	}
	now := r.now()
	var n int64
	err = r.db.WithContext(ctx).Raw("SELECT (SELECT count(*) FROM customers WHERE "+blockedNow+" AND "+reviewReached+")"+
		" + (SELECT count(*) FROM customers WHERE "+blockedNow+" AND "+oldUnreviewed+")", now, now, now, periods.Before(now)).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count the blocks to review: %w", err)
	}
	return int(n), nil
}

// ReviewPeriods reads after how many days blocks are looked at again.
func (r *Queries) ReviewPeriods(ctx context.Context) (data.ReviewPeriods, error) {
	var rows []struct{ Key, Value string }
	if err := r.db.WithContext(ctx).Raw("SELECT key, value FROM settings WHERE key IN ('review.days', 'review.old')").Scan(&rows).Error; err != nil {
		return data.ReviewPeriods{}, fmt.Errorf("read when blocks are reviewed: %w", err)
	}
	p := data.DefaultReview
	for _, row := range rows {
		n, err := strconv.Atoi(row.Value)
		if err != nil || n < 0 || n > data.MaxReviewDays {
			continue // written by hand: the default stands
		}
		switch row.Key {
		case "review.days":
			p.Days = n
		case "review.old":
			p.Old = n
		}
	}
	return p, nil
}

// SaveReviewPeriods keeps after how many days blocks are looked at again.
func (t *Tx) SaveReviewPeriods(p data.ReviewPeriods) error {
	if err := t.set("review.days", strconv.Itoa(p.Days)); err != nil {
		return err
	}
	return t.set("review.old", strconv.Itoa(p.Old))
}

// LastBlocked reads those who are blocked now and were blocked last, without
// their tags.
func (r *Queries) LastBlocked(ctx context.Context, limit int) ([]data.Customer, error) {
	var rows []customerRow
	err := r.db.WithContext(ctx).Where(blockedNow, r.now()).Order("blocked_at DESC, id DESC").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read who was blocked last: %w", err)
	}
	return customersOf(rows), nil
}
