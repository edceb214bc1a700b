package fetch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/connection"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

const (
	// pageSize is the largest page that was ever seen to work; smallPageSize is
	// asked for where one of that size did not come.
	pageSize      = 50
	smallPageSize = 10
	// maxPages is how many pages there can be; a cursor could lead in circles.
	maxPages = 100_000
	// maxRoundPages is how many pages one run walks; the next one goes on there.
	maxRoundPages = 500
	// maxStalePages is how many pages in a row can bring rows that were there before, and
	// nothing else: behind them there is nothing, however many cursors there are.
	maxStalePages = 3
	// quietFor is how long a run goes on before it says so, if the account was fetched
	// whole before, and tellEvery how often it says how far it is.
	quietFor  = 10 * time.Second
	tellEvery = 5 * time.Second
	// maxPageTries is how often a page is asked for that did not come, and
	// maxPageBackoff the longest pause between.
	maxPageTries   = 3
	maxPageBackoff = 10 * time.Minute
	// chatInterval is the pause before each chat, which spares DoubleTick.
	chatInterval = 100 * time.Millisecond
	// maxChatRetries is how often a chat is fetched again that failed, or whose newest
	// message is missing.
	maxChatRetries = 3
	// maxOdd is how many rows are remembered that name nobody.
	maxOdd = 10_000
	// maxFailedChats is how many chats can go without an answer one after the other.
	maxFailedChats = 5
)

// syncRun is one run of a Syncer over the pages of the account.
type syncRun struct {
	s       *Syncer
	client  *doubletick.Client
	account data.Account    // the one for which the run began
	isFirst bool            // the account was never fetched whole
	seen    map[string]bool // rows of the list; a page can repeat those of the page before

	began, told     data.Moment // when the run began, and when it last said how far it is
	firstSynced     string      // key of the first chat that is marked as synced; a resync in the meantime removes the mark
	chats           int         // chats that were looked at
	chatsWithNews   int
	newMessages     int
	failed          int  // pages and chats that could not be fetched
	unanswered      int  // chats in a row without an answer
	anyAnswered     bool // at least one chat was answered
	aborted         bool // the run ended before the last page
	firstPageFailed bool
	unavailable     bool // nothing more can be fetched for now: see isFinal
	accountGone     bool // the account was paused, left or replaced
}

func (r *syncRun) run(ctx context.Context) error {
	whole, err := r.s.desk.SyncedAt(ctx, "")
	if err != nil {
		return err
	}
	defer r.s.breaker.SetProgress(nil)
	if r.isFirst = whole == 0; r.isFirst {
		if err := r.reportProgress(ctx); err != nil {
			return err
		}
	}
	maps.DeleteFunc(r.s.missed, func(_ string, m missed) bool { return m.joined != r.account.JoinedAt })
	before := maps.Clone(r.s.missed)
	if r.s.rest.joined != r.account.JoinedAt {
		r.s.rest = rest{joined: r.account.JoinedAt}
	}
	r.began = r.s.desk.Now()
	var at doubletick.Cursor
	visited := map[doubletick.Cursor]bool{}
	stale := 0
	for n := range maxRoundPages {
		p, ok, err := r.page(ctx, at)
		if err != nil {
			return err
		}
		if !ok {
			r.s.minPages = max(r.s.minPages, n)
			return r.reportEnd(ctx)
		}
		rows := len(r.seen)
		news, err := r.syncPage(ctx, p)
		if err != nil {
			return err
		}
		if stale++; len(r.seen) > rows {
			stale = 0
		}
		if at == (doubletick.Cursor{}) && !r.aborted { // what is new comes first
			if err := r.retryMissed(ctx, before); err != nil {
				return err
			}
		}
		if r.aborted {
			r.s.minPages = max(r.s.minPages, n)
			return r.reportEnd(ctx)
		}
		if r.isFirst {
			if err := r.reportProgress(ctx); err != nil {
				return err
			}
		}
		at = p.Next
		ended := at == (doubletick.Cursor{}) || visited[at] || stale == maxStalePages
		if seen := !r.isFirst && news == 0 && n >= r.s.minPages; n == 0 && r.isFirst || ended || seen {
			if r.s.rest.at != (doubletick.Cursor{}) { // where the run before stopped
				at, ended, seen, stale = r.s.rest.at, false, false, 0
				r.s.rest.at = doubletick.Cursor{}
			}
			if ended || seen {
				r.s.minPages, r.s.rest.walked = 0, 0
				break
			}
		}
		visited[at] = true
		if n+1 == maxRoundPages && r.s.rest.walked < maxPages {
			r.s.rest.at, r.s.rest.walked = at, r.s.rest.walked+maxRoundPages
			return r.reportEnd(ctx)
		}
	}
	if r.isFirst {
		if err := r.markSynced(ctx); err != nil {
			return err
		}
	}
	return r.reportEnd(ctx)
}

// markSynced records that all pages were walked, unless a resync was requested in the
// meantime: then the next run walks all pages again.
func (r *syncRun) markSynced(ctx context.Context) error {
	if here, err := r.isCurrent(ctx); err != nil || !here {
		return err
	}
	if r.firstSynced != "" {
		at, err := r.s.desk.SyncedAt(ctx, r.firstSynced)
		if err != nil || at == 0 {
			return err
		}
	}
	return r.s.desk.MarkSynced(ctx, r.account.JoinedAt)
}

// isCurrent reports whether the account is still the one for which the run began, and
// may be asked; if not, the run ends.
func (r *syncRun) isCurrent(ctx context.Context) (bool, error) {
	a, err := r.s.desk.Account(ctx)
	if err != nil {
		return false, err
	}
	if a.Paused || !a.Joined() || a.JoinedAt != r.account.JoinedAt {
		r.accountGone, r.aborted = true, true
	}
	return !r.accountGone, nil
}

// page fetches the page at a cursor, and a smaller one if that fails. It returns false
// if the run is to end.
func (r *syncRun) page(ctx context.Context, at doubletick.Cursor) (doubletick.Page, bool, error) {
	limit := pageSize
	for try := 1; ; try++ {
		if here, err := r.isCurrent(ctx); err != nil || !here {
			return doubletick.Page{}, false, err
		}
		if err := r.tell(ctx); err != nil {
			return doubletick.Page{}, false, err
		}
		p, result := r.client.Chats(ctx, at, limit)
		limit = smallPageSize
		if ctx.Err() != nil {
			return doubletick.Page{}, false, ctx.Err()
		}
		if here, err := r.record(ctx, result, at == doubletick.Cursor{}); err != nil || !here {
			return doubletick.Page{}, false, err
		}
		if result.Kind == data.ResultOK {
			return p, true, nil
		}
		if try == maxPageTries || result.Kind == data.ResultRejected || r.isFinal(result) {
			r.failed++
			r.aborted, r.firstPageFailed, r.unavailable = true, at == doubletick.Cursor{}, r.isFinal(result)
			return doubletick.Page{}, false, nil
		}
		if err := r.s.breaker.Sleep(ctx, connection.Backoff(try, maxPageBackoff)); err != nil {
			return doubletick.Page{}, false, err
		}
	}
}

// isFinal reports whether a result means that nothing more can be fetched for now: the
// key is refused, DoubleTick asked for a pause, or it cannot be reached.
func (r *syncRun) isFinal(result doubletick.Result) bool {
	return result.State == data.KeyRefused || result.State == data.Paused || result.Kind == data.ResultNotSent
}

// record passes a result to the circuit breaker, unless it is a lost answer to a slow
// request: later pages take long, and some never come, which says nothing of the
// connection. It returns false if the run is to end, because the account has been
// paused, left or replaced.
func (r *syncRun) record(ctx context.Context, result doubletick.Result, quick bool) (bool, error) {
	here, err := r.isCurrent(ctx)
	if err != nil || !here || result.Kind == data.ResultUnknown && !quick {
		return here, err
	}
	return true, r.s.breaker.Record(ctx, r.client, result)
}

// syncPage fetches the chats of a page that have news, and returns their number.
func (r *syncRun) syncPage(ctx context.Context, p doubletick.Page) (news int, err error) {
	if err := r.setAside(ctx, p.Odd); err != nil {
		return 0, err
	}
	for _, c := range p.Chats {
		row := c.Key() + " " + c.Updated
		if r.seen[row] {
			continue
		}
		r.seen[row] = true
		known, err := r.s.desk.SyncedAt(ctx, c.Key())
		if err != nil {
			return news, err
		}
		if known != 0 && c.LastAt <= known {
			r.firstSynced = cmp.Or(r.firstSynced, c.Key())
			r.chats++
			continue
		}
		if m, ok := r.s.missed[c.Key()]; ok && c.LastAt <= m.chat.LastAt {
			continue // retryMissed fetches it
		}
		news++
		if err := r.syncChat(ctx, c); err != nil || r.aborted {
			return news, err
		}
		if err := r.tell(ctx); err != nil {
			return news, err
		}
	}
	return news, nil
}

// setAside sets rows aside that name nobody, so that they are seen. Each is set aside
// once while the program runs, however often its page is fetched.
func (r *syncRun) setAside(ctx context.Context, rows [][]byte) error {
	for _, raw := range rows {
		sum := sha256.Sum256(raw)
		if r.s.odd[sum] || len(raw) > data.MaxSetAsideRaw {
			continue
		}
		_, err := r.s.desk.Take(ctx, []data.Arrival{{SetAside: &data.SetAside{Raw: raw, Reason: "the account has a chat that names nobody"}}})
		switch {
		case errors.Is(err, data.ErrSetAsideFull):
			return nil // which the line under the lists says
		case err != nil:
			return err
		}
		if len(r.s.odd) == maxOdd {
			clear(r.s.odd)
		}
		r.s.odd[sum] = true
	}
	return nil
}

// retryMissed fetches the chats that earlier runs missed. If too many of them in a row
// go without an answer, the others wait for another run, but the pages do not.
func (r *syncRun) retryMissed(ctx context.Context, before map[string]missed) error {
	r.unanswered = 0
	for key, m := range before {
		now, ok := r.s.missed[key]
		if !ok || now.chat.LastAt != m.chat.LastAt {
			continue // it came in the meantime, or is newer
		}
		if err := r.syncChat(ctx, m.chat); err != nil {
			return err
		}
		if r.aborted {
			break
		}
	}
	r.aborted, r.unanswered = r.unavailable || r.accountGone, 0
	return nil
}

// syncChat fetches the messages of one chat. One that fails is left for the next
// run.
func (r *syncRun) syncChat(ctx context.Context, c doubletick.Chat) error {
	if c.Customer == "" { // there is no number to ask with
		return r.merge(ctx, c, c.Last, c.LastAt)
	}
	if err := r.s.breaker.Sleep(ctx, chatInterval); err != nil {
		return err
	}
	if here, err := r.isCurrent(ctx); err != nil || !here {
		return err
	}
	messages, newest, result := r.client.Messages(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if here, err := r.record(ctx, result, false); err != nil || !here {
		return err
	}
	if result.State == data.Offline {
		r.unanswered++
	} else {
		r.unanswered, r.anyAnswered = 0, true
	}
	if result.Kind != data.ResultOK {
		r.failed++
		if r.unavailable = r.isFinal(result); r.unavailable {
			r.aborted = true
			return nil
		}
		r.aborted = r.unanswered == maxFailedChats
		if r.retryLater(c, r.anyAnswered) {
			return nil
		}
		// Give the chat up until there is news of it.
		return r.s.desk.SkipChat(ctx, r.account.JoinedAt, c.Key(), max(c.LastAt, 1))
	}
	return r.merge(ctx, c, messages, newest)
}

// merge writes a chat with the messages that were fetched, of which the newest is as
// old as newest says.
func (r *syncRun) merge(ctx context.Context, c doubletick.Chat, messages []data.Message, newest data.Moment) error {
	chat := data.RemoteChat{With: c.With, Tags: c.Tags, Messages: messages}
	// What the list speaks of can be missing where it is looked up, for a while.
	if newest >= c.LastAt || !r.retryLater(c, true) {
		delete(r.s.missed, c.Key())
		chat.Key, chat.LastAt = c.Key(), max(c.LastAt, 1)
		r.firstSynced = cmp.Or(r.firstSynced, c.Key())
	}
	got, err := r.s.desk.SyncChat(ctx, r.account.JoinedAt, chat)
	if err != nil {
		return err
	}
	r.chats++
	r.newMessages += got.NewMessages
	if got.NewMessages > 0 || got.NewCustomer {
		r.chatsWithNews++
	}
	return nil
}

// retryLater has a chat fetched once more in the next run, and reports whether it does:
// not after maxChatRetries tries. A try counts only if counts is true, which it is not
// while no chat is answered at all.
func (r *syncRun) retryLater(c doubletick.Chat, counts bool) bool {
	m := r.s.missed[c.Key()]
	if c.LastAt > m.chat.LastAt {
		m.times = 0
	}
	if counts {
		m.times++
	}
	if m.times > maxChatRetries {
		delete(r.s.missed, c.Key())
		return false
	}
	m.chat, m.joined = c, r.account.JoinedAt
	r.s.missed[c.Key()] = m
	return true
}

// rest is what a run left of the account's pages because there were too many for it.
type rest struct {
	joined data.Moment       // when the account was joined
	at     doubletick.Cursor // where the next run goes on; zero where nothing is left
	walked int               // pages of the runs so far, of one walk
}

// missed is a chat that could not be fetched, and how many tries have failed.
type missed struct {
	chat   doubletick.Chat
	joined data.Moment // when the account that it belongs to was joined
	times  int
}

// tell shows how far a run is that takes long, now and then.
func (r *syncRun) tell(ctx context.Context) error {
	now := r.s.desk.Now()
	if !r.isFirst && now < r.began.Add(quietFor) || now < r.told.Add(tellEvery) {
		return nil
	}
	return r.reportProgress(ctx)
}

// reportProgress shows how far the run is.
func (r *syncRun) reportProgress(ctx context.Context) error {
	r.told = r.s.desk.Now()
	link := data.Connection{State: data.Fetching, Chats: r.chats, Failed: r.failed}
	r.s.breaker.SetProgress(&link)
	return r.s.desk.SetConnection(ctx, link)
}

// reportEnd stores that the account is online, unless the run failed, and in any case
// that nothing is being fetched any more.
func (r *syncRun) reportEnd(ctx context.Context) error {
	r.s.breaker.SetProgress(nil)
	if r.accountGone {
		return nil
	}
	if _, halfOpen := r.s.breaker.RetryAt(); halfOpen || r.aborted {
		link, err := r.s.desk.Connection(ctx)
		if err != nil || link.State != data.Fetching {
			return err // the breaker has stored what went wrong
		}
	}
	return r.s.desk.SetConnection(ctx, data.Connection{State: data.Online})
}
