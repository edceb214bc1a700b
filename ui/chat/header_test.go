package chat

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
)

func TestHeader_ShowsCustomer(t *testing.T) {
	b := open(t, "Hello")
	for _, name := range []string{"Walter Quist", strings.Repeat("Maximilian ", 18), strings.Repeat("क्षत्रिय", 12), "W"} {
		for _, blocked := range []bool{false, true} {
			c := data.Customer{ID: b.id, Phone: phone, Name: name, Tags: []string{"VIP", strings.Repeat("long tag ", 4)}}
			if blocked {
				c.Block = &data.Block{By: asha, At: noon}
			}
			for _, width := range []float32{900, 460, 440} {
				b.header.Resize(fyne.NewSize(width, headerHeight))
				b.header.show(c, noon)
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
	if got := subtitle(data.Customer{Phone: phone, Tags: []string{"VIP", "wholesale"}}); got != "+46 70 123 45 67 · VIP · wholesale" {
		t.Errorf("under the name stands %q", got)
	}
}
