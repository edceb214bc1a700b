package widgets

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

func TestScroll_ANotchIsSomeLines(t *testing.T) {
	test.NewTempApp(t)
	for name, scroller := range map[string]func(fyne.CanvasObject) *Scroll{"upright": NewVScroll, "sideways": NewHScroll} {
		content := canvas.NewRectangle(nil)
		size := fyne.NewSize(100, 5000)
		if name == "sideways" {
			size = fyne.NewSize(4800, 100)
		}
		content.SetMinSize(size)
		s := scroller(content)
		w := test.NewTempWindow(t, s)
		w.SetPadded(false)
		w.Resize(fyne.NewSize(200, 400))
		at := float32(0)
		for _, step := range []struct{ turned, moves float32 }{
			{-25, 100}, {-75, 300}, {50, -200}, // one, three and two back by a wheel
			{-12.5, 12.5}, {-3, 3}, {40, -40}, // a touchpad
			{-25000, 100000},
		} {
			test.Scroll(w.Canvas(), fyne.NewPos(50, 50), 0, step.turned)
			at = min(at+step.moves, 4600)
			if got := s.Offset.X + s.Offset.Y; got != at || content.Position().X+content.Position().Y != -at {
				t.Errorf("%s: turned by %v it stands at %v, the content at %v, want %v", name, step.turned, got, content.Position(), at)
			}
		}
		test.Scroll(w.Canvas(), fyne.NewPos(50, 50), 25, 0) // a wheel that is tilted
		if want := map[string]float32{"upright": 4600, "sideways": 4500}[name]; s.Offset.X+s.Offset.Y != want {
			t.Errorf("%s: tilted it stands at %v, want %v", name, s.Offset, want)
		}
	}
}

// Whatever scrolls in the window is a Scroll: the toolkit's own moves a line at a notch.
func TestScroll_IsTheOnlyOne(t *testing.T) {
	toolkits := regexp.MustCompile(`container\.New[HV]?Scroll\(|container\.Scroll\{`)
	found := 0
	err := filepath.WalkDir("..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for range toolkits.FindAll(text, -1) {
			if found++; filepath.Base(path) != "scroll.go" {
				t.Errorf("%s has a scroller of the toolkit", path)
			}
		}
		return err
	})
	if err != nil || found == 0 {
		t.Errorf("%d scrollers are found, %v", found, err)
	}
}
