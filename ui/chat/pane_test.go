package chat

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// numbers are the messages that are loaded, by the number in their text.
func (b *bench) numbers() []int {
	b.t.Helper()
	var numbers []int
	for _, item := range b.items {
		if item.Message == nil {
			continue
		}
		n, err := strconv.Atoi(strings.TrimPrefix(item.Message.Text, "Message "))
		if err != nil {
			b.t.Fatal(err)
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// inOrder fails where messages are missing, double or out of order, where too
// much is loaded, or where something is not in its place.
func (b *bench) inOrder() (first, last int) {
	b.t.Helper()
	numbers := b.numbers()
	for i := 1; i < len(numbers); i++ {
		if numbers[i] != numbers[i-1]+1 {
			b.t.Fatalf("after message %d comes %d", numbers[i-1], numbers[i])
		}
	}
	if len(b.items) > maxItems || len(b.timeline.objects) > 2*maxItems+2 {
		b.t.Fatalf("%d items and %d widgets are kept", len(b.items), len(b.timeline.objects))
	}
	b.timeline.whole(b.t.Fatalf)
	return numbers[0], numbers[len(numbers)-1]
}

// wheel turns the mouse's wheel over the chat, and waits for what that loads;
// whatever is in sight after the turn stays where it is.
func (b *bench) wheel(by float32) {
	b.t.Helper()
	test.Scroll(b.window.Canvas(), fyne.NewPos(400, 300), 0, by)
	place := b.timeline.place()
	b.done()
	for i, e := range b.timeline.elements {
		if e.key() != place.key {
			continue
		}
		if at := b.timeline.tops[i] - b.timeline.scroll.Offset.Y; at < place.offset-1 || at > place.offset+1 {
			b.t.Fatalf("loading moved %s from %v to %v", e.item.Message.Text, place.offset, at)
		}
		return
	}
	b.t.Fatal("what was in sight is not loaded any more")
}

func TestPane_PagesToTheFirstAndBack(t *testing.T) {
	b := open(t, numbered(400)...)
	if first, last := b.inOrder(); first != 350 || last != 399 {
		t.Errorf("%d to %d are loaded", first, last)
	}
	if !b.timeline.following || b.timeline.down.Visible() {
		t.Error("it does not stand at the end")
	}
	for range 400 {
		b.wheel(250)
		if first, _ := b.inOrder(); first == 0 && b.timeline.scroll.Offset.Y == 0 {
			break
		}
	}
	if first, last := b.inOrder(); first != 0 || last == 399 || b.timeline.scroll.Offset.Y != 0 || b.hasOlder {
		t.Fatalf("%d to %d are loaded at %v", first, last, b.timeline.scroll.Offset.Y)
	}
	if !b.timeline.down.Visible() {
		t.Error("there is no way back to the newest")
	}
	for range 400 {
		b.wheel(-250)
		if _, last := b.inOrder(); last == 399 && b.timeline.following {
			break
		}
	}
	if _, last := b.inOrder(); last != 399 || !b.timeline.following || b.hasNewer || b.timeline.down.Visible() {
		t.Fatalf("at the end %d is the last, following: %v", last, b.timeline.following)
	}
	for range 12 {
		b.wheel(2000)
	}
	test.Tap(b.timeline.down.button)
	b.done()
	if _, last := b.inOrder(); last != 399 || !b.timeline.following || b.hasNewer {
		t.Errorf("the button led to %d, following: %v", last, b.timeline.following)
	}
}

// All messages of one moment, as after an import: nothing is skipped, nothing
// comes twice.
func TestPane_PagesWithinOneMoment(t *testing.T) {
	b := open(t, "Message 0")
	for i := 1; i < 180; i++ {
		b.receive(fmt.Sprintf("Message %d", i), noon)
	}
	b.openChat()
	for range 100 {
		b.wheel(1500)
		if first, _ := b.inOrder(); first == 0 {
			break
		}
	}
	if first, _ := b.inOrder(); first != 0 {
		t.Errorf("the first that can be reached is %d", first)
	}
	for range 100 {
		b.wheel(-1500)
		if _, last := b.inOrder(); last == 179 {
			return
		}
	}
	t.Error("the last cannot be reached again")
}

// In a window so high that no page fills it, or with a reader at the very top,
// the older messages come by themselves.
func TestPane_FillsHighWindow(t *testing.T) {
	b := open(t, numbered(180)...)
	b.window.Resize(fyne.NewSize(900, 5200))
	b.openChat()
	b.done()
	if first, last := b.inOrder(); last != 179 || b.timeline.height < 5000 {
		t.Errorf("%d to %d fill %v", first, last, b.timeline.height)
	}
}

// News during a read do not lose the page that was asked for.
func TestPane_ReloadKeepsPageUnderWay(t *testing.T) {
	b := open(t, numbered(200)...)
	for range 3 {
		before, _ := b.inOrder()
		test.Scroll(b.window.Canvas(), fyne.NewPos(400, 300), 0, 100_000)
		b.Changed([]int64{b.id}) // before the page is there
		b.done()
		if first, _ := b.inOrder(); first >= before {
			t.Fatalf("it still begins at %d", first)
		}
	}
}

func TestPane_FollowsOnlyAtTheEnd(t *testing.T) {
	b := open(t, numbered(60)...)
	b.receive("Message 60", noon)
	b.changed()
	if _, last := b.inOrder(); last != 60 || !b.timeline.following {
		t.Errorf("the newest is %d, following: %v", last, b.timeline.following)
	}
	b.wheel(75)
	at, _ := b.timeline.shownAt(b.items[len(b.items)-13].Message.ID)
	b.receive("Message 61", noon)
	b.changed()
	if now, ok := b.timeline.shownAt(b.items[len(b.items)-14].Message.ID); !ok || now != at || b.timeline.following {
		t.Errorf("what was at %v is at %v, following: %v", at, now, b.timeline.following)
	}
	unread, _, err := b.desk.Unread(t.Context(), b.id)
	if err != nil || unread != 1 {
		t.Errorf("%d are unread, %v", unread, err)
	}
	b.wheel(-5000)
	b.done()
	if unread, _, err = b.desk.Unread(t.Context(), b.id); err != nil || unread != 0 {
		t.Errorf("read to the end, %d are unread, %v", unread, err)
	}
}

func TestPane_ShowsHugeAndHostileMessages(t *testing.T) {
	texts := make([]string, 0, 2*len(speeches))
	for _, name := range []string{"megabyte", "one word MB", "long word", "emoji", "hindi", "arabic", "zalgo", "many lines", "breaks", "spaces", "thai"} {
		texts = append(texts, speeches[name].Text)
	}
	b := open(t, append(texts, "the last")...)
	b.timeline.whole(t.Fatalf)
	b.picture("hostile")
	for range 40 {
		test.Scroll(b.window.Canvas(), fyne.NewPos(400, 300), 0, 500)
	}
	b.picture("hostile-above")
	for _, o := range b.timeline.objects {
		if bubble, ok := o.(*bubble); ok && bubble.Size().Width > 0.7*b.timeline.width {
			t.Errorf("a bubble is %v wide of %v", bubble.Size().Width, b.timeline.width)
		}
	}
}

// News of another customer, or of a chat that is closed, has nothing read.
func TestPane_IgnoresReadsOfAnotherCustomer(t *testing.T) {
	b := open(t, numbered(3)...)
	b.Changed([]int64{b.id + 1})
	if b.slot.Busy() {
		t.Error("news of somebody else are read")
	}
	b.Close()
	b.Changed([]int64{b.id})
	b.Reload()
	b.WindowActivated()
	b.RefreshTimes()
	if b.slot.Busy() || b.Customer() != 0 {
		t.Error("a closed chat is read")
	}
}

// A draft that is kept while its chat is read is not overtaken by the read.
func TestPane_DraftIsNotOverwrittenByRead(t *testing.T) {
	b := open(t, "Hello")
	b.Open(b.id, nil)
	shown := b.waiting() // what was read before the draft was kept
	b.saveDraft(b.id, "half")
	waittest.Return(t, "the draft to be kept", b.runner.Wait)
	kept := b.waiting()
	b.mu.Lock()
	b.todo = append(kept, shown...)
	b.mu.Unlock()
	b.done()
	if got := b.Composer().Text; got != "half" {
		t.Errorf("the composer holds %q", got)
	}
	b.saveDraft(b.id, "other")
	b.done()
	b.openChat()
	if got := b.Composer().Text; got != "other" || len(b.pendingDrafts) != 0 {
		t.Errorf("the composer holds %q; %d drafts are remembered", got, len(b.pendingDrafts))
	}
}

// What happens to a customer while the chat is read for the first time is seen,
// although the news of it come before the chat is there.
func TestPane_ShowsBlockMadeWhileOpening(t *testing.T) {
	b := open(t, "Hello")
	b.Open(b.id, nil)
	shown := b.waiting()
	b.later(shown[0])
	if _, err := b.desk.Block(t.Context(), asha, b.id, data.BlockRequest{}); err != nil {
		t.Fatal(err)
	}
	b.Changed([]int64{b.id})
	b.done()
	if b.CanWrite() {
		t.Error("the composer of a blocked customer is there")
	}
}

func TestTimeline_FollowsTheme(t *testing.T) {
	b := open(t, "Hello", "see https://shop.example")
	b.openChat() // read by now
	colours := func() []string {
		var list []string
		for _, o := range b.timeline.objects {
			list = append(list, test.RenderObjectToMarkup(o))
		}
		return list
	}
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Dark))
	changed := colours()
	b.timeline.spareBubbles, b.timeline.sparePills = nil, nil
	b.timeline.setElements(nil, false, newest, "")
	b.timeline.spareBubbles, b.timeline.sparePills = nil, nil
	b.showItems(newest)
	if fresh := colours(); !slices.Equal(changed, fresh) {
		t.Errorf("after a change of mode:\n%s\nfrom the start:\n%s", changed, fresh)
	}
}

// BenchmarkOpen opens a chat of 10,000 messages until its last are laid out, and
// says what part of that is the same reads alone.
func BenchmarkOpen(b *testing.B) {
	p := open(b, "Message 0")
	batch := make([]data.Incoming, 9999)
	for i := range batch {
		batch[i] = data.Incoming{From: data.Sender{Phone: phone}, Message: data.Message{
			Kind: data.TextMessage, Text: strings.Repeat("Where is my parcel? ", 1+i%9), At: noon.Add(time.Duration(i-9999) * time.Minute), RemoteID: fmt.Sprint("many", i),
		}}
	}
	if _, err := p.desk.Receive(b.Context(), batch); err != nil {
		b.Fatal(err)
	}
	if err := p.desk.SetRead(b.Context(), p.id, true); err != nil {
		b.Fatal(err)
	}
	reading := time.Duration(0)
	for b.Loop() {
		p.openChat()
		b.StopTimer()
		begin := time.Now()
		if _, err := p.loadChat(b.Context(), p.id, func(data.Unread) data.Span { return data.Span{Limit: pageSize} }); err != nil {
			b.Fatal(err)
		}
		reading += time.Since(begin)
		b.StartTimer()
	}
	b.ReportMetric(float64(reading.Nanoseconds())/float64(b.N), "ns/read")
	b.ReportMetric(float64(b.Elapsed())/float64(reading), "×read")
}

// A message that is higher than the pane is read from its beginning.
func TestOpen_LongMessageFromItsBeginning(t *testing.T) {
	for _, long := range []bool{true, false} {
		text := "short"
		if long {
			text = strings.Repeat("a long story, told in many words ", 150)
		}
		b := open(t, append(numbered(5), text)...)
		top := b.timeline.tops[len(b.timeline.tops)-1] - b.timeline.scroll.Offset.Y
		if begins := top > -1 && top < 1; long && (!begins || b.timeline.following || !b.timeline.down.Visible()) || !long && !b.timeline.following {
			t.Errorf("long: %v; the newest begins at %v of %v, following: %v", long, top, b.timeline.scroll.Size().Height, b.timeline.following)
		}
	}
}
