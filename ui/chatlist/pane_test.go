package chatlist

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/listview"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// note is what stands in an empty list; empty where there is none to be seen.
func (b *bench) note() string {
	if !painted(b.Root, b.empty.label) {
		return ""
	}
	return b.empty.label.Text
}

// painted reports whether Fyne comes to object when it paints root.
func painted(root, object fyne.CanvasObject) bool {
	if !root.Visible() {
		return false
	}
	var parts []fyne.CanvasObject
	switch o := root.(type) {
	case *fyne.Container:
		parts = o.Objects
	case fyne.Widget:
		parts = test.WidgetRenderer(o).Objects()
	}
	return root == object || slices.ContainsFunc(parts, func(o fyne.CanvasObject) bool { return painted(o, object) })
}

func TestPane_FillsTheList(t *testing.T) {
	b := open(t, "Ada", "Bea", "Cleo")
	if b.names() != "Cleo Bea Ada" || b.counts != (data.Counts{All: 3, Unread: 3}) || b.note() != "" {
		t.Errorf("it shows %s, counts %v, says %q", b.names(), b.counts, b.note())
	}
	r := b.seen()[0]
	if r.preview.Text() != "From Cleo" || r.time.Text() != "11:59" || r.data.badge != 1 || !r.badge.Visible() || r.blockedIcon.Visible() {
		t.Errorf("the first says %+v", r.data)
	}
}

func TestSearch_FiltersWhileTyping(t *testing.T) {
	b := open(t, "Ana Lucía Ferreira", "Ana Maria", "Walter Quist", "राहुल शर्मा")
	search := func(text, want string) {
		t.Helper()
		b.window.Canvas().Focus(b.Search)
		b.Search.SetText("")
		for _, r := range text {
			b.Search.TypedRune(r)
		}
		b.done()
		if got := b.names(); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	search("a", "Walter Quist Ana Maria Ana Lucía Ferreira")
	search("an", "Ana Maria Ana Lucía Ferreira")
	search("ANA LUCIA", "Ana Lucía Ferreira")
	search("ferreira ana", "Ana Lucía Ferreira")
	search("राहुल", "राहुल शर्मा")
	search("1000002", "Walter Quist")
	search("+46 70-100 00 02", "Walter Quist")
	search("x' OR 1=1 --", "")
	if b.note() != "Nobody here matches “x' OR 1=1 --”." {
		t.Errorf("it says %q", b.note())
	}
	b.press(fyne.KeyEscape)
	b.done()
	if b.Search.Text != "" || len(b.seen()) != 4 || b.note() != "" {
		t.Errorf("Escape left %q and %s", b.Search.Text, b.names())
	}
}

func TestSearch_KeysMoveInTheList(t *testing.T) {
	b := open(t, numbered(30)...)
	b.window.Canvas().Focus(b.Search)
	for _, r := range "customer1" {
		b.Search.TypedRune(r)
	}
	b.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp) // the list is still being read
	b.done()
	want := []int64{b.id("customer19"), b.id("customer18"), b.id("customer19")}
	if !slices.Equal(b.opened, want) || b.window.Canvas().Focused() != b.Search {
		t.Errorf("they opened %v, want %v; the keyboard is on %T", b.opened, want, b.window.Canvas().Focused())
	}
	b.press(fyne.KeyReturn)
	if !slices.Equal(b.picked, []int64{b.id("customer19")}) {
		t.Errorf("Enter picked %v", b.picked)
	}

	// Enter as soon as the name is typed means who is found by it.
	b.Open(0)
	b.picked = nil
	b.Search.SetText("")
	b.done()
	for _, r := range "customer7" {
		b.Search.TypedRune(r)
	}
	b.press(fyne.KeyReturn)
	b.done()
	if !slices.Equal(b.picked, []int64{b.id("customer7")}) {
		t.Errorf("Enter picked %v, want %v", b.picked, b.id("customer7"))
	}
	b.Search.SetText("nobody")
	b.picked = nil
	b.press(fyne.KeyReturn, fyne.KeyDown)
	b.done()
	if len(b.picked) != 0 {
		t.Errorf("where nobody is found, %v was picked", b.picked)
	}
	keys := 0
	b.window.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { keys++ })
	b.press(fyne.KeyEscape)
	if b.Search.Text != "" || keys != 0 {
		t.Errorf("the first Escape left %q, the window heard %d", b.Search.Text, keys)
	}
	b.press(fyne.KeyEscape, fyne.KeyF1)
	if keys != 2 {
		t.Errorf("the window heard %d keys the search has no use for", keys)
	}
}

func TestPane_KeysMoveInTheList(t *testing.T) {
	b := open(t, numbered(50)...)
	b.window.Canvas().Focus(b.List)
	page := b.List.PageSize()
	for _, step := range []struct {
		key  fyne.KeyName
		want int // in the list, from the top
	}{
		{fyne.KeyDown, 0},
		{fyne.KeyDown, 1},
		{fyne.KeyUp, 0},
		{fyne.KeyUp, 0},
		{fyne.KeyPageDown, page},
		{fyne.KeyEnd, 49},
		{fyne.KeyDown, 49},
		{fyne.KeyPageUp, 49 - page},
		{fyne.KeyHome, 0},
	} {
		b.press(step.key)
		b.done()
		if want := fmt.Sprintf("Customer%d", 49-step.want); b.Pane.openID != b.id(want) {
			t.Fatalf("%s came to %d, want %s", step.key, b.Pane.openID, want)
		}
		open := slices.IndexFunc(b.seen(), func(r *row) bool { return r.state.open && r.state.focused })
		if open < 0 {
			t.Fatalf("after %s the open chat is not in sight, or shows no ring", step.key)
		}
		if r := b.seen()[open]; r.Position().Y < b.List.Offset() || r.Position().Y+RowHeight > b.List.Offset()+b.List.Size().Height {
			t.Fatalf("after %s the open chat is cut", step.key)
		}
	}
	b.press(fyne.KeyReturn)
	if !slices.Equal(b.picked, []int64{b.id("customer49")}) {
		t.Errorf("Enter picked %v", b.picked)
	}
	b.window.Canvas().Unfocus()
	for _, r := range b.seen() {
		if r.state.focused {
			t.Error("the ring stays")
		}
	}
}

func TestPane_Mouse(t *testing.T) {
	b := open(t, "Ada", "Bea", "Cleo")
	test.Tap(b.seen()[1])
	if !slices.Equal(b.picked, []int64{b.id("bea")}) || !b.seen()[1].state.open || b.seen()[0].state.open {
		t.Errorf("picked %v", b.picked)
	}
	test.TapSecondary(b.seen()[2])
	if !slices.Equal(b.menus, []int64{b.id("ada")}) || !b.seen()[1].state.open {
		t.Errorf("the menu is of %v", b.menus)
	}
	r := b.seen()[0]
	plain := r.Background.FillColor
	r.MouseIn(&desktop.MouseEvent{})
	if r.Background.FillColor == plain || b.seen()[1].Background.FillColor != theme.Color(theme.Selected) {
		t.Error("the row under the pointer looks as before")
	}
	r.MouseOut()
	if r.Background.FillColor != plain {
		t.Error("the row keeps its tint")
	}
}

func TestSetFilter_ThreeLists(t *testing.T) {
	b := open(t, "Ada", "Bea", "Cleo")
	if _, err := b.desk.Block(t.Context(), asha, b.id("bea"), data.BlockRequest{}); err != nil {
		t.Fatal(err)
	}
	if err := b.desk.SetRead(t.Context(), b.id("ada"), true); err != nil {
		t.Fatal(err)
	}
	b.Changed([]int64{b.id("ada"), b.id("bea")})
	b.done()
	tap := func(list data.List) { test.Tap(b.tabs[list]); b.done() }
	for _, step := range []struct {
		list data.List
		want string
	}{{data.BlockedChats, "Bea"}, {data.UnreadChats, "Cleo"}, {data.AllChats, "Cleo Bea Ada"}} {
		tap(step.list)
		if b.names() != step.want {
			t.Errorf("%s shows %s, want %s", step.list, b.names(), step.want)
		}
	}
	if b.counts != (data.Counts{All: 3, Unread: 1, Blocked: 1}) {
		t.Errorf("counted %+v", b.counts)
	}
	// What leaves a list goes from it at once.
	tap(data.BlockedChats)
	if _, err := b.desk.Unblock(t.Context(), asha, b.id("bea"), data.UnblockRequest{}); err != nil {
		t.Fatal(err)
	}
	b.Changed([]int64{b.id("bea")})
	b.done()
	if b.names() != "" || b.note() != "Nobody is blocked." {
		t.Errorf("it shows %q and says %q", b.names(), b.note())
	}
	tap(data.UnreadChats)
	for _, name := range []string{"bea", "cleo"} {
		if err := b.desk.SetRead(t.Context(), b.id(name), true); err != nil {
			t.Fatal(err)
		}
		b.Changed([]int64{b.id(name)})
		b.done()
	}
	if b.names() != "" || b.note() != "Everything has been read." {
		t.Errorf("it shows %q and says %q", b.names(), b.note())
	}
	tap(data.AllChats)
	b.Search.SetText("nobody")
	b.done()
	if b.note() != "Nobody here matches “nobody”." {
		t.Errorf("it says %q", b.note())
	}
}

func TestPane_Empty(t *testing.T) {
	b := open(t)
	if b.note() != "No chats yet." {
		t.Errorf("it says %q", b.note())
	}
}

// Whatever happens, in whatever order the agent looks, the list shows what the
// database holds.
func TestPane_ShowsWhatTheDatabaseHolds(t *testing.T) {
	names := numbered(40)
	b := open(t, names...)
	ids := map[string]int64{}
	for _, name := range names {
		keys, err := b.desk.ChatKeys(t.Context(), data.ChatQuery{Search: name})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if c, err := b.desk.Customer(t.Context(), k.ID); err == nil && c.Name == name {
				ids[name] = k.ID
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			name := rapid.SampledFrom(names).Draw(rt, "customer")
			id := ids[name]
			var err error
			switch rapid.IntRange(0, 8).Draw(rt, "step") {
			case 0:
				c, _ := b.desk.Customer(t.Context(), id)
				b.receive(c.Phone, name, "News")
			case 1:
				_, err = b.desk.Block(t.Context(), asha, id, data.BlockRequest{})
			case 2:
				_, err = b.desk.Unblock(t.Context(), asha, id, data.UnblockRequest{})
			case 3:
				err = b.desk.SetRead(t.Context(), id, rapid.Bool().Draw(rt, "read"))
			case 4:
				b.SetFilter(rapid.SampledFrom([]data.List{data.AllChats, data.UnreadChats, data.BlockedChats}).Draw(rt, "list"))
			case 5:
				b.Search.SetText(rapid.SampledFrom([]string{"", "customer1", "2", "nobody"}).Draw(rt, "search"))
			case 6:
				b.List.ScrollTo(float32(rapid.IntRange(0, 3000).Draw(rt, "offset")))
			case 7:
				b.Reload()
			case 8:
				b.done()
			}
			if err != nil {
				rt.Fatal(err)
			}
			b.Changed([]int64{id}) // and the agent goes on before that is read
		}
		b.done()
		keys, err := b.desk.ChatKeys(t.Context(), data.ChatQuery{List: b.filter, Search: b.Search.Text})
		if err != nil || !slices.Equal(keys, b.keys) {
			rt.Fatalf("%v; the list stands as\n%v, the database as\n%v", err, b.keys, keys)
		}
		for _, r := range b.seen() {
			chats, err := b.desk.Chats(t.Context(), []int64{r.data.id})
			if err != nil || len(chats) != 1 {
				rt.Fatal(err)
			}
			if want := rowDataOf(chats[0], b.desk.Now()); r.data != want {
				rt.Fatalf("a row shows\n%+v, the database has\n%+v", r.data, want)
			}
		}
		if len(b.seen()) == 0 && len(keys) > 0 {
			rt.Fatal("no row is to be seen")
		}
		counts, err := b.desk.Counts(t.Context())
		if err != nil || counts != b.counts {
			rt.Fatalf("counted %+v, want %+v, %v", b.counts, counts, err)
		}
	})
}

// News that come during two reads of the order are not forgotten, also of a row
// further down that was in sight before.
func TestChanged_DuringARead(t *testing.T) {
	b := open(t, numbered(60)...)
	b.List.ScrollTo(30 * RowHeight)
	b.done()
	k := b.keys[32].ID
	b.SetFilter(data.AllChats)
	if err := b.desk.SetRead(t.Context(), k, true); err != nil {
		t.Fatal(err)
	}
	b.Changed([]int64{k})      // the list is being read
	b.SetFilter(data.AllChats) // and again
	b.done()
	b.List.ScrollIntoView(b.rows.Index(k))
	b.done()
	for _, r := range b.seen() {
		if r.data.id == k && r.data.badge != 0 {
			t.Errorf("the row shows %+v", r.data)
		}
	}
}

// A row that was filled is never empty again while it is in sight.
func TestPane_RowsDoNotBlink(t *testing.T) {
	b := open(t, numbered(1500)...)
	filled := map[float32]bool{}
	b.look = func() {
		now := map[float32]bool{}
		for _, r := range b.seen() {
			now[r.Position().Y] = r.name.Text() != ""
			if filled[r.Position().Y] && r.name.Text() == "" {
				t.Fatalf("at %v the row at %v is empty now", b.List.Offset(), r.Position().Y)
			}
		}
		filled = now
	}
	for offset := float32(0); offset < 1400*RowHeight; offset += 300 {
		b.List.ScrollTo(offset)
		b.done()
		if int(offset)%900 == 0 {
			b.Changed([]int64{b.keys[3].ID})
			b.Reload()
			b.done()
		}
	}
	if b.rows.CacheLen() > listview.MaxCached+60 {
		t.Errorf("%d chats are remembered", b.rows.CacheLen())
	}
}

func TestRefreshTimes_AfterMidnight(t *testing.T) {
	b := open(t, "Ada")
	if got := b.seen()[0].time.Text(); got != "11:59" {
		t.Errorf("it says %q", got)
	}
	v := rowDataOf(data.Chat{Customer: data.Customer{ID: 1}, ShownAt: noon}, noon.Add(24*time.Hour))
	if v.time != "Yesterday" {
		t.Errorf("a day later it says %q", v.time)
	}
	if v = rowDataOf(data.Chat{Customer: data.Customer{ID: 1}}, noon); v.time != "" {
		t.Errorf("of no moment it says %q", v.time)
	}
	b.RefreshTimes()
	b.done()
	if got := b.seen()[0].name.Text(); got != "Ada" {
		t.Errorf("after a tick the row says %q", got)
	}
}

func TestChanged_ManyAtOnce(t *testing.T) {
	b := open(t, numbered(300)...)
	var all []int64
	for i := range 250 {
		b.receive(phoneOf(i), "", "All at once")
	}
	for _, k := range b.keys {
		all = append(all, k.ID)
	}
	b.Changed(all)
	b.done()
	if got := b.seen()[0]; got.name.Text() != "Customer249" || got.preview.Text() != "All at once" {
		t.Errorf("on top stands %q: %q", got.name.Text(), got.preview.Text())
	}
	keys, err := b.desk.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats})
	if err != nil || !slices.Equal(keys, b.keys) {
		t.Error("the order is not that of the database")
	}
}

func TestSearch_HintFits(t *testing.T) {
	b := open(t, "Ada")
	for _, width := range []float32{260, 300, 360, 500} {
		b.window.Resize(fyne.NewSize(width, 740))
		hint := b.Search.PlaceHolder
		if room := b.Search.Size().Width - 16; fyne.MeasureText(hint, theme.Body, fyne.TextStyle{}).Width > room || !strings.HasPrefix(hint, "Search") {
			t.Errorf("in %v the hint %q does not fit into %v", width, hint, room)
		}
	}
}
