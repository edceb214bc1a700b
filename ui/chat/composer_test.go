package chat

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

func TestComposer_GrowsWithText(t *testing.T) {
	b := open(t, numbered(30)...)
	entry := b.Composer()
	heights := map[int]float32{}
	for lines := 1; lines <= 9; lines++ {
		entry.SetText(strings.Repeat("line\n", lines-1) + "line")
		b.body.Resize(b.body.Size())
		heights[lines] = b.composer.Size().Height
		if !b.timeline.following || b.timeline.scroll.Offset.Y < b.timeline.height-b.timeline.scroll.Size().Height-1 {
			t.Errorf("with %d lines the last message is covered", lines)
		}
	}
	for lines := 2; lines <= maxComposerRows; lines++ {
		if heights[lines] <= heights[lines-1] {
			t.Errorf("with %d lines it is %v high, with one less %v", lines, heights[lines], heights[lines-1])
		}
	}
	if heights[7] != heights[maxComposerRows] || heights[9] != heights[maxComposerRows] {
		t.Errorf("it grows on: %v", heights)
	}
	entry.SetText(strings.Repeat("word ", 60)) // one line of the writer's, several of the composer's
	if b.composer.Size().Height <= heights[1] {
		t.Error("a wrapped line does not make it grow")
	}
	for _, text := range []string{strings.Repeat("x", 1<<20), strings.Repeat("\n", 1<<20), strings.Repeat("word ", 1<<18)} {
		entry.SetText("")
		fyne.CurrentApp().Clipboard().SetContent(text)
		entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()}) // a megabyte does not hold it up
		if got := len(entry.Text); got > 11_000 || !strings.HasPrefix(text, strings.TrimSuffix(entry.Text, "…")) || !strings.HasSuffix(entry.Text, "…") {
			t.Errorf("%d bytes were pasted", got)
		}
		if b.composer.Size().Height != heights[maxComposerRows] {
			t.Errorf("a megabyte makes it %v high", b.composer.Size().Height)
		}
	}
	entry.SetText("")
	if b.composer.Size().Height != heights[1] {
		t.Errorf("empty again it is %v high, not %v", b.composer.Size().Height, heights[1])
	}
}
