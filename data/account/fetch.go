package account

import (
	"context"
	"errors"
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
	// chatsInARow is how many chats can fail one after the other.
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
	client, _, err := w.connect(ctx)
	if err != nil || client == nil {
		return 0, err
	}
	f := &fetch{w: w, client: client, seen: map[string]bool{}}
	if err := f.round(ctx); err != nil {
		return 0, err
	}
	if !f.broken {
		if err := w.askTicks(ctx, client); err != nil {
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
	client, _, err := w.connect(ctx)
	if err != nil || client == nil {
		return Fetched{}, err
	}
	f := &fetch{w: w, client: client, seen: map[string]bool{}}
	err = f.round(ctx)
	return Fetched{Chats: f.chats, New: f.new, Failed: f.failed}, err
}

// after decides when the next round is.
func (w *Worker) after(f *fetch) data.Moment {
	w.mu.Lock()
	defer w.mu.Unlock()
	var long time.Duration
	switch {
	case f.broken:
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
	w      *Worker
	client *client
	first  bool            // the account was never fetched whole
	seen   map[string]bool // rows, of which a page can repeat those before
	chats  int             // that were fetched
	news   int             // of them, that had any
	new    int             // messages that were not here
	failed int             // pages and chats that could not be
	row    int             // chats that failed one after the other
	broken bool            // it ended before its end
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
	var before page
	for _, m := range f.w.missed {
		before.chats = append(before.chats, m.chat)
	}
	if _, err := f.take(ctx, before); err != nil || f.broken {
		return errors.Join(err, f.tellEnd(ctx))
	}
	var at cursor
	visited := map[cursor]bool{}
	for range mostPages {
		p, ok, err := f.page(ctx, at)
		if err != nil {
			return err
		}
		if !ok {
			return f.tellEnd(ctx)
		}
		news, err := f.take(ctx, p)
		if err != nil {
			return err
		}
		if f.broken {
			return f.tellEnd(ctx)
		}
		if f.first {
			if err := f.tell(ctx); err != nil {
				return err
			}
		}
		if at = p.next; at == (cursor{}) || visited[at] || !f.first && news == 0 {
			break
		}
		visited[at] = true
	}
	if f.first {
		if err := f.w.desk.AllFetched(ctx); err != nil {
			return err
		}
	}
	return f.tellEnd(ctx)
}

// page fetches a page, and a smaller one where it did not come; false ends the
// round.
func (f *fetch) page(ctx context.Context, at cursor) (page, bool, error) {
	limit := perPage
	for try := 1; ; try++ {
		p, v := f.client.fetchPage(ctx, at, limit)
		limit = perSmallPage
		if ctx.Err() != nil {
			return page{}, false, ctx.Err()
		}
		if err := f.hear(ctx, v, at == cursor{}); err != nil {
			return page{}, false, err
		}
		if v.Kind == data.Answered {
			return p, true, nil
		}
		if try == pageTries || v.Kind == data.SaidNo || f.over(v) {
			f.failed++
			f.broken = true
			return page{}, false, nil
		}
		if err := f.w.pause(ctx, f.w.growing(try, longestPause)); err != nil {
			return page{}, false, err
		}
	}
}

// over tells whether nothing more can be had for now.
func (f *fetch) over(v verdict) bool {
	return v.link == data.KeyRefused || v.link == data.Paused || v.Kind == data.NotArrived
}

// hear takes what an answer says of the link. What is slow to find says nothing
// of it: later pages take long, and some never come.
func (f *fetch) hear(ctx context.Context, v verdict, quick bool) error {
	if v.Kind == data.NoAnswer && !quick {
		return nil
	}
	return f.w.hear(ctx, f.client, v)
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
			f.chats++
			continue
		}
		news++
		if err := f.chat(ctx, c); err != nil || f.broken {
			return news, err
		}
	}
	return news, nil
}

// chat fetches the messages of one chat. One that fails is left for the next
// round.
func (f *fetch) chat(ctx context.Context, c chat) error {
	if err := f.w.pause(ctx, betweenChats); err != nil {
		return err
	}
	messages, newest, v := f.client.fetchMessages(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := f.hear(ctx, v, false); err != nil {
		return err
	}
	if v.Kind != data.Answered {
		f.failed++
		f.row++
		if f.broken = f.over(v) || f.row == chatsInARow; !f.broken {
			f.miss(c)
		}
		return nil
	}
	f.row = 0
	chat := data.Fetched{Phone: c.phone, Name: c.name, Tags: c.tags, Messages: messages}
	// What the list speaks of can be missing where it is looked up, for a while.
	if newest >= c.lastAt || !f.miss(c) {
		delete(f.w.missed, c.key())
		chat.Chat, chat.LastAt = c.key(), max(c.lastAt, 1)
	}
	got, err := f.w.desk.Pull(ctx, chat)
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
// tells whether it is.
func (f *fetch) miss(c chat) bool {
	m := f.w.missed[c.key()]
	if m.times++; m.times > mostAgain {
		delete(f.w.missed, c.key())
		return false
	}
	m.chat = c
	f.w.missed[c.key()] = m
	return true
}

// missed is a chat that could not be fetched, and how often.
type missed struct {
	chat  chat
	times int
}

// tell shows how far the first fetching is.
func (f *fetch) tell(ctx context.Context) error {
	link := data.Link{State: data.Fetching, Chats: f.chats, Failed: f.failed}
	f.w.progress(&link)
	return f.w.desk.TellLink(ctx, link)
}

// tellEnd says that all is well again, where it is.
func (f *fetch) tellEnd(ctx context.Context) error {
	f.w.progress(nil)
	if _, careful := f.w.quiet(); careful || f.broken {
		return nil // what went wrong was told
	}
	return f.w.desk.TellLink(ctx, data.Link{State: data.Online})
}

// progress is what the link says while all is well.
func (w *Worker) progress(link *data.Link) {
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
		link, err3 := w.desk.Link(ctx)
		now := sight{a, whole == 0, link.State == data.NoLink}
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
