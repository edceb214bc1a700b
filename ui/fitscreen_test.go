package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

func TestFittingScale(t *testing.T) {
	least := fyne.NewSize(640, 320)
	for _, c := range []struct{ width, height, scale, want float32 }{
		{1280, 800, 1, 1},
		{1280, 800, 2, 2},
		{1279, 800, 2, 1.9},
		{1280, 600, 2, 1.8},
		{1280, 800, 3, 2},
		{320, 200, 1, 0.5},
		{10, 10, 1, 0.1},
	} {
		if got := fittingScale(least, fyne.NewSize(c.width, c.height), c.scale); got != c.want {
			t.Errorf("%v on %vx%v: %v, want %v", c.scale, c.width, c.height, got, c.want)
		}
	}
}

// fixedScale is a window whose canvas has a scale.
type fixedScale struct {
	fyne.Window
	canvas scaledCanvas
	size   fyne.Size
}

type scaledCanvas struct {
	fyne.Canvas
	scale float32
	win   *fixedScale
}

func (w *fixedScale) Canvas() fyne.Canvas   { return w.canvas }
func (w *fixedScale) Resize(size fyne.Size) { w.size = size }

func (c scaledCanvas) Scale() float32  { return c.scale }
func (c scaledCanvas) Size() fyne.Size { return c.win.size }

// Whatever the scale, the window with Send in its corner is on the screen.
func TestFitToScreen(t *testing.T) {
	a := sit(t, newWorld(t))
	for _, c := range []struct {
		user       string
		scale      float32
		screen     fyne.Size
		wantUser   string
		wantWithin fyne.Size
	}{
		{"", 1, fyne.NewSize(1920, 1080), "", fyne.NewSize(1100, 720)},
		{"2", 2, fyne.NewSize(1280, 800), "2", fyne.NewSize(640, 400)},
		{"4", 4, fyne.NewSize(1280, 800), "2.000", fyne.NewSize(640, 400)},
		{"2", 2, fyne.Size{}, "2", fyne.NewSize(1100, 720)},
	} {
		t.Setenv(scaleVariable, c.user)
		w := &fixedScale{Window: a.win, size: fyne.NewSize(1100, 720)}
		w.canvas = scaledCanvas{a.win.Canvas(), c.scale, w}
		fitToScreen(w, c.screen)
		if got := os.Getenv(scaleVariable); got != c.wantUser {
			t.Errorf("%s: the scale is %q, want %q", c.user, got, c.wantUser)
		}
		if w.size != c.wantWithin {
			t.Errorf("%s: the window is %v, want %v", c.user, w.size, c.wantWithin)
		}
	}
}

// The desktop finds the program's icon and name by the class of its windows.
func TestWindowClass_IsTheDesktopFiles(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "assets", "package", "linux", ID+".desktop"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "\nStartupWMClass="+windowClass+"\n") {
		t.Errorf("the desktop file does not say %s", windowClass)
	}
}
