package transcript_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/transcript"
)

// noon is the moment at which the clock of these tests begins.
var noon = time.Date(2026, 7, 20, 12, 0, 0, 0, time.Local)

var asha = data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}

// chat is a desk with one customer.
type chat struct {
	*desk.Desk
	t        *testing.T
	now      time.Time
	customer int64
	received int
}

func newChat(t *testing.T, name string) *chat {
	t.Helper()
	c := &chat{t: t, now: noon}
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), func() time.Time { return c.now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c.Desk = desk.New(s)
	customer, err := c.Add(t.Context(), "+919137979401", name)
	if err != nil {
		t.Fatal(err)
	}
	c.customer = customer.ID
	return c
}

func (c *chat) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// receive takes a message a minute after the last thing.
func (c *chat) receive(messages ...data.Message) {
	c.t.Helper()
	for _, m := range messages {
		c.now = c.now.Add(time.Minute)
		c.received++
		m.RemoteID, m.At = fmt.Sprint("r", c.received), data.MomentOf(c.now)
		if m.Kind == "" {
			m.Kind = data.TextMessage
		}
		_, err := c.Receive(c.t.Context(), []data.Incoming{{From: data.Sender{Phone: "+919137979401"}, Message: m}})
		c.must(err)
	}
}

func (c *chat) write(o transcript.Options) string {
	c.t.Helper()
	var out bytes.Buffer
	c.must(transcript.Write(c.t.Context(), c.Desk, c.customer, &out, o))
	return out.String()
}

// aDay is a chat with everything in it, over midnight.
func aDay(t *testing.T) *chat {
	c := newChat(t, "Riya D")
	c.receive(data.Message{Text: "Hello,\nwhere is it?"}, data.Message{Kind: data.DocumentMessage, Text: "The bill", File: "bill.pdf", URL: "https://example.com/bill.pdf"})
	c.now = c.now.Add(time.Minute)
	_, err := c.Send(t.Context(), asha, c.customer, "On its way.")
	c.must(err)
	c.now = noon.AddDate(0, 0, 1)
	_, err = c.Block(t.Context(), asha, c.customer, data.BlockRequest{Reason: "Spam"})
	c.must(err)
	c.receive(data.Message{Text: "Still here?"})
	c.now = c.now.Add(time.Minute)
	_, err = c.Unblock(t.Context(), asha, c.customer, data.UnblockRequest{})
	c.must(err)
	return c
}

func TestText(t *testing.T) {
	c := aDay(t)
	want := `Chat with Riya D, +91 91379 79401
Exported 21 July 2026 at 12:02 ` + noon.Format("UTC-07:00") + `

Monday, 20 July 2026, ` + noon.Format("UTC-07:00") + `
12:01  Riya D: Hello,
       where is it?
12:02  Riya D: Document · bill.pdf
       The bill
       https://example.com/bill.pdf
12:03  Asha: On its way.

Tuesday, 21 July 2026, ` + noon.Format("UTC-07:00") + `
12:00  -- Customer blocked by Asha --
12:01  Riya D: Still here?
       (received while blocked)
12:02  -- Customer unblocked by Asha --
`
	if got := c.write(transcript.Options{Format: transcript.Text, Events: true}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var without []string
	for line := range strings.Lines(want) {
		if !strings.Contains(line, " -- ") {
			without = append(without, line)
		}
	}
	if got := c.write(transcript.Options{Format: transcript.Text}); got != strings.Join(without, "") {
		t.Errorf("without events\n%s", got)
	}
}

func TestWrite_NamesEveryAddress(t *testing.T) {
	c := newChat(t, "Riya D")
	_, err := c.Receive(t.Context(), []data.Incoming{{
		From:    data.Sender{Phone: "+919137979401", UserID: "IN.13491208655302741918", Username: "riya"},
		Message: data.Message{Kind: data.TextMessage, Text: "Hi", At: data.MomentOf(c.now), RemoteID: "x"},
	}})
	c.must(err)
	if got := c.write(transcript.Options{Format: transcript.Text}); !strings.HasPrefix(got, "Chat with Riya D, +91 91379 79401, @riya, IN.13491208655302741918\n") {
		t.Error(got)
	}
	if got := c.write(transcript.Options{Format: transcript.HTML}); !strings.Contains(got, "<h1>Riya D <small>&#43;91 91379 79401, @riya, IN.13491208655302741918</small></h1>") {
		t.Error(got)
	}
}

func TestWrite_NamesTheAuthorsInAGroup(t *testing.T) {
	c := newChat(t, "Riya D")
	for _, author := range []string{"Riya D", "Bo", ""} {
		got, err := c.Receive(t.Context(), []data.Incoming{{
			From:    data.Sender{Group: "120363012345678901", GroupName: "Family", Name: author},
			Message: data.Message{Kind: data.TextMessage, Text: "Hi", At: data.MomentOf(c.now), RemoteID: "by " + author, Author: author},
		}})
		c.must(err)
		c.customer = got[0].CustomerID
	}
	got := c.write(transcript.Options{Format: transcript.Text})
	for _, want := range []string{"Chat with Family, group 120363012345678901\n", "  Riya D: Hi\n", "  Bo: Hi\n", "  Family: Hi\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %s", want, got)
		}
	}
}

// What is held or cleared is out of sight, and not in a transcript.
func TestOutOfSight(t *testing.T) {
	c := newChat(t, "Riya D")
	c.receive(data.Message{Text: "Cleared"})
	c.must(errorOf(c.Clear(t.Context(), asha, c.customer)))
	c.receive(data.Message{Text: "Shown"})
	_, err := c.Block(t.Context(), asha, c.customer, data.BlockRequest{})
	c.must(err)
	c.receive(data.Message{Text: "Held"})
	for _, format := range []transcript.Format{transcript.Text, transcript.HTML} {
		got := c.write(transcript.Options{Format: format, Events: true})
		for text, want := range map[string]bool{"Cleared": false, "Shown": true, "Held": false, "Chat cleared by Asha": true, "Customer blocked by Asha": true} {
			if strings.Contains(got, text) != want {
				t.Errorf("%s: %q is there: %v\n%s", format, text, !want, got)
			}
		}
	}
}

func TestHTML(t *testing.T) {
	c := aDay(t)
	got := c.write(transcript.Options{Format: transcript.HTML, Events: true})
	for _, want := range []string{
		"<!doctype html>", `<meta charset="utf-8">`, "default-src &#39;none&#39;|default-src 'none'",
		"<h1>Riya D <small>&#43;91 91379 79401|<h1>Riya D <small>&#43;91 91379 79401",
		"<h2>Monday, 20 July 2026, UTC", "<h2>Tuesday, 21 July 2026, UTC",
		"<p class=\"in\" dir=\"auto\"><small>Riya D · 12:01</small>\nHello,\nwhere is it?</p>",
		"Document · bill.pdf\nThe bill\nhttps://example.com/bill.pdf</p>",
		"<p class=\"out\" dir=\"auto\"><small>Asha · 12:03</small>\nOn its way.</p>",
		`<p class="event" dir="auto">Customer blocked by Asha · 12:00</p>`,
		"(received while blocked)</p>", "</body></html>",
	} {
		found := false
		for _, form := range strings.Split(want, "|") {
			found = found || strings.Contains(got, form)
		}
		if !found {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if without := c.write(transcript.Options{Format: transcript.HTML}); strings.Contains(without, "Customer blocked") || !strings.Contains(without, "Still here?") {
		t.Errorf("without events\n%s", without)
	}
}

// hostile is what somebody writes who wants to get out of the bubble.
var hostile = []string{
	`<script>alert(1)</script>`,
	`</p></body></html><img src=x onerror=alert(1)>`,
	`"><iframe src="https://evil.example">`,
	`' onmouseover='alert(1)`,
	`{{.Title}} {{template "foot"}}`,
	`<!-- `, `]]>`, `<style>*{display:none}</style>`, `&lt;b&gt; &#60;i&#62;`, `javascript:alert(1)`,
	"\n12:00  Asha: I never wrote this", "\n\nMonday, 20 July 2026\n", "12:00  -- Customer blocked by Asha --",
}

var tags = regexp.MustCompile(`<[^>]*>`)

// Whatever a customer is called, writes or sends, the page has only the tags
// that it would have anyway.
func TestHostileHTML(t *testing.T) {
	frame := func(name, text, file, url string) string {
		c := newChat(t, name)
		c.receive(data.Message{Kind: data.DocumentMessage, Text: text, File: file, URL: url})
		c.must(c.Rename(t.Context(), data.Actor{Kind: data.AgentActor, Name: name}, c.customer, name+"!"))
		return strings.Join(tags.FindAllString(c.write(transcript.Options{Format: transcript.HTML, Events: true}), -1), "\n")
	}
	want := frame("Riya", "words", "a.pdf", "https://example.com/a.pdf")
	for _, text := range hostile {
		if got := frame(text, text, text, text); got != want {
			t.Errorf("%q gives the tags\n%s", text, got)
		}
	}
}

// In plain text no message can be made to read as two: a line of it is never
// where a line of ours is.
func TestHostileText(t *testing.T) {
	ours := regexp.MustCompile(`^(\d\d:\d\d  |\w+day, \d+ \w+ \d+(, UTC[+-]\d\d:\d\d)?$)`)
	for _, text := range hostile {
		c := newChat(t, text)
		c.receive(data.Message{Text: "x" + text, File: text, Kind: data.ImageMessage})
		c.must(c.Rename(t.Context(), data.Actor{Kind: data.AgentActor, Name: text}, c.customer, text+"!"))
		n := 0
		for line := range strings.Lines(c.write(transcript.Options{Format: transcript.Text, Events: true})) {
			if ours.MatchString(strings.TrimSuffix(line, "\n")) {
				n++
			}
		}
		if n != 3 { // the day, the message and the event
			t.Errorf("%q gives %d lines that look like ours:\n%s", text, n, c.write(transcript.Options{Format: transcript.Text, Events: true}))
		}
	}
}

// A chat of any length comes out whole and in order.
func TestLongChat(t *testing.T) {
	for _, n := range []int{0, 1, 499, 500, 501, 1234} {
		c := newChat(t, "Riya D")
		var all []data.Incoming
		for i := range n {
			at := data.MomentOf(noon.Add(time.Duration(i/7) * time.Second)) // seven at a moment, also across pages
			all = append(all, data.Incoming{From: data.Sender{Phone: "+919137979401"}, Message: data.Message{Kind: data.TextMessage, At: at, Text: fmt.Sprintf("message %d.", i), RemoteID: fmt.Sprint(i)}})
		}
		_, err := c.Receive(t.Context(), all)
		c.must(err)
		c.must(errorOf(c.Clear(t.Context(), asha, c.customer)))
		c.must(c.Rename(t.Context(), asha, c.customer, "Riya"))
		for i := range all {
			all[i].Message.RemoteID = fmt.Sprint("again ", i)
		}
		_, err = c.Receive(t.Context(), all)
		c.must(err)
		for _, format := range []transcript.Format{transcript.Text, transcript.HTML} {
			got := c.write(transcript.Options{Format: format, Events: true})
			at := 0
			for i := range n {
				next := strings.Index(got[at:], fmt.Sprintf("message %d.", i))
				if next < 0 {
					t.Fatalf("%s of %d: message %d is missing or out of order", format, n, i)
				}
				at += next
			}
			if found := strings.Count(got, "message "); found != n {
				t.Errorf("%s of %d: %d messages", format, n, found)
			}
		}
	}
}

func TestSave(t *testing.T) {
	c := aDay(t)
	path := filepath.Join(t.TempDir(), "chat.txt")
	o := transcript.Options{Format: transcript.Text, Events: true}
	c.must(transcript.Save(t.Context(), c.Desk, c.customer, path, o))
	got, err := os.ReadFile(path)
	c.must(err)
	if string(got) != c.write(o) {
		t.Errorf("%s", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("others can read it: %v, %v", info.Mode(), err)
	}
	if err := transcript.Save(t.Context(), c.Desk, c.customer, path, transcript.Options{Format: transcript.HTML}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto a file: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(got, after) {
		t.Errorf("the file was changed: %v", err)
	}
}

// What could not be written whole is not there.
func TestSaveFails(t *testing.T) {
	c := aDay(t)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	o := transcript.Options{Format: transcript.HTML, Events: true}
	for name, try := range map[string]struct {
		ctx      context.Context
		customer int64
		want     error
	}{
		"nobody":  {t.Context(), 4711, data.ErrNotFound},
		"stopped": {stopped, c.customer, context.Canceled},
	} {
		folder := t.TempDir()
		path := filepath.Join(folder, "chat.html")
		if err := transcript.Save(try.ctx, c.Desk, try.customer, path, o); !errors.Is(err, try.want) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
			t.Errorf("%s: %v is left, %v", name, left, err)
		}
	}
	if err := transcript.Save(t.Context(), c.Desk, c.customer, filepath.Join(t.TempDir(), "missing", "chat.html"), o); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such folder: %v", err)
	}
}

// full takes so many bytes and no more.
type full int

func (f *full) Write(b []byte) (int, error) {
	if len(b) > int(*f) {
		n := int(*f)
		*f = 0
		return n, errFull
	}
	*f -= full(len(b))
	return len(b), nil
}

var errFull = errors.New("no space left on device")

// A disk that fills up is told, wherever it happens.
func TestWriteFails(t *testing.T) {
	c := aDay(t)
	c.receive(data.Message{Text: strings.Repeat("long ", 5000)})
	for _, format := range []transcript.Format{transcript.Text, transcript.HTML} {
		o := transcript.Options{Format: format, Events: true}
		whole := len(c.write(o))
		for _, room := range []int{0, 1, 100, 5000, whole - 1} {
			out := full(room)
			if err := transcript.Write(t.Context(), c.Desk, c.customer, &out, o); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d of %d: %v", format, room, whole, err)
			}
		}
		out := full(whole)
		if err := transcript.Write(t.Context(), c.Desk, c.customer, &out, o); err != nil {
			t.Errorf("%s with room enough: %v", format, err)
		}
	}
}

// errorOf returns the error of an act whose event does not matter here.
func errorOf(_ data.Event, err error) error { return err }
