package chatlist

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// A row shows everything anew, whatever it showed before.
func TestRow_IsReused(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	make := func() *row { return newRow(func(int64, fyne.KeyModifier) {}, func(int64, fyne.Position) {}) }
	views := []rowData{
		{},
		{id: 1, initials: "WQ", seed: "+46701234567", name: "Walter Quist", preview: "Forward this", time: "14:05", badge: 3},
		{id: 2, initials: "PK", seed: "+46701234568", name: "Promo King", preview: "Customer blocked by Asha Rao", time: "Yesterday", blocked: true},
		{id: 3, initials: "#", seed: "+46701234569", name: strings.Repeat("A very long name ", 9), preview: strings.Repeat("and a long preview ", 9), time: "20/11/2026", badge: 1200, blocked: true},
		{id: 4, initials: "रश", seed: "+46701234570", name: "राहुल शर्मा", preview: "नमस्ते", time: "13:47", badge: -1},
	}
	used := make()
	used.Resize(fyne.NewSize(360, RowHeight))
	for i := range 60 {
		v := views[(i*3)%len(views)]
		as := rowState{open: i%2 == 0, highlighted: i%2 == 0, focused: i%3 == 0, selected: i%5 == 0}
		fresh := make()
		fresh.Resize(fyne.NewSize(360, RowHeight))
		for _, r := range []*row{used, fresh} {
			r.show(v, as)
		}
		if got, want := test.RenderObjectToMarkup(used), test.RenderObjectToMarkup(fresh); got != want {
			t.Fatalf("a used row shows of %+v\n%s\na new one\n%s", v, got, want)
		}
	}
}

func TestRow_PartsDoNotOverlap(t *testing.T) {
	test.NewTempApp(t)
	r := newRow(func(int64, fyne.KeyModifier) {}, func(int64, fyne.Position) {})
	for _, width := range []float32{260, 360, 600} {
		for _, v := range []rowData{{badge: 5, blocked: true, time: "14:05"}, {badge: 5000, time: "20/11/2026"}, {blocked: true, time: "Yesterday"}, {badge: -1}} {
			v.name, v.preview, v.initials = strings.Repeat("name ", 30), strings.Repeat("preview ", 30), "WQ"
			r.show(v, rowState{})
			r.Resize(fyne.NewSize(width, RowHeight))
			r.layout(r.Size())
			parts := []fyne.CanvasObject{r.avatar, r.name, r.time, r.preview}
			if v.badge != 0 {
				parts = append(parts, r.badge)
			}
			if v.blocked {
				parts = append(parts, r.blockedIcon)
			}
			for i, p := range parts {
				if p.Position().X < 0 || p.Position().X+p.Size().Width > width || p.Position().Y+p.Size().Height > RowHeight {
					t.Errorf("in %v %T reaches from %v for %v", width, p, p.Position(), p.Size())
				}
				for _, q := range parts[i+1:] {
					if across := min(p.Position().X+p.Size().Width, q.Position().X+q.Size().Width) - max(p.Position().X, q.Position().X); across > 0.5 {
						if down := min(p.Position().Y+p.Size().Height, q.Position().Y+q.Size().Height) - max(p.Position().Y, q.Position().Y); down > 2 {
							t.Errorf("in %v %T lies over %T by %v, %v", width, p, q, across, down)
						}
					}
				}
			}
		}
	}
}

func TestRow_UpdateAllocatesNothing(t *testing.T) {
	b := open(t, numbered(100)...)
	b.Open(b.keys[2].ID)
	rows := b.seen()
	if n := testing.AllocsPerRun(100, func() {
		for _, r := range rows {
			b.updateRow(r, r.data.id, r.data)
		}
	}); n != 0 {
		t.Errorf("%v allocations for %d rows", n, len(rows))
	}
}

func TestRow_Looks(t *testing.T) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		test.NewTempApp(t).Settings().SetTheme(theme.New(mode))
		list := container.NewVBox()
		list.Layout = nil
		for i, c := range []struct {
			view rowData
			look rowState
		}{
			{rowData{id: 1, initials: "WQ", seed: "+46701234567", name: "Walter Quist", preview: "Customer blocked by Asha Rao", time: "14:05", blocked: true}, rowState{open: true, highlighted: true}},
			{rowData{id: 2, initials: "MI", seed: "+919137979401", name: "Meera Iyer", preview: "Where is my parcel? It was due on Friday", time: "14:02", badge: 3}, rowState{}},
			{rowData{id: 3, initials: "TO", seed: "+353861234567", name: "Tom O’Neil", preview: "You: I have asked the warehouse", time: "13:20"}, rowState{focused: true, open: true, highlighted: true}},
			{rowData{id: 4, initials: "#", seed: "+447700900123", name: "+44 7700 900123", preview: "Sticker", time: "12:58", badge: -1}, rowState{}},
			{rowData{id: 5, initials: "PK", seed: "+46709876543", name: "Promo King", preview: "Customer blocked by Asha Rao", time: "Yesterday", blocked: true, badge: 2}, rowState{}},
		} {
			r := newRow(func(int64, fyne.KeyModifier) {}, func(int64, fyne.Position) {})
			r.Resize(fyne.NewSize(360, RowHeight))
			r.show(c.view, c.look)
			r.Move(fyne.NewPos(0, float32(i)*RowHeight))
			list.Add(r)
		}
		w := test.NewTempWindow(t, container.NewStack(widgets.NewBackground(theme.Sidebar), list))
		w.SetPadded(false)
		w.Resize(fyne.NewSize(360, 5*RowHeight))
		(&bench{t: t, window: w}).picture("rows-" + mode)
		test.AssertRendersToMarkup(t, "rows/"+mode+".xml", w.Canvas())
	}
}
