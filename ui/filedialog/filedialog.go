// Package filedialog asks for a file to read, or for the name of one to write.
package filedialog

import (
	"os"
	"path/filepath"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
)

// Chooser opens the dialogs over one window. It belongs to the interface's goroutine.
type Chooser struct {
	dialogs *dialogs.Presenter
	folder  string // where the agent chose a file last
}

// New returns a Chooser that begins in the agent's home.
func New(p *dialogs.Presenter) *Chooser { return &Chooser{dialogs: p} }

// Open asks for a file to read, and calls chosen with its path, if one is chosen.
func (c *Chooser) Open(title string, chosen func(path string)) {
	folder := c.folder
	if folder == "" {
		folder = home()
	}
	b := newBrowser(c.dialogs, folder)
	b.show(title, "Open", func(t target) {
		switch {
		case !t.exists:
			b.fail(data.OneLine(filepath.Base(t.path), 60) + " does not exist.")
		default:
			c.finish(b, t.path, func() { chosen(t.path) })
		}
	})
}

// Save asks where to write a file, and offers path. It calls chosen with the path, if one
// is chosen; replace says that there is a file, which the agent wants to be replaced. The
// file has the extension of path.
func (c *Chooser) Save(title, path string, chosen func(path string, replace bool)) {
	folder := c.folder
	if folder == "" {
		folder = filepath.Dir(path)
	}
	b := newBrowser(c.dialogs, folder)
	b.extension = filepath.Ext(path)
	b.name.SetText(filepath.Base(path))
	b.show(title, "Save", func(t target) {
		switch {
		case !t.inFolder:
			b.fail("The folder " + filepath.Dir(t.path) + " does not exist.")
		case t.exists:
			b.confirmReplace(t.path, func() { c.finish(b, t.path, func() { chosen(t.path, true) }) })
		default:
			c.finish(b, t.path, func() { chosen(t.path, false) })
		}
	})
}

// finish closes the dialog and remembers the folder.
func (c *Chooser) finish(b *browser, path string, then func()) {
	c.folder = filepath.Dir(path)
	b.dialog.Close()
	then()
}

// home returns the agent's folder, or the one of temporary files where none is known.
func home() string {
	folder, err := os.UserHomeDir()
	if err != nil {
		return os.TempDir()
	}
	return folder
}
