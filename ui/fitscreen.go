package ui

import (
	"log/slog"
	"math"
	"os"
	"strconv"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/native"
)

// windowClass is the WM_CLASS of all windows, by which a desktop finds the desktop file
// that belongs to them.
const windowClass = "latchdesk"

// showClassed shows a window that was not shown before. On X11 the toolkit makes its
// class of the title that it has at that moment.
func showClassed(win fyne.Window) {
	title := win.Title()
	win.SetTitle(windowClass)
	win.Show()
	win.SetTitle(title)
	fitToScreen(win, native.ScreenSize())
}

// scaleVariable is the user's scale, which the toolkit reads from there.
const scaleVariable = "FYNE_SCALE"

// fitToScreen makes a window that is larger than the screen as large as the screen. Where
// not even its least size has room, everything is drawn smaller.
func fitToScreen(win fyne.Window, screen fyne.Size) {
	scale := win.Canvas().Scale()
	if screen.IsZero() || scale <= 0 {
		return
	}
	least := win.Canvas().Content().MinSize()
	if smaller := fittingScale(least, screen, scale); smaller < scale {
		user, err := strconv.ParseFloat(os.Getenv(scaleVariable), 32)
		if err != nil || user <= 0 {
			user = 1
		}
		if err := os.Setenv(scaleVariable, strconv.FormatFloat(user*float64(smaller/scale), 'f', 3, 32)); err != nil {
			slog.Warn("could not draw the window smaller", "error", err)
		}
		if w, ok := win.(interface{ RescaleContext() }); ok {
			w.RescaleContext()
		}
		scale = smaller
	}
	size := win.Canvas().Size()
	if room := fyne.NewSize(screen.Width/scale, screen.Height/scale); size.Width > room.Width || size.Height > room.Height {
		win.Resize(fyne.NewSize(min(size.Width, room.Width), min(size.Height, room.Height)))
	}
}

// fittingScale returns the scale at which a window of the least size has room on the
// screen, at most scale, in the tenths that the toolkit knows.
func fittingScale(least, screen fyne.Size, scale float32) float32 {
	if least.Width*scale <= screen.Width && least.Height*scale <= screen.Height {
		return scale
	}
	fits := min(screen.Width/least.Width, screen.Height/least.Height)
	return max(0.1, float32(math.Floor(float64(fits)*10)/10))
}
