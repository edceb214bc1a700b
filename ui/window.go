// Package ui is the window: it lays out the panes, navigates between them, and has
// the menus and the shortcuts.
package ui

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
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
	"github.com/latchdesk/latchdesk/ui/account"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/blockdialog"
	"github.com/latchdesk/latchdesk/ui/blockedview"
	"github.com/latchdesk/latchdesk/ui/chat"
	"github.com/latchdesk/latchdesk/ui/chatlist"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/filedialog"
	"github.com/latchdesk/latchdesk/ui/native"
	"github.com/latchdesk/latchdesk/ui/notify"
	"github.com/latchdesk/latchdesk/ui/pairview"
	"github.com/latchdesk/latchdesk/ui/setaside"
	"github.com/latchdesk/latchdesk/ui/settings"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// ID identifies the program to the system.
const ID = "io.github.latchdesk.Latchdesk"

// Options are what the window is opened with.
type Options struct {
	Desk     *desk.Desk
	Settings data.Settings
	Version  string
	Person   string // the agent's name until another is set

	// OpenDemo starts the demo in a process of its own.
	OpenDemo func() error
	// ResetDemo puts the demo's world back to its beginning.
	ResetDemo func(context.Context) error
	// Backup returns the path of the newest copy of the database, empty if there is
	// none.
	Backup func() string
	// Server is the HTTP server that the settings switch, nil if there is none.
	Server *httpapi.ServerControl
	// ImportMessages imports messages from a file and returns sentences about the
	// result.
	ImportMessages func(ctx context.Context, path string) (string, error)
	// Account is for what needs the key of the DoubleTick account.
	Account account.Actions
}

// Window shows a desk. It belongs to the interface's goroutine.
type Window struct {
	Options
	win    fyne.Window
	runner *async.Runner

	chatList    *chatlist.Pane
	chat        *chat.Pane
	blockedView *blockedview.Pane
	pairs       *pairview.Pane

	dialogs         *dialogs.Presenter
	files           *filedialog.Chooser
	blockDialogs    *blockdialog.Controller
	accountDialogs  *account.Controller
	setAside        *setaside.Controller
	settingsDialogs *settings.Controller
	customerDialogs *customerDialogs
	pairDialog      *pairDialog
	importExport    *importExport
	messageImport   *messageImport
	chatImport      *chatImport
	demo            *demoControl
	notifier        *notifier
	undoToast       *undoToast

	statusLine  *statusLine
	copies      *copiesLine
	menuButton  *widgets.Button
	errorBanner *widgets.Banner
	chatArea    *fyne.Container
	welcome     fyne.CanvasObject
	noChat      fyne.CanvasObject
	split       *split
	chatsLayer  *fyne.Container // the chats, or the welcome
	layers      *fyne.Container // the chats, and what lies over them
	root        *fyne.Container

	restoreRequested bool // the agent wants the newest backup
	active           bool // the agent is looking at the window
	settings         data.Settings
	reasons          []string // for a block, that this desk knows
}

// Run shows the window until the agent leaves, or ctx ends.
func (p *Program) Run(ctx context.Context, o Options) (err error) {
	defer recoverTo(&err)()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var w *Window
	err = p.show(ctx, o.Version, o.Settings.Theme, func(a fyne.App) (win fyne.Window, err error) {
		win = a.NewWindow(windowTitle(o.Settings, 0))
		if w, err = New(ctx, win, o, fyne.Do); err != nil {
			return nil, err
		}
		a.Lifecycle().SetOnEnteredForeground(func() { w.setActive(true) })
		a.Lifecycle().SetOnExitedForeground(func() { w.setActive(false) })
		if system := notify.New(ctx, ID, w.onNotificationClicked); system != nil {
			w.notifier.system = system
		}
		w.settingsDialogs.StartServer()
		w.reloadSettings() // those in o were read before the window subscribed
		go w.watch(ctx)
		go w.refreshRelativeTimes(ctx)
		go releaseMemory(ctx)
		return win, nil
	})
	if err != nil {
		return err
	}
	w.runner.Wait()
	if w.restoreRequested {
		return ErrRestore
	}
	return nil
}

func appIcon() fyne.Resource {
	return fyne.NewStaticResource("latchdesk.svg", assets.IconSVG("latchdesk"))
}

// New returns a window that shows the chats of o.Desk in win. dispatch runs a
// function on the interface's goroutine.
func New(ctx context.Context, win fyne.Window, o Options, dispatch func(func())) (*Window, error) {
	w := &Window{Options: o, win: win, settings: o.Settings, active: true}
	w.runner = async.New(ctx, dispatch, w.showErrorBanner)
	if err := w.subscribe(ctx); err != nil {
		return nil, err
	}
	last, err := w.Desk.LastMessageID(ctx)
	if err != nil {
		return nil, err
	}
	firstStart, err := w.initDefaults(ctx)
	if err != nil {
		return nil, err
	}
	account, err := w.Desk.Account(ctx)
	if err != nil {
		return nil, err
	}
	w.notifier = &notifier{
		desk: o.Desk, runner: w.runner, onError: w.showErrorBanner, last: last, told: map[int64]int{},
		quiet: func() bool { return !w.settings.Notify || w.active },
	}
	w.newControllers()
	w.newPanes()
	w.layOut()
	win.SetCloseIntercept(w.close)
	win.SetOnDropped(w.dropped)
	win.SetMaster()
	w.addShortcuts()
	w.listenToKeyboard()
	w.accountDialogs.Refresh()
	w.setAside.Refresh()
	if firstStart {
		w.askFirstStart(account.Joined())
	}
	return w, nil
}

// initDefaults reads what the window needs from its start. At the first start of a
// profile it names an agent and a country, and reports that the agent is to be asked;
// in the demo nobody is.
func (w *Window) initDefaults(ctx context.Context) (firstStart bool, err error) {
	if w.reasons, err = w.Desk.Reasons(ctx); err != nil {
		return false, err
	}
	if w.settings.Agent != "" {
		return false, nil
	}
	w.settings.Agent = w.Person
	if w.settings.Country == "" {
		if _, region, ok := strings.Cut(lang.SystemLocale().String(), "-"); ok && len(region) >= 2 {
			w.settings.Country = region[len(region)-2:]
		}
	}
	if w.settings.Demo {
		return false, w.Desk.SaveSettings(ctx, w.settings)
	}
	return true, nil // what is answered is saved
}

// newControllers makes the controllers of the dialogs.
func (w *Window) newControllers() {
	w.dialogs = dialogs.New(w.win.Canvas(), w.runner)
	w.files = filedialog.New(w.dialogs)
	w.blockDialogs = blockdialog.New(w.dialogs, w.Desk, w.actor)
	w.blockDialogs.OnDone, w.blockDialogs.OnBulkDone = w.blockDone, w.bulkDone
	w.statusLine = newStatusLine(func() { w.accountDialogs.Open() }, func() { w.setAside.Open() }, func() { w.copies.open() })
	w.accountDialogs = account.New(w.dialogs, w.Desk, w.Account, w.statusLine.account, &w.settings)
	w.accountDialogs.OnStatusBarToggled = w.updateStatusLine
	w.setAside = setaside.New(w.dialogs, w.Desk, w.actor, w.statusLine.setAside)
	w.setAside.OnBarToggled = w.updateStatusLine
	w.copies = &copiesLine{dialogs: w.dialogs, desk: w.Desk, bar: w.statusLine.copies, onToggled: w.updateStatusLine, slot: w.runner.NewSlot()}
	w.accountDialogs.OnJoined = func() { w.chat.Reload() } // what one account was told says nothing of another
	w.settingsDialogs = settings.New(w.dialogs, w.Desk, &w.settings, w.Server)
	w.settingsDialogs.OpenAccount = w.accountDialogs.Open
	w.customerDialogs = &customerDialogs{w.dialogs, w.files, w.Desk, w.actor, w.chatCleared}
	w.pairDialog = &pairDialog{w.dialogs, w.Desk, w.actor, w.openPairsOf}
	w.importExport = &importExport{w.dialogs, w.files, w.Desk}
	w.messageImport = &messageImport{w.dialogs, w.files, w.ImportMessages}
	w.chatImport = &chatImport{dialogs: w.dialogs, files: w.files, desk: w.Desk, actor: w.actor, onDone: w.chatImported}
	w.demo = &demoControl{w.dialogs, w.settings.Demo, w.OpenDemo, w.ResetDemo}
	w.undoToast = newUndoToast(w.runner.After)
}

// updateStatusLine makes room for the line under the lists, or takes it away.
func (w *Window) updateStatusLine() {
	w.statusLine.update()
	w.chatList.Root.Refresh()
}

// newPanes makes the panes and connects them.
func (w *Window) newPanes() {
	w.menuButton = widgets.NewIconButton(theme.Icon("menu", theme.Muted), "Menu", w.openProgramMenu)
	w.chatList = chatlist.New(w.Desk, w.runner, w.menuButton, w.statusLine.root)
	w.chatList.OnOpen, w.chatList.OnActivate, w.chatList.OnMenu, w.chatList.OnCounts = w.openChat, w.openChatToWrite, w.openListMenu, w.showCounts
	w.chatList.OnBulk, w.chatList.OnPairs = w.openBulkDialog, w.openPairs
	w.chat = chat.New(w.Desk, w.runner)
	if w.settings.Demo {
		w.chat.SetSimulated()
	}
	w.chatList.List.OnRune = w.typeIntoChat
	w.chat.OnMenu, w.chat.OnError = w.openChatMenu, w.dialogs.NotifyError
	w.chat.OnOpenLink = func(link *url.URL) { confirmOpenLink(w.dialogs, link) }
	w.chat.OnUnblock = func(c data.Customer) { w.blockDialogs.OpenFor(c.ID, data.Active) }
	w.chat.OnDecidePair = func(c data.Customer) { w.pairDialog.open(c.ID) }
	w.chat.OnShowHeld, w.chat.OnChangeBlock, w.chat.OnCommand = w.blockDialogs.OpenHeld, w.blockDialogs.OpenChange, w.runTypedCommand
	for _, entry := range []*widgets.Entry{w.chatList.Search, w.chat.Composer()} {
		entry.OnUndo = w.undoToast.undo
	}
	w.chat.OnKey = w.handleComposerKey
	w.chat.Active = func() bool { return w.active && !w.blockedView.Shown() && !w.pairs.Shown() }
	w.chat.Actor = w.actor
	w.blockedView, w.pairs = w.newBlockedView(), w.newPairs()
}

// layOut puts the panes into the window.
func (w *Window) layOut() {
	w.noChat, w.welcome = newNoChat(), newWelcome(w.demo.open, w.messageImport.open, w.settingsDialogs.Open)
	w.welcome.Hide()
	w.chat.Root.Hide()
	w.chatArea = container.NewStack(widgets.NewBackground(theme.Canvas), w.noChat, w.chat.Root, w.pairs.Root, w.undoToast.root)
	w.split = newSplit(container.NewStack(w.chatList.Root), w.chatArea, w.settings.Split)
	w.split.onMoved = func(width float32) {
		w.settings.Split = width
		w.saveSettings()
	}
	w.errorBanner = widgets.NewBanner(widgets.DangerBanner)
	w.errorBanner.Hide()
	top := container.New(layout.NewCustomPaddedVBoxLayout(0))
	if w.settings.Demo {
		top.Add(w.demo.newBanner())
	}
	top.Add(w.errorBanner)
	w.chatsLayer = container.NewStack(w.split, w.welcome)
	w.layers = container.NewStack(w.chatsLayer, w.blockedView.Root)
	w.root = container.New(frameLayout{}, top, w.layers)
	w.win.SetPadded(false)
	w.win.SetContent(w.root)
	w.win.Resize(fyne.NewSize(w.settings.Width, w.settings.Height))
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

// actor returns who acts in this window.
func (w *Window) actor() data.Actor {
	return data.Actor{Kind: data.AgentActor, Name: w.settings.Agent, Channel: data.ViaWindow}
}

// openChat shows a customer's chat.
func (w *Window) openChat(customer int64) { w.openChatThen(customer, func() {}) }

// openChatToWrite shows a customer's chat and focuses the composer.
func (w *Window) openChatToWrite(customer int64) { w.openChatThen(customer, w.focusComposer) }

func (w *Window) openChatThen(customer int64, then func()) {
	w.chatList.Open(customer)
	w.chat.Open(customer, func() {
		unseen := w.pairs.Shown()
		w.closePairs()
		w.chat.Root.Show()
		w.noChat.Hide()
		then()
		if unseen {
			w.setActive(w.active) // it was read while it could not be seen
		}
	})
}

// showNoChat shows no chat.
func (w *Window) showNoChat() {
	w.chat.Close()
	w.chatList.Open(0)
	w.chat.Root.Hide()
	if !w.pairs.Shown() {
		w.noChat.Show()
	}
}

// showCounts shows the welcome while there are no chats, and the unread count in
// the title.
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

// showErrorBanner shows an error that nothing else shows. A customer who is gone
// closes the chat instead.
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
	w.dialogs.Ask("Restore a copy",
		dialogs.Form(
			dialogs.Paragraph("The newest copy replaces the damaged database, which is kept beside it."),
			dialogs.Caption(w.Backup()),
			widgets.NewBullet("What happened after that copy was made is only in the damaged file."),
		),
		"Restore", widgets.Primary, func(d *widgets.Dialog) {
			d.Close()
			w.restoreRequested = true
			w.close()
		})
}

// setActive notes whether the agent is looking at the window.
func (w *Window) setActive(active bool) {
	w.active = active
	if active {
		w.notifier.seen()
		w.chat.WindowActivated()
	}
}

// raise brings the window to the front.
func (w *Window) raise() {
	w.win.Show()
	native.RestoreWindow(w.win)
	w.win.RequestFocus()
}

// onNotificationClicked may be called from any goroutine.
func (w *Window) onNotificationClicked(customer int64) {
	w.runner.RunOnUI(func() { w.notificationClicked(customer) })
}

// notificationClicked opens the chat that a notification was about, if it was one. What
// an open dialog asks is answered first.
func (w *Window) notificationClicked(customer int64) {
	w.raise()
	switch {
	case customer == 0 || w.win.Canvas().Overlays().Top() != nil:
	case w.blockedView.Shown():
		w.blockedView.OnOpen(customer)
	default:
		w.openChatToWrite(customer)
	}
}

// refreshRelativeTimes updates once a minute what is said relative to now, until ctx
// ends.
func (w *Window) refreshRelativeTimes(ctx context.Context) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	day := time.Now().Day()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			midnight := now.Day() != day
			day = now.Day()
			w.runner.RunOnUI(func() {
				w.chat.RefreshTimes()
				w.accountDialogs.ShowStatus()
				w.copies.refresh() // not at the start: the day's copy may just be being made
				w.blockedView.Changed()
				w.pairs.RefreshTimes()
				if midnight {
					w.chatList.RefreshTimes()
				}
			})
		}
	}
}

// close saves the draft and the window's size, and closes the window once all acts
// are done.
func (w *Window) close() {
	w.chat.SaveDraft()
	w.blockDialogs.Stop()
	w.chatImport.stop()
	size := w.win.Canvas().Size()
	if size.Width != w.settings.Width || size.Height != w.settings.Height {
		w.settings.Width, w.settings.Height = size.Width, size.Height
		w.saveSettings()
	}
	dropHooks(fyne.CurrentApp())
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
