package chat

import (
	"testing"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
)

// What was done to a message stands on its bubble; what it said before is a click away,
// and a bubble that is used again forgets it all.
func TestBubble_Acts(t *testing.T) {
	tl, items, _ := newTestTimeline(t, 3)
	items[1] = written(2, data.In, "")
	items[1].Message.Text = "Helo"
	items[1].Acts = &data.Acts{
		Reactions: []data.Reaction{{Emoji: "👍"}, {Emoji: "❤", By: "Bo"}},
		Edits:     []data.Message{{Text: "Hell"}, {Text: "Hello"}},
		DeletedAt: noon,
	}
	tl.setElements(elementsOf(items, noon, nil), false, newest, "Asha")
	var b *bubble
	for _, o := range tl.objects {
		if o, ok := o.(*bubble); ok && o.message.ID == items[1].Message.ID {
			b = o
		}
	}
	if b.text.Text() != "Hello" || b.reactions.Text() != "👍  ❤ Bo" || b.note.Text() != "Deleted by the customer" || b.edited == nil {
		t.Fatalf("%q, %q, %q", b.text.Text(), b.reactions.Text(), b.note.Text())
	}
	height := b.Size().Height
	b.edited.OnTapped()
	if b.text.Text() != "Hello\n\nBefore: Hell\n\nBefore: Helo" || b.Size().Height <= height {
		t.Errorf("%q, %v high, before %v", b.text.Text(), b.Size().Height, height)
	}
	below := map[string]float32{}
	for name, o := range map[string]interface {
		Position() fyne.Position
		Size() fyne.Size
	}{"text": b.text, "edited": b.edited, "note": b.note, "reactions": b.reactions, "footer": b.footer} {
		below[name] = o.Position().Y + o.Size().Height
	}
	if !(below["text"] <= b.edited.Position().Y && below["edited"] <= b.note.Position().Y && below["note"] <= b.reactions.Position().Y && below["reactions"] <= b.footer.Position().Y && below["footer"] <= b.Size().Height) {
		t.Errorf("the lines overlap: %v in %v", below, b.Size())
	}
	b.edited.OnTapped()
	if b.text.Text() != "Hello" || b.Size().Height != height {
		t.Errorf("%q, %v high", b.text.Text(), b.Size().Height)
	}
	b.edited.OnTapped()
	items[1].Acts = nil
	tl.setElements(elementsOf(items, noon, nil), false, newest, "Asha")
	if b.text.Text() != "Helo" || b.reactions.Text() != "" || b.note.Text() != "" || b.edited != nil {
		t.Errorf("%q, %q, %q stay", b.text.Text(), b.reactions.Text(), b.note.Text())
	}
}

func TestBubble_Untimed(t *testing.T) {
	b := newTestBubble(t)
	m := speech("line")
	m.Untimed = true
	b.set(m, true, "Asha Rao", 0)
	if b.footer.Text() != "came in 12:00" {
		t.Errorf("%q", b.footer.Text())
	}
}
