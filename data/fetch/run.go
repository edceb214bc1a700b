package fetch

import (
	"cmp"
	"context"
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
	// maxPageTries is how often a page is asked for that did not come, and
	// maxPageBackoff the longest pause between.
	maxPageTries   = 3
	maxPageBackoff = 10 * time.Minute
	// chatInterval is the pause before each chat, which spares DoubleTick.
	chatInterval = 100 * time.Millisecond
	// maxChatRetries is how often a chat is fetched again that failed, or whose newest
	// message is missing.
	maxChatRetries = 3
	// maxFailedChats is how many chats can go without an answer one after the other.
	maxFailedChats = 5
)

// syncRun is one run.
type syncRun struct {
	s       *Syncer
	client  *doubletick.Client
	account data.Account    // for which it is
	first   bool            // the account was never fetched whole
	seen    map[string]bool // rows, of which a page can repeat those before
	known   string          // the first chat that is fetched, as long as nobody wants all anew
	chats   int             // that were fetched
	news    int             // of them, that had any
	new     int             // messages that were not here
	failed  int             // pages and chats that could not be
	row     int             // chats that went without an answer one after the other
	came    bool            // some chat was answered
	broken  bool            // it ended before its end
	nothing bool            // not even its first page came
	stopped bool            // nothing more can be had for now
	gone    bool            // the account is paused, or another
}

func (f *syncRun) run(ctx context.Context) error {
	whole, err := f.s.desk.SyncedAt(ctx, "")
	if err != nil {
		return err
	}
	if f.first = whole == 0; f.first {
		defer f.s.breaker.SetProgress(nil)
		if err := f.reportProgress(ctx); err != nil {
			return err
		}
	}
	maps.DeleteFunc(f.s.missed, func(_ string, m missed) bool { return m.joined != f.account.JoinedAt })
	before := maps.Clone(f.s.missed)
	var at doubletick.Cursor
	visited := map[doubletick.Cursor]bool{}
	for n := range maxPages {
		p, ok, err := f.page(ctx, at)
		if err != nil {
			return err
		}
		if !ok {
			f.s.deep = max(f.s.deep, n)
			return f.reportEnd(ctx)
		}
		news, err := f.syncPage(ctx, p)
		if err != nil {
			return err
		}
		if at == (doubletick.Cursor{}) && !f.broken { // what is new comes first
			if err := f.retryMissed(ctx, before); err != nil {
				return err
			}
		}
		if f.broken {
			f.s.deep = max(f.s.deep, n)
			return f.reportEnd(ctx)
		}
		if f.first {
			if err := f.reportProgress(ctx); err != nil {
				return err
			}
		}
		if at = p.Next; at == (doubletick.Cursor{}) || visited[at] || !f.first && news == 0 && n >= f.s.deep {
			f.s.deep = 0
			break
		}
		visited[at] = true
	}
	if f.first {
		if err := f.markSynced(ctx); err != nil {
			return err
		}
	}
	return f.reportEnd(ctx)
}

// markSynced says that the walk was whole, unless somebody wants all anew since
// it began: then the next one walks all pages again.
func (f *syncRun) markSynced(ctx context.Context) error {
	if here, err := f.isCurrent(ctx); err != nil || !here {
		return err
	}
	if f.known != "" {
		at, err := f.s.desk.SyncedAt(ctx, f.known)
		if err != nil || at == 0 {
			return err
		}
	}
	return f.s.desk.MarkSynced(ctx, f.account.JoinedAt)
}

// isCurrent reports whether the account is still the one for which the run began, and
// may be asked; if not, the run ends.
func (f *syncRun) isCurrent(ctx context.Context) (bool, error) {
	a, err := f.s.desk.Account(ctx)
	if err != nil {
		return false, err
	}
	if a.Paused || !a.Joined() || a.JoinedAt != f.account.JoinedAt {
		f.gone, f.broken = true, true
	}
	return !f.gone, nil
}

// page fetches a page, and a smaller one where it did not come; false ends the
// run.
func (f *syncRun) page(ctx context.Context, at doubletick.Cursor) (doubletick.Page, bool, error) {
	limit := pageSize
	for try := 1; ; try++ {
		if here, err := f.isCurrent(ctx); err != nil || !here {
			return doubletick.Page{}, false, err
		}
		p, v := f.client.Chats(ctx, at, limit)
		limit = smallPageSize
		if ctx.Err() != nil {
			return doubletick.Page{}, false, ctx.Err()
		}
		if here, err := f.record(ctx, v, at == doubletick.Cursor{}); err != nil || !here {
			return doubletick.Page{}, false, err
		}
		if v.Kind == data.ResultOK {
			return p, true, nil
		}
		if try == maxPageTries || v.Kind == data.ResultRejected || f.isFinal(v) {
			f.failed++
			f.broken, f.nothing, f.stopped = true, at == doubletick.Cursor{}, f.isFinal(v)
			return doubletick.Page{}, false, nil
		}
		if err := f.s.breaker.Sleep(ctx, connection.Backoff(try, maxPageBackoff)); err != nil {
			return doubletick.Page{}, false, err
		}
	}
}

// isFinal reports whether nothing more can be had for now.
func (f *syncRun) isFinal(v doubletick.Result) bool {
	return v.State == data.KeyRefused || v.State == data.Paused || v.Kind == data.ResultNotSent
}

// record takes what an answer says of the link. What is slow to find says nothing
// of it: later pages take long, and some never come. False ends the run: the
// answer is of an account that is paused since, or no more.
func (f *syncRun) record(ctx context.Context, v doubletick.Result, quick bool) (bool, error) {
	here, err := f.isCurrent(ctx)
	if err != nil || !here || v.Kind == data.ResultUnknown && !quick {
		return here, err
	}
	return true, f.s.breaker.Record(ctx, f.client, v)
}

// syncPage takes the chats of a page whose last message is news; it returns how many
// those are.
func (f *syncRun) syncPage(ctx context.Context, p doubletick.Page) (news int, err error) {
	for _, c := range p.Chats {
		row := c.Key() + " " + c.Updated
		if f.seen[row] {
			continue
		}
		f.seen[row] = true
		known, err := f.s.desk.SyncedAt(ctx, c.Key())
		if err != nil {
			return news, err
		}
		if known != 0 && c.LastAt <= known {
			f.known = cmp.Or(f.known, c.Key())
			f.chats++
			continue
		}
		if m, ok := f.s.missed[c.Key()]; ok && c.LastAt <= m.chat.LastAt {
			continue // it has its own turn
		}
		news++
		if err := f.syncChat(ctx, c); err != nil || f.broken {
			return news, err
		}
	}
	return news, nil
}

// retryMissed takes the chats that the runs before missed. Where too many of
// them go without an answer, the others wait for another run; the pages do not.
func (f *syncRun) retryMissed(ctx context.Context, before map[string]missed) error {
	f.row = 0
	for key, m := range before {
		now, ok := f.s.missed[key]
		if !ok || now.chat.LastAt != m.chat.LastAt {
			continue // it came in the meantime, or is newer
		}
		if err := f.syncChat(ctx, m.chat); err != nil {
			return err
		}
		if f.broken {
			break
		}
	}
	f.broken, f.row = f.stopped || f.gone, 0
	return nil
}

// syncChat fetches the messages of one chat. One that fails is left for the next
// run.
func (f *syncRun) syncChat(ctx context.Context, c doubletick.Chat) error {
	if err := f.s.breaker.Sleep(ctx, chatInterval); err != nil {
		return err
	}
	if here, err := f.isCurrent(ctx); err != nil || !here {
		return err
	}
	messages, newest, v := f.client.Messages(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if here, err := f.record(ctx, v, false); err != nil || !here {
		return err
	}
	if v.State == data.Offline {
		f.row++
	} else {
		f.row, f.came = 0, true
	}
	if v.Kind != data.ResultOK {
		f.failed++
		if f.stopped = f.isFinal(v); f.stopped {
			f.broken = true
			return nil
		}
		f.broken = f.row == maxFailedChats
		if f.retryLater(c, f.came) {
			return nil
		}
		// It is given up until there is news of it.
		return f.s.desk.SkipChat(ctx, f.account.JoinedAt, c.Key(), max(c.LastAt, 1))
	}
	chat := data.RemoteChat{Phone: c.Phone, Name: c.Name, Tags: c.Tags, Messages: messages}
	// What the list speaks of can be missing where it is looked up, for a while.
	if newest >= c.LastAt || !f.retryLater(c, true) {
		delete(f.s.missed, c.Key())
		chat.Key, chat.LastAt = c.Key(), max(c.LastAt, 1)
		f.known = cmp.Or(f.known, c.Key())
	}
	got, err := f.s.desk.SyncChat(ctx, f.account.JoinedAt, chat)
	if err != nil {
		return err
	}
	f.chats++
	f.new += got.NewMessages
	if got.NewMessages > 0 || got.NewCustomer {
		f.news++
	}
	return nil
}

// retryLater has a chat fetched once more in the next run, but not for ever; it
// reports whether it is. A try does not count where no chat is answered at all.
func (f *syncRun) retryLater(c doubletick.Chat, counts bool) bool {
	m := f.s.missed[c.Key()]
	if c.LastAt > m.chat.LastAt {
		m.times = 0
	}
	if counts {
		m.times++
	}
	if m.times > maxChatRetries {
		delete(f.s.missed, c.Key())
		return false
	}
	m.chat, m.joined = c, f.account.JoinedAt
	f.s.missed[c.Key()] = m
	return true
}

// missed is a chat that could not be fetched, and how often.
type missed struct {
	chat   doubletick.Chat
	joined data.Moment // to the account that it is of
	times  int
}

// reportProgress shows how far the first fetching is.
func (f *syncRun) reportProgress(ctx context.Context) error {
	link := data.Connection{State: data.Fetching, Chats: f.chats, Failed: f.failed}
	f.s.breaker.SetProgress(&link)
	return f.s.desk.SetConnection(ctx, link)
}

// reportEnd says that all is well again, where it is, and in any case that nothing
// is being fetched any more.
func (f *syncRun) reportEnd(ctx context.Context) error {
	f.s.breaker.SetProgress(nil)
	if f.gone {
		return nil
	}
	if _, halfOpen := f.s.breaker.RetryAt(); halfOpen || f.broken {
		link, err := f.s.desk.Connection(ctx)
		if err != nil || link.State != data.Fetching {
			return err // what went wrong was told
		}
	}
	return f.s.desk.SetConnection(ctx, data.Connection{State: data.Online})
}
