// Package ui is the window: it puts the panes together, leads from one to the
// other, and knows the menus and the shortcuts.
package ui

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/httpapi"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/blockdialog"
	"github.com/latchdesk/latchdesk/ui/blockedview"
	"github.com/latchdesk/latchdesk/ui/chat"
	"github.com/latchdesk/latchdesk/ui/chatlist"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// ID is the program's name to the system.
const ID = "io.github.latchdesk.Latchdesk"

// Options are what the window is opened with.
type Options struct {
	Desk     *desk.Desk
	Settings data.Settings
	Version  string
	Person   string // names the agent until the agent says otherwise

	// OpenDemo starts the demo beside this window.
	OpenDemo func() error
	// ResetDemo puts the demo's world back to its beginning.
	ResetDemo func(context.Context) error
	// Backup returns the newest copy of the database, empty where there is none.
	Backup func() string
	// Server answers programs; it is switched in the settings. Nil where there is none.
	Server *httpapi.ServerControl
	// ImportMessages takes messages from a file and says what became of them.
	ImportMessages func(ctx context.Context, path string) (string, error)
	// Account is for what needs the key of the DoubleTick account.
	Account AccountActions
}

// Window is the desk on screen. It belongs to the interface's goroutine.
type Window struct {
	Options
	win    fyne.Window
	runner *async.Runner

	chatList      *chatlist.Pane
	chat          *chat.Pane
	blockedView   *blockedview.Pane
	dialogs       *dialogs.Presenter
	blockDialogs  *blockdialog.Controller
	accountSlot   *async.Slot // how the desk stands with DoubleTick, being read
	statusBar     *widgets.StatusBar
	accountDialog *accountDialog // nil while it is closed
	menuButton    *widgets.Button
	errorBanner   *widgets.Banner
	chatArea      *fyne.Container
	welcome       fyne.CanvasObject
	noChat        fyne.CanvasObject
	split         *split
	chatsLayer    *fyne.Container // the chats, or the welcome
	layers        *fyne.Container // what lies over them
	undoToast     *undoToast
	root          *fyne.Container

	restoreRequested bool  // the agent wants the newest backup
	active           bool  // the agent is looking at the window
	lastNotified     int64 // the newest incoming message that was told of
	accountStatus    accountStatus
	settings         data.Settings
	reasons          []string // for a block, that this desk knows
}

// Run shows the window until the agent leaves, or ctx ends.
func Run(ctx context.Context, o Options) (err error) {
	defer recoverTo(&err)()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a := newApp(o.Version, o.Settings.Theme)
	win := a.NewWindow(windowTitle(o.Settings, 0))
	w, err := New(ctx, win, o, fyne.Do)
	if err != nil {
		return err
	}
	a.Lifecycle().SetOnEnteredForeground(func() { w.setActive(true) })
	a.Lifecycle().SetOnExitedForeground(func() { w.setActive(false) })
	w.startServer()
	w.reloadSettings() // those in o were read before the window subscribed
	go w.watch(ctx)
	go w.refreshRelativeTimes(ctx)
	go releaseMemory(ctx)
	go func() {
		<-ctx.Done()
		fyne.Do(a.Quit)
	}()
	win.ShowAndRun()
	w.runner.Wait()
	if w.restoreRequested {
		return ErrRestore
	}
	return nil
}

func appIcon() fyne.Resource {
	return fyne.NewStaticResource("latchdesk.svg", assets.IconSVG("latchdesk"))
}

// New puts the window together. dispatch runs a function on the interface's
// goroutine.
func New(ctx context.Context, win fyne.Window, o Options, dispatch func(func())) (*Window, error) {
	w := &Window{Options: o, win: win, settings: o.Settings, active: true}
	w.runner = async.New(ctx, dispatch, w.showErrorBanner)
	w.dialogs, w.accountSlot = dialogs.New(win.Canvas(), w.runner), w.runner.NewSlot()
	if err := w.subscribe(ctx); err != nil {
		return nil, err
	}
	if err := w.initDefaults(ctx); err != nil {
		return nil, err
	}
	w.blockDialogs = blockdialog.New(w.dialogs, o.Desk, w.actor)
	w.blockDialogs.OnDone, w.blockDialogs.OnBulkDone = w.blockDone, w.bulkDone
	w.undoToast = newUndoToast(w.runner.After)
	w.menuButton = widgets.NewIconButton(theme.Icon("menu", theme.Muted), "Menu", w.openProgramMenu)
	w.statusBar = widgets.NewStatusBar(w.openAccount)
	w.chatList = chatlist.New(o.Desk, w.runner, w.menuButton, w.statusBar)
	w.chatList.OnOpen, w.chatList.OnActivate, w.chatList.OnMenu, w.chatList.OnCounts = w.openChat, w.openChatToWrite, w.openListMenu, w.showCounts
	w.chatList.OnBulk = w.openBulkDialog
	w.chat = chat.New(o.Desk, w.runner)
	w.chatList.List.OnRune = w.chat.TypeInto
	w.chat.OnMenu, w.chat.OnOpenLink, w.chat.OnError = w.openChatMenu, w.confirmOpenLink, w.showError
	w.chat.OnUnblock = func(c data.Customer) { w.blockDialogs.OpenFor(c.ID, data.Typed{Want: data.Active}) }
	w.chat.OnShowHeld, w.chat.OnChangeBlock, w.chat.OnCommand = w.blockDialogs.OpenHeld, w.blockDialogs.OpenChange, w.runTypedCommand
	for _, entry := range []*widgets.Entry{w.chatList.Search, w.chat.Composer()} {
		entry.OnUndo = w.undoIfOffered
	}
	w.chat.OnKey = w.handleComposerKey
	w.chat.Active = func() bool { return w.active && !w.blockedView.Shown() }
	w.chat.Actor = w.actor
	w.noChat, w.welcome = w.newNoChat(), w.newWelcome()
	w.welcome.Hide()
	w.chat.Root.Hide()
	w.chatArea = container.NewStack(widgets.NewBackground(theme.Canvas), w.noChat, w.chat.Root, w.undoToast.root)
	w.split = newSplit(container.NewStack(w.chatList.Root), w.chatArea, w.settings.Split)
	w.split.onMoved = func(width float32) {
		w.settings.Split = width
		w.saveSettings()
	}
	w.errorBanner = widgets.NewBanner(widgets.DangerBanner)
	w.errorBanner.Hide()
	top := container.New(layout.NewCustomPaddedVBoxLayout(0))
	if w.settings.Demo {
		top.Add(w.newDemoBanner())
	}
	top.Add(w.errorBanner)
	w.blockedView = w.newBlockedView()
	w.chatsLayer = container.NewStack(w.split, w.welcome)
	w.layers = container.NewStack(w.chatsLayer, w.blockedView.Root)
	w.root = container.New(frameLayout{}, top, w.layers)
	win.SetPadded(false)
	win.SetContent(w.root)
	win.Resize(fyne.NewSize(w.settings.Width, w.settings.Height))
	win.SetCloseIntercept(w.close)
	win.SetMaster()
	w.addShortcuts()
	w.refreshAccountStatus()
	return w, nil
}

// initDefaults returns the desk an agent and a country at first start.
func (w *Window) initDefaults(ctx context.Context) (err error) {
	if w.lastNotified, err = w.Desk.LastIncoming(ctx); err != nil {
		return err
	}
	if w.reasons, err = w.Desk.Reasons(ctx); err != nil {
		return err
	}
	if w.settings.Agent != "" {
		return nil
	}
	w.settings.Agent = w.Person
	if w.settings.Country == "" {
		if _, region, ok := strings.Cut(lang.SystemLocale().String(), "-"); ok && len(region) >= 2 {
			w.settings.Country = region[len(region)-2:]
		}
	}
	return w.Desk.SaveSettings(ctx, w.settings)
}

func windowTitle(s data.Settings, unread int) string {
	name := "Latchdesk"
	if s.Demo {
		name = "Latchdesk demo"
	}
	if unread > 0 {
		return fmt.Sprintf("(%d) %s", unread, name)
	}
	return name
}

// actor is who acts in this window.
func (w *Window) actor() data.Actor {
	return data.Actor{Kind: data.AgentActor, Name: w.settings.Agent, Channel: data.ViaWindow}
}

// openChat shows a customer's chat.
func (w *Window) openChat(customer int64) { w.openChatThen(customer, func() {}) }

// openChatToWrite shows a customer's chat and has the composer ready.
func (w *Window) openChatToWrite(customer int64) { w.openChatThen(customer, w.focusComposer) }

func (w *Window) openChatThen(customer int64, then func()) {
	w.chatList.Open(customer)
	w.chat.Open(customer, func() {
		w.chat.Root.Show()
		w.noChat.Hide()
		then()
	})
}

// showNoChat shows no chat.
func (w *Window) showNoChat() {
	w.chat.Close()
	w.chatList.Open(0)
	w.chat.Root.Hide()
	w.noChat.Show()
}

// showCounts decides whether there is anything to show at all.
func (w *Window) showCounts(c data.Counts) {
	w.win.SetTitle(windowTitle(w.settings, c.Unread))
	empty := c.All == 0
	if empty == w.welcome.Visible() {
		return
	}
	if empty {
		w.showNoChat()
		w.welcome.Show()
		w.split.Hide()
	} else {
		w.welcome.Hide()
		w.split.Show()
	}
}

// showErrorBanner shows what could not be read or done, where nothing else shows it.
func (w *Window) showErrorBanner(err error) {
	if errors.Is(err, data.ErrNotFound) {
		w.showNoChat()
		return
	}
	slog.Error("shown in the banner", "error", err)
	if desk.IsDamage(err) && w.Backup() != "" {
		w.errorBanner.Set(desk.Explain(err), "Restore…", w.confirmRestore)
	} else {
		w.errorBanner.Set(desk.Explain(err), "Try again", w.retry)
	}
	w.errorBanner.Show()
	w.root.Refresh()
}

func (w *Window) retry() {
	w.errorBanner.Hide()
	w.root.Refresh()
	w.chatList.Reload()
	w.chat.Reload()
	w.blockedView.Changed()
}

// confirmRestore offers to put the newest backup in the place of the database.
func (w *Window) confirmRestore() {
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Restore a Copy",
		newForm(
			newParagraph("The newest copy is put in the place of the damaged database, which is kept beside it."),
			newCaption(w.Backup()),
			widgets.NewBullet("What happened after that copy was made is only in the damaged file."),
		),
		widgets.WithConfirm("Restore", widgets.Primary, func() {
			d.Close()
			w.restoreRequested = true
			w.close()
		}))
	d.Show()
}

// showError shows an error that the agent must see.
func (w *Window) showError(err error) {
	widgets.NewNotice(w.win.Canvas(), "That did not work", desk.Explain(err), "OK").Show()
}

// setActive notes whether the agent is looking.
func (w *Window) setActive(active bool) {
	w.active = active
	if active {
		w.chat.WindowActivated()
	}
}

// refreshRelativeTimes keeps what is said relative to now true.
func (w *Window) refreshRelativeTimes(ctx context.Context) {
	turn := time.NewTicker(time.Minute)
	defer turn.Stop()
	day := time.Now().Day()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-turn.C:
			midnight := now.Day() != day
			day = now.Day()
			w.runner.RunOnUI(func() {
				w.chat.RefreshTimes()
				w.showConnection()
				w.blockedView.Changed()
				if midnight {
					w.chatList.RefreshTimes()
				}
			})
		}
	}
}

// close keeps the window's size and the draft before it goes.
func (w *Window) close() {
	w.chat.SaveDraft()
	w.blockDialogs.Stop()
	size := w.win.Canvas().Size()
	if size.Width != w.settings.Width || size.Height != w.settings.Height {
		w.settings.Width, w.settings.Height = size.Width, size.Height
		w.saveSettings()
	}
	w.win.Hide()
	go func() {
		w.runner.Wait()
		w.runner.RunOnUI(w.win.Close)
	}()
}

func (w *Window) saveSettings() {
	s := w.settings
	w.runner.Enqueue(func(ctx context.Context) error { return w.Desk.SaveSettings(ctx, s) }, nil)
}
