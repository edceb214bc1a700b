package account

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const (
	// fetchEvery is the pause between two rounds; it doubles while nothing is new,
	// or nothing answers.
	fetchEvery     = 30 * time.Second
	longestIdle    = 2 * time.Minute
	longestFailing = 10 * time.Minute
	// A link that is gone costs DoubleTick nothing to try.
	longestGone = time.Minute
	// betweenChats leaves DoubleTick its breath.
	betweenChats = 100 * time.Millisecond
	// mostAgain is how often a chat is fetched again that failed, or whose newest
	// message is missing.
	mostAgain = 3
	// chatsInARow is how many chats can go without an answer one after the other.
	chatsInARow = 5
	// pageTries is how often a page is asked for that did not come.
	pageTries = 3
	// mostPages is how many pages there can be; a cursor could lead in circles.
	mostPages = 100_000
)

// Round fetches what is new in the account, and gives the moment of the round
// after it. Of an account that was never fetched whole it walks all pages, else
// only those with news.
func (w *Worker) Round(ctx context.Context) (data.Moment, error) {
	w.mu.Lock()
	next := w.next
	w.mu.Unlock()
	a, err := w.desk.Account(ctx)
	if err != nil || !a.Joined() || a.Paused {
		return 0, err
	}
	now := w.desk.Now()
	until, _ := w.quiet()
	if until = max(until, next); now < until {
		return until, nil
	}
	client, a, err := w.connect(ctx)
	if err != nil || client == nil {
		return 0, err
	}
	f := &fetch{w: w, client: client, account: a, seen: map[string]bool{}}
	if err := f.round(ctx); err != nil {
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
	return w.after(f), nil
}

// Fetched counts what a fetching brought.
type Fetched struct {
	Chats, New int // chats that were looked at, and messages that were not here
	Failed     int // pages and chats that could not be fetched
}

// FetchAll fetches the account once.
func (w *Worker) FetchAll(ctx context.Context) (Fetched, error) {
	client, a, err := w.connect(ctx)
	if err != nil || client == nil {
		return Fetched{}, err
	}
	f := &fetch{w: w, client: client, account: a, seen: map[string]bool{}}
	err = f.round(ctx)
	return Fetched{Chats: f.chats, New: f.new, Failed: f.failed}, err
}

// after decides when the next round is. What is missing in the middle is no
// reason to leave the newest alone for long.
func (w *Worker) after(f *fetch) data.Moment {
	w.mu.Lock()
	defer w.mu.Unlock()
	var long time.Duration
	switch {
	case f.nothing:
		longest := longestFailing
		if w.offline {
			longest = longestGone
		}
		w.failed++
		w.idle = 0
		long = min(longest, fetchEvery<<min(w.failed-1, 10))
	case f.news > 0:
		w.failed, w.idle = 0, 0
		long = fetchEvery
	default:
		w.failed = 0
		w.idle++
		long = min(longestIdle, fetchEvery<<min(w.idle/10, 10))
	}
	w.next = w.desk.Now().Add(time.Duration(float64(long) * (0.9 + 0.2*w.chance())))
	return w.next
}

// fetch is one round.
type fetch struct {
	w       *Worker
	client  *client
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

func (f *fetch) round(ctx context.Context) error {
	whole, err := f.w.desk.FetchedAt(ctx, "")
	if err != nil {
		return err
	}
	if f.first = whole == 0; f.first {
		defer f.w.progress(nil)
		if err := f.tell(ctx); err != nil {
			return err
		}
	}
	maps.DeleteFunc(f.w.missed, func(_ string, m missed) bool { return m.joined != f.account.JoinedAt })
	before := maps.Clone(f.w.missed)
	var at cursor
	visited := map[cursor]bool{}
	for n := range mostPages {
		p, ok, err := f.page(ctx, at)
		if err != nil {
			return err
		}
		if !ok {
			f.w.deep = max(f.w.deep, n)
			return f.tellEnd(ctx)
		}
		news, err := f.take(ctx, p)
		if err != nil {
			return err
		}
		if at == (cursor{}) && !f.broken { // what is new comes first
			if err := f.takeMissed(ctx, before); err != nil {
				return err
			}
		}
		if f.broken {
			f.w.deep = max(f.w.deep, n)
			return f.tellEnd(ctx)
		}
		if f.first {
			if err := f.tell(ctx); err != nil {
				return err
			}
		}
		if at = p.next; at == (cursor{}) || visited[at] || !f.first && news == 0 && n >= f.w.deep {
			f.w.deep = 0
			break
		}
		visited[at] = true
	}
	if f.first {
		if err := f.allFetched(ctx); err != nil {
			return err
		}
	}
	return f.tellEnd(ctx)
}

// allFetched says that the walk was whole, unless somebody wants all anew since
// it began: then the next one walks all pages again.
func (f *fetch) allFetched(ctx context.Context) error {
	if here, err := f.here(ctx); err != nil || !here {
		return err
	}
	if f.known != "" {
		at, err := f.w.desk.FetchedAt(ctx, f.known)
		if err != nil || at == 0 {
			return err
		}
	}
	return f.w.desk.AllFetched(ctx, f.account.JoinedAt)
}

// here tells whether the account is still the one for which the round began, and
// may be asked; if not, the round ends.
func (f *fetch) here(ctx context.Context) (bool, error) {
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
func (f *fetch) page(ctx context.Context, at cursor) (page, bool, error) {
	limit := perPage
	for try := 1; ; try++ {
		if here, err := f.here(ctx); err != nil || !here {
			return page{}, false, err
		}
		p, v := f.client.fetchPage(ctx, at, limit)
		limit = perSmallPage
		if ctx.Err() != nil {
			return page{}, false, ctx.Err()
		}
		if here, err := f.hear(ctx, v, at == cursor{}); err != nil || !here {
			return page{}, false, err
		}
		if v.Kind == data.ResultOK {
			return p, true, nil
		}
		if try == pageTries || v.Kind == data.ResultRejected || f.over(v) {
			f.failed++
			f.broken, f.nothing, f.stopped = true, at == cursor{}, f.over(v)
			return page{}, false, nil
		}
		if err := f.w.pause(ctx, f.w.growing(try, longestPause)); err != nil {
			return page{}, false, err
		}
	}
}

// over tells whether nothing more can be had for now.
func (f *fetch) over(v outcome) bool {
	return v.state == data.KeyRefused || v.state == data.Paused || v.Kind == data.ResultNotSent
}

// hear takes what an answer says of the link. What is slow to find says nothing
// of it: later pages take long, and some never come. False ends the round: the
// answer is of an account that is paused since, or no more.
func (f *fetch) hear(ctx context.Context, v outcome, quick bool) (bool, error) {
	here, err := f.here(ctx)
	if err != nil || !here || v.Kind == data.ResultUnknown && !quick {
		return here, err
	}
	return true, f.w.hear(ctx, f.client, v)
}

// take takes the chats of a page whose last message is news; it gives how many
// those are.
func (f *fetch) take(ctx context.Context, p page) (news int, err error) {
	for _, c := range p.chats {
		row := c.key() + " " + c.updated
		if f.seen[row] {
			continue
		}
		f.seen[row] = true
		known, err := f.w.desk.FetchedAt(ctx, c.key())
		if err != nil {
			return news, err
		}
		if known != 0 && c.lastAt <= known {
			f.known = cmp.Or(f.known, c.key())
			f.chats++
			continue
		}
		if m, ok := f.w.missed[c.key()]; ok && c.lastAt <= m.chat.lastAt {
			continue // it has its own turn
		}
		news++
		if err := f.chat(ctx, c); err != nil || f.broken {
			return news, err
		}
	}
	return news, nil
}

// takeMissed takes the chats that the rounds before missed. Where too many of
// them go without an answer, the others wait for another round; the pages do not.
func (f *fetch) takeMissed(ctx context.Context, before map[string]missed) error {
	f.row = 0
	for key, m := range before {
		now, ok := f.w.missed[key]
		if !ok || now.chat.lastAt != m.chat.lastAt {
			continue // it came in the meantime, or is newer
		}
		if err := f.chat(ctx, m.chat); err != nil {
			return err
		}
		if f.broken {
			break
		}
	}
	f.broken, f.row = f.stopped || f.gone, 0
	return nil
}

// chat fetches the messages of one chat. One that fails is left for the next
// round.
func (f *fetch) chat(ctx context.Context, c chat) error {
	if err := f.w.pause(ctx, betweenChats); err != nil {
		return err
	}
	if here, err := f.here(ctx); err != nil || !here {
		return err
	}
	messages, newest, v := f.client.fetchMessages(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if here, err := f.hear(ctx, v, false); err != nil || !here {
		return err
	}
	if v.state == data.Offline {
		f.row++
	} else {
		f.row, f.came = 0, true
	}
	if v.Kind != data.ResultOK {
		f.failed++
		if f.stopped = f.over(v); f.stopped {
			f.broken = true
			return nil
		}
		f.broken = f.row == chatsInARow
		if f.miss(c, f.came) {
			return nil
		}
		// It is given up until there is news of it.
		return f.w.desk.PassOver(ctx, f.account.JoinedAt, c.key(), max(c.lastAt, 1))
	}
	chat := data.Fetched{Phone: c.phone, Name: c.name, Tags: c.tags, Messages: messages}
	// What the list speaks of can be missing where it is looked up, for a while.
	if newest >= c.lastAt || !f.miss(c, true) {
		delete(f.w.missed, c.key())
		chat.Chat, chat.LastAt = c.key(), max(c.lastAt, 1)
		f.known = cmp.Or(f.known, c.key())
	}
	got, err := f.w.desk.Pull(ctx, f.account.JoinedAt, chat)
	if err != nil {
		return err
	}
	f.chats++
	f.new += got.New
	if got.New > 0 || got.NewCustomer {
		f.news++
	}
	return nil
}

// miss has a chat fetched once more in the next round, but not for ever; it
// tells whether it is. A try does not count where no chat is answered at all.
func (f *fetch) miss(c chat, counts bool) bool {
	m := f.w.missed[c.key()]
	if c.lastAt > m.chat.lastAt {
		m.times = 0
	}
	if counts {
		m.times++
	}
	if m.times > mostAgain {
		delete(f.w.missed, c.key())
		return false
	}
	m.chat, m.joined = c, f.account.JoinedAt
	f.w.missed[c.key()] = m
	return true
}

// missed is a chat that could not be fetched, and how often.
type missed struct {
	chat   chat
	joined data.Moment // to the account that it is of
	times  int
}

// tell shows how far the first fetching is.
func (f *fetch) tell(ctx context.Context) error {
	link := data.Connection{State: data.Fetching, Chats: f.chats, Failed: f.failed}
	f.w.progress(&link)
	return f.w.desk.SetConnection(ctx, link)
}

// tellEnd says that all is well again, where it is, and in any case that nothing
// is being fetched any more.
func (f *fetch) tellEnd(ctx context.Context) error {
	f.w.progress(nil)
	if f.gone {
		return nil
	}
	if _, careful := f.w.quiet(); careful || f.broken {
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

// lookOut wakes the fetching as soon as the account is another, or all is to be
// fetched anew.
func (w *Worker) lookOut(ctx context.Context, fetches chan<- struct{}) {
	turn := time.NewTicker(lookEvery)
	defer turn.Stop()
	type sight struct {
		account data.Account
		again   bool // all is to be fetched
		untried bool // with another key, perhaps
	}
	var last sight
	for {
		a, err := w.desk.Account(ctx)
		whole, err2 := w.desk.FetchedAt(ctx, "")
		link, err3 := w.desk.Connection(ctx)
		now := sight{a, whole == 0, link.State == data.NotConnected}
		if errors.Join(err, err2, err3) == nil {
			if now.account != last.account || now.again && !last.again || now.untried && !last.untried {
				w.mu.Lock()
				w.next, w.idle, w.failed, w.stale = 0, 0, 0, true
				w.mu.Unlock()
				wake(fetches)
				wake(w.errands)
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
