package ui

import (
	"net/url"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// queue is the interface's goroutine as a test has it: what other goroutines
// ask for waits until the test runs it.
type queue struct {
	mu   sync.Mutex
	todo []func()
	news chan struct{}
}

func newQueue() *queue { return &queue{news: make(chan struct{}, 1)} }

func (q *queue) add(do func()) {
	q.mu.Lock()
	q.todo = append(q.todo, do)
	q.mu.Unlock()
	select {
	case q.news <- struct{}{}:
	default:
	}
}

func (q *queue) drain() {
	for {
		q.mu.Lock()
		if len(q.todo) == 0 {
			q.mu.Unlock()
			return
		}
		do := q.todo[0]
		q.todo = q.todo[1:]
		q.mu.Unlock()
		do()
	}
}

// clock is set by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// program is the test's app with a canvas that hears shortcuts and keys as the
// real one does, and that remembers what left the program.
type program struct {
	fyne.App
	driver  *driver
	notices []string
	links   []string
	refuse  error
}

func (p *program) Driver() fyne.Driver { return p.driver }

func (p *program) SendNotification(n *fyne.Notification) {
	p.notices = append(p.notices, n.Title+": "+n.Content)
}

func (p *program) OpenURL(link *url.URL) error {
	p.links = append(p.links, link.String())
	return p.refuse
}

type driver struct {
	fyne.Driver
	canvas *screen
	queue  *queue
}

func (d *driver) CanvasForObject(fyne.CanvasObject) fyne.Canvas { return d.canvas }

func (d *driver) DoFromGoroutine(do func(), _ bool) { d.queue.add(do) }

type screen struct {
	fyne.Canvas
	shortcuts fyne.ShortcutHandler
	down, up  func(*fyne.KeyEvent)
}

func (c *screen) AddShortcut(s fyne.Shortcut, do func(fyne.Shortcut)) { c.shortcuts.AddShortcut(s, do) }

func (c *screen) RemoveShortcut(s fyne.Shortcut) { c.shortcuts.RemoveShortcut(s) }

func (c *screen) TypedShortcut(s fyne.Shortcut)        { c.shortcuts.TypedShortcut(s) }
func (c *screen) OnKeyDown() func(*fyne.KeyEvent)      { return c.down }
func (c *screen) SetOnKeyDown(do func(*fyne.KeyEvent)) { c.down = do }
func (c *screen) OnKeyUp() func(*fyne.KeyEvent)        { return c.up }
func (c *screen) SetOnKeyUp(do func(*fyne.KeyEvent))   { c.up = do }

type window struct {
	fyne.Window
	canvas *screen
	raised int
	closed bool
}

func (w *window) Canvas() fyne.Canvas { return w.canvas }
func (w *window) RequestFocus()       { w.raised++ }
func (w *window) Close()              { w.closed = true }
