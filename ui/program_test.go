package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// Nothing is called as the event loop ends: what is called then may keep it from ending.
func TestWindow_CloseDropsHooks(t *testing.T) {
	a := sit(t, newWorld(t))
	hooks := fyne.CurrentApp().Lifecycle().(interface {
		fyne.Lifecycle
		SetOnStoppedHookExecuted(func())
		OnEnteredForeground() func()
		OnExitedForeground() func()
		OnStopped() func()
	})
	hooks.SetOnEnteredForeground(func() {})
	hooks.SetOnExitedForeground(func() {})
	hooks.SetOnStoppedHookExecuted(func() {})
	a.close()
	if hooks.OnEnteredForeground() != nil || hooks.OnExitedForeground() != nil || hooks.OnStopped() != nil {
		t.Error("something is called as the event loop ends")
	}
}
