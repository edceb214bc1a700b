package chat

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/data"
)

// What a customer without a number is known by stands under the name, cut in the
// middle where it is long; the pointer on it shows it whole.
func TestHeader_ShowsWhatIsKnownOfACustomerWithoutANumber(t *testing.T) {
	b := open(t, "Hello")
	b.Open(b.receiveFrom(data.Sender{UserID: "IN.13491208655302741918", Username: "ada"}, "Hi", noon), nil)
	b.until("the chat of @ada", func() bool { return b.header.name.Text() == "@ada" })
	if got := b.header.phone.Text(); got != "IN.1349120…741918" {
		t.Errorf("under the name stands %q", got)
	}
	move := func(to fyne.Position) {
		b.header.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: to}})
	}
	line := b.header.phone.Position().AddXY(4, 4)
	move(line)
	b.picture("details")
	if d := b.header.details; !d.Visible() || len(d.lines) != 2 || d.lines[1].VisibleText() != "IN.13491208655302741918" || d.Position().Y < line.Y {
		t.Errorf("the pointer on the line shows %v: %+v", d.Visible(), d.lines)
	}
	move(b.header.name.Position().AddXY(4, 4))
	if b.header.details.Visible() {
		t.Error("they are there while the pointer is on the name")
	}
	move(line)
	b.header.MouseOut()
	if b.header.details.Visible() {
		t.Error("they are there after the pointer left")
	}
	b.Open(b.id, nil)
	b.until("the chat of before", func() bool { return b.header.name.Text() != "@ada" })
	if move(line); b.header.details.Visible() {
		t.Error("a number that is there whole is shown once more")
	}
}

func TestHeader_ShowsCustomer(t *testing.T) {
	b := open(t, "Hello")
	for _, name := range []string{"Walter Quist", strings.Repeat("Maximilian ", 18), strings.Repeat("क्षत्रिय", 12), "W"} {
		for _, blocked := range []bool{false, true} {
			c := data.Customer{ID: b.id, Phone: phone, Address: data.Address(phone), Name: name, Tags: []string{"VIP", strings.Repeat("long tag ", 4)}}
			if blocked {
				c.Block = &data.Block{By: asha, At: noon}
			}
			for _, width := range []float32{900, 460, 440} {
				b.header.Resize(fyne.NewSize(width, headerHeight))
				b.header.show(c, nil, noon)
				parts := []fyne.CanvasObject{b.header.avatar, b.header.name, b.header.more}
				if blocked {
					parts = append(parts, b.header.status)
				}
				for i, p := range parts {
					if end := p.Position().X + p.Size().Width; p.Position().X < 0 || end > width {
						t.Errorf("%s in %v: %T reaches to %v", name, width, p, end)
					}
					for _, q := range parts[i+1:] {
						if overlap(p, q) {
							t.Errorf("%s in %v: %T lies over %T", name, width, p, q)
						}
					}
				}
				if b.header.status.Visible() != blocked {
					t.Errorf("%s: the label is there: %v, blocked: %v", name, b.header.status.Visible(), blocked)
				}
			}
		}
	}
	if got := subtitle(data.Customer{Address: data.Address(phone), Tags: []string{"VIP", "wholesale"}}, nil); got != "+46 70 123 45 67 · VIP · wholesale" {
		t.Errorf("under the name stands %q", got)
	}
}
