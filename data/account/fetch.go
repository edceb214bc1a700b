package account

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

const (
	// syncInterval is the pause between two rounds; it doubles while nothing is new,
	// or nothing answers.
	syncInterval       = 30 * time.Second
	maxIdleInterval    = 2 * time.Minute
	maxFailingInterval = 10 * time.Minute
	// A link that is gone costs DoubleTick nothing to try.
	maxOfflineInterval = time.Minute
	// chatInterval leaves DoubleTick its breath.
	chatInterval = 100 * time.Millisecond
	// pageSize is the largest page that was ever seen to work; smallPageSize is
	// asked for where one of that size did not come.
	pageSize      = 50
	smallPageSize = 10
	// maxChatRetries is how often a chat is fetched again that failed, or whose newest
	// message is missing.
	maxChatRetries = 3
	// maxFailedChats is how many chats can go without an answer one after the other.
	maxFailedChats = 5
	// maxPageTries is how often a page is asked for that did not come.
	maxPageTries = 3
	// maxPages is how many pages there can be; a cursor could lead in circles.
	maxPages = 100_000
)

// SyncOnce fetches what is new in the account, and gives the moment of the round
// after it. Of an account that was never fetched whole it walks all pages, else
// only those with news.
func (w *Worker) SyncOnce(ctx context.Context) (data.Moment, error) {
	w.mu.Lock()
	next := w.nextRun
	w.mu.Unlock()
	a, err := w.desk.Account(ctx)
	if err != nil || !a.Joined() || a.Paused {
		return 0, err
	}
	now := w.desk.Now()
	until, _ := w.retryAfter()
	if until = max(until, next); now < until {
		return until, nil
	}
	client, a, err := w.connect(ctx)
	if err != nil || client == nil {
		return 0, err
	}
	f := &syncRun{w: w, client: client, account: a, seen: map[string]bool{}}
	if err := f.run(ctx); err != nil {
		return 0, err
	}
	if f.gone {
		return 0, nil
	}
	if !f.stopped {
		if err := w.pollStatuses(ctx, client); err != nil {
			return 0, err
		}
	}
	return w.nextRunAt(f), nil
}

// SyncResult counts what a fetching brought.
type SyncResult struct {
	Chats, New int // chats that were looked at, and messages that were not here
	Failed     int // pages and chats that could not be fetched
}

// FetchAll fetches the account once.
func (w *Worker) FetchAll(ctx context.Context) (SyncResult, error) {
	client, a, err := w.connect(ctx)
	if err != nil || client == nil {
		return SyncResult{}, err
	}
	f := &syncRun{w: w, client: client, account: a, seen: map[string]bool{}}
	err = f.run(ctx)
	return SyncResult{Chats: f.chats, New: f.new, Failed: f.failed}, err
}

// nextRunAt decides when the next round is. What is missing in the middle is no
// reason to leave the newest alone for long.
func (w *Worker) nextRunAt(f *syncRun) data.Moment {
	w.mu.Lock()
	defer w.mu.Unlock()
	var long time.Duration
	switch {
	case f.nothing:
		longest := maxFailingInterval
		if w.offline {
			longest = maxOfflineInterval
		}
		w.failedRuns++
		w.idleRuns = 0
		long = min(longest, syncInterval<<min(w.failedRuns-1, 10))
	case f.news > 0:
		w.failedRuns, w.idleRuns = 0, 0
		long = syncInterval
	default:
		w.failedRuns = 0
		w.idleRuns++
		long = min(maxIdleInterval, syncInterval<<min(w.idleRuns/10, 10))
	}
	w.nextRun = w.desk.Now().Add(time.Duration(float64(long) * (0.9 + 0.2*w.jitter())))
	return w.nextRun
}

// syncRun is one round.
type syncRun struct {
	w       *Worker
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
	whole, err := f.w.desk.SyncedAt(ctx, "")
	if err != nil {
		return err
	}
	if f.first = whole == 0; f.first {
		defer f.w.progress(nil)
		if err := f.reportProgress(ctx); err != nil {
			return err
		}
	}
	maps.DeleteFunc(f.w.missed, func(_ string, m missed) bool { return m.joined != f.account.JoinedAt })
	before := maps.Clone(f.w.missed)
	var at doubletick.Cursor
	visited := map[doubletick.Cursor]bool{}
	for n := range maxPages {
		p, ok, err := f.page(ctx, at)
		if err != nil {
			return err
		}
		if !ok {
			f.w.deep = max(f.w.deep, n)
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
			f.w.deep = max(f.w.deep, n)
			return f.reportEnd(ctx)
		}
		if f.first {
			if err := f.reportProgress(ctx); err != nil {
				return err
			}
		}
		if at = p.Next; at == (doubletick.Cursor{}) || visited[at] || !f.first && news == 0 && n >= f.w.deep {
			f.w.deep = 0
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
		at, err := f.w.desk.SyncedAt(ctx, f.known)
		if err != nil || at == 0 {
			return err
		}
	}
	return f.w.desk.MarkSynced(ctx, f.account.JoinedAt)
}

// isCurrent reports whether the account is still the one for which the round began, and
// may be asked; if not, the round ends.
func (f *syncRun) isCurrent(ctx context.Context) (bool, error) {
	a, err := f.w.desk.Account(ctx)
	if err != nil {
		return false, err
	}
	if a.Paused || !a.Joined() || a.JoinedAt != f.account.JoinedAt {
		f.gone, f.broken = true, true
	}
	return !f.gone, nil
}

// page fetches a page, and a smaller one where it did not come; false ends the
// round.
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
		if here, err := f.recordOutcome(ctx, v, at == doubletick.Cursor{}); err != nil || !here {
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
		if err := f.w.sleep(ctx, f.w.backoff(try, maxBackoff)); err != nil {
			return doubletick.Page{}, false, err
		}
	}
}

// isFinal reports whether nothing more can be had for now.
func (f *syncRun) isFinal(v doubletick.Result) bool {
	return v.State == data.KeyRefused || v.State == data.Paused || v.Kind == data.ResultNotSent
}

// recordOutcome takes what an answer says of the link. What is slow to find says nothing
// of it: later pages take long, and some never come. False ends the round: the
// answer is of an account that is paused since, or no more.
func (f *syncRun) recordOutcome(ctx context.Context, v doubletick.Result, quick bool) (bool, error) {
	here, err := f.isCurrent(ctx)
	if err != nil || !here || v.Kind == data.ResultUnknown && !quick {
		return here, err
	}
	return true, f.w.recordOutcome(ctx, f.client, v)
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
		known, err := f.w.desk.SyncedAt(ctx, c.Key())
		if err != nil {
			return news, err
		}
		if known != 0 && c.LastAt <= known {
			f.known = cmp.Or(f.known, c.Key())
			f.chats++
			continue
		}
		if m, ok := f.w.missed[c.Key()]; ok && c.LastAt <= m.chat.LastAt {
			continue // it has its own turn
		}
		news++
		if err := f.syncChat(ctx, c); err != nil || f.broken {
			return news, err
		}
	}
	return news, nil
}

// retryMissed takes the chats that the rounds before missed. Where too many of
// them go without an answer, the others wait for another round; the pages do not.
func (f *syncRun) retryMissed(ctx context.Context, before map[string]missed) error {
	f.row = 0
	for key, m := range before {
		now, ok := f.w.missed[key]
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
// round.
func (f *syncRun) syncChat(ctx context.Context, c doubletick.Chat) error {
	if err := f.w.sleep(ctx, chatInterval); err != nil {
		return err
	}
	if here, err := f.isCurrent(ctx); err != nil || !here {
		return err
	}
	messages, newest, v := f.client.Messages(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if here, err := f.recordOutcome(ctx, v, false); err != nil || !here {
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
		return f.w.desk.SkipChat(ctx, f.account.JoinedAt, c.Key(), max(c.LastAt, 1))
	}
	chat := data.RemoteChat{Phone: c.Phone, Name: c.Name, Tags: c.Tags, Messages: messages}
	// What the list speaks of can be missing where it is looked up, for a while.
	if newest >= c.LastAt || !f.retryLater(c, true) {
		delete(f.w.missed, c.Key())
		chat.Key, chat.LastAt = c.Key(), max(c.LastAt, 1)
		f.known = cmp.Or(f.known, c.Key())
	}
	got, err := f.w.desk.SyncChat(ctx, f.account.JoinedAt, chat)
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

// retryLater has a chat fetched once more in the next round, but not for ever; it
// reports whether it is. A try does not count where no chat is answered at all.
func (f *syncRun) retryLater(c doubletick.Chat, counts bool) bool {
	m := f.w.missed[c.Key()]
	if c.LastAt > m.chat.LastAt {
		m.times = 0
	}
	if counts {
		m.times++
	}
	if m.times > maxChatRetries {
		delete(f.w.missed, c.Key())
		return false
	}
	m.chat, m.joined = c, f.account.JoinedAt
	f.w.missed[c.Key()] = m
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
	f.w.progress(&link)
	return f.w.desk.SetConnection(ctx, link)
}

// reportEnd says that all is well again, where it is, and in any case that nothing
// is being fetched any more.
func (f *syncRun) reportEnd(ctx context.Context) error {
	f.w.progress(nil)
	if f.gone {
		return nil
	}
	if _, careful := f.w.retryAfter(); careful || f.broken {
		link, err := f.w.desk.Connection(ctx)
		if err != nil || link.State != data.Fetching {
			return err // what went wrong was told
		}
	}
	return f.w.desk.SetConnection(ctx, data.Connection{State: data.Online})
}

// progress is what the link says while all is well.
func (w *Worker) progress(link *data.Connection) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fetching = link
}

// watchNetwork wakes the fetching as soon as the account is another, or all is to be
// fetched anew.
func (w *Worker) watchNetwork(ctx context.Context, fetches chan<- struct{}) {
	turn := time.NewTicker(pollInterval)
	defer turn.Stop()
	type sight struct {
		account data.Account
		again   bool // all is to be fetched
		untried bool // with another key, perhaps
	}
	var last sight
	for {
		a, err := w.desk.Account(ctx)
		whole, err2 := w.desk.SyncedAt(ctx, "")
		link, err3 := w.desk.Connection(ctx)
		now := sight{a, whole == 0, link.State == data.NotConnected}
		if errors.Join(err, err2, err3) == nil {
			if now.account != last.account || now.again && !last.again || now.untried && !last.untried {
				w.mu.Lock()
				w.nextRun, w.idleRuns, w.failedRuns, w.stale = 0, 0, 0, true
				w.mu.Unlock()
				signal(fetches)
				signal(w.wake)
			}
			last = now
		}
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
}
