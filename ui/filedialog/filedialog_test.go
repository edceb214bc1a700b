package filedialog_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/filedialog"
	"github.com/latchdesk/latchdesk/ui/uitest"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

func openDesk(ctx context.Context, path string, now func() time.Time) (*desk.Desk, io.Closer, error) {
	s, err := store.Open(ctx, path, now)
	if err != nil {
		return nil, nil, err
	}
	return desk.New(s), s, nil
}

// sit opens a window whose agent has some files at home.
func sit(t *testing.T) (a *uitest.Agent, c *filedialog.Chooser, home string) {
	t.Helper()
	home = t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	for _, name := range []string{"Zoo/lists/march.csv", "alpha/.keep", "chat.txt", "Beta.csv", ".hidden"} {
		path := filepath.Join(home, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a = uitest.Sit(t, openDesk)
	return a, filedialog.New(dialogs.New(a.Canvas, a.Runner)), home
}

const namePlace = "Name or path"

// lists waits until the dialog shows these files of a folder, in this order.
func lists(a *uitest.Agent, folder string, names ...string) {
	a.T.Helper()
	a.Until("it lists "+strings.Join(names, ", "), func() bool {
		texts := a.Texts()
		at := slices.Index(texts, folder)
		return at >= 0 && len(texts) > at+len(names) && slices.Equal(onlyNames(texts, names), names)
	})
}

// onlyNames returns the texts that are among names, and those that must never be.
func onlyNames(texts, names []string) (found []string) {
	for _, text := range texts {
		if slices.Contains(names, text) || text == ".hidden" || text == ".keep" {
			found = append(found, text)
		}
	}
	return found
}

func TestOpen_ByKeyboard(t *testing.T) {
	a, c, home := sit(t)
	var got []string
	open := func() { c.Open("Import list", func(path string) { got = append(got, path) }) }
	open()
	a.Asks("Import list")
	lists(a, home, "alpha", "Zoo", "Beta.csv", "chat.txt")
	a.Press(fyne.KeyDown, fyne.KeyReturn)
	lists(a, filepath.Join(home, "Zoo"), "lists")
	a.Press(fyne.KeyRight)
	lists(a, filepath.Join(home, "Zoo", "lists"), "march.csv")
	a.Press(fyne.KeyBackspace)
	lists(a, filepath.Join(home, "Zoo"), "lists")
	a.Press(fyne.KeyReturn)
	lists(a, filepath.Join(home, "Zoo", "lists"), "march.csv")
	a.Press(fyne.KeyReturn) // puts the name into the field
	if got := a.Entry(namePlace).Text; got != "march.csv" {
		t.Errorf("the name is %q", got)
	}
	a.Press(fyne.KeyReturn)
	a.Free()
	open() // begins where the last one was
	lists(a, filepath.Join(home, "Zoo", "lists"), "march.csv")
	a.Press(fyne.KeyEscape)
	a.Free()
	if want := filepath.Join(home, "Zoo", "lists", "march.csv"); !slices.Equal(got, []string{want}) {
		t.Errorf("chosen is %q, want %q", got, want)
	}
}

func TestOpen_ByMouseAndByName(t *testing.T) {
	a, c, home := sit(t)
	var got string
	c.Open("Import list", func(path string) { got = path })
	a.Click("alpha")
	a.Sees(filepath.Join(home, "alpha"), "This folder is empty.")
	a.Click("Up")
	lists(a, home, "alpha", "Zoo", "Beta.csv", "chat.txt")
	test.Tap(a.Button("Open"))
	a.Sees("Choose a file in the list, or type its name.")
	a.Fill(namePlace, "nothing.csv")
	a.Press(fyne.KeyReturn)
	a.Sees("nothing.csv does not exist.")
	a.Fill(namePlace, "~/Zoo")
	a.Press(fyne.KeyReturn) // enters it
	lists(a, filepath.Join(home, "Zoo"), "lists")
	a.Fill(namePlace, "../Beta.csv")
	a.Press(fyne.KeyReturn)
	a.Free()
	if want := filepath.Join(home, "Beta.csv"); got != want {
		t.Errorf("chosen is %q, want %q", got, want)
	}
	c.Open("Import list", func(path string) { got = path })
	a.Click("chat.txt")
	a.Click("chat.txt") // twice, as double clicks are
	a.Free()
	if want := filepath.Join(home, "chat.txt"); got != want {
		t.Errorf("chosen is %q, want %q", got, want)
	}
}

func TestSave_ReplacesOnlyWhatItIsToldTo(t *testing.T) {
	a, c, home := sit(t)
	type choice struct {
		path    string
		replace bool
	}
	var got []choice
	save := func() {
		c.Save("Export list", filepath.Join(home, "blocked.csv"), func(path string, replace bool) { got = append(got, choice{path, replace}) })
		a.Asks("Export list")
		lists(a, home, "alpha", "Zoo", "Beta.csv", "chat.txt")
	}
	save()
	if e := a.Entry(namePlace); a.Focused() != e || e.SelectedText() != "blocked.csv" {
		t.Errorf("the keyboard is on %T, %q is marked", a.Focused(), e.SelectedText())
	}
	a.Press(fyne.KeyReturn)
	a.Free()
	save()
	a.Fill(namePlace, "Beta") // gets the extension
	a.Press(fyne.KeyReturn)
	a.Asks("Replace Beta.csv?")
	a.Sees("Its present contents will be lost.")
	a.Press(fyne.KeyEscape)
	a.Asks("Export list")
	if e := a.Entry(namePlace); e.Text != "Beta" {
		t.Errorf("the name is %q", e.Text)
	}
	a.Press(fyne.KeyReturn)
	a.Asks("Replace Beta.csv?")
	test.Tap(a.Button("Replace"))
	a.Free()
	save()
	a.Fill(namePlace, "no/such/list.csv")
	a.Press(fyne.KeyReturn)
	a.Sees("The folder " + filepath.Join(home, "no", "such") + " does not exist.")
	a.Fill(namePlace, "chat.txt") // another kind of file is not replaced
	a.Press(fyne.KeyReturn)
	a.Free()
	want := []choice{{filepath.Join(home, "blocked.csv"), false}, {filepath.Join(home, "Beta.csv"), true}, {filepath.Join(home, "chat.txt.csv"), false}}
	if !slices.Equal(got, want) {
		t.Errorf("chosen is %v, want %v", got, want)
	}
}

// A folder that cannot be read is not entered, and the dialog says so.
func TestOpen_FolderThatCannotBeRead(t *testing.T) {
	a, c, home := sit(t)
	c.Open("Import list", func(path string) { t.Errorf("%q was chosen", path) })
	lists(a, home, "alpha", "Zoo", "Beta.csv", "chat.txt")
	if err := os.RemoveAll(filepath.Join(home, "alpha")); err != nil {
		t.Fatal(err)
	}
	a.Click("alpha")
	a.Sees("This folder does not exist.")
	a.Sees(home)
	if runtime.GOOS != "windows" {
		a.Fill(namePlace, "chat.txt/inside")
		a.Press(fyne.KeyReturn)
		a.Sees("inside cannot be read: not a directory.")
	}
	a.Press(fyne.KeyEscape)
	a.Free()
}

// A list is read as people sort: folders first, whatever the case, and numbers by their
// size. Letters lead to the names that begin with them, and up goes to the folder that was
// left.
func TestOpen_SortsAndFollowsLetters(t *testing.T) {
	a, c, home := sit(t)
	for _, name := range []string{"chat10.txt", "Chat2.txt", "chat1.txt"} {
		if err := os.WriteFile(filepath.Join(home, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got string
	c.Open("Import list", func(path string) { got = path })
	lists(a, home, "alpha", "Zoo", "Beta.csv", "chat.txt", "chat1.txt", "Chat2.txt", "chat10.txt")
	begin := func(letters string) {
		for _, letter := range letters {
			a.Canvas.Focused().TypedRune(letter)
		}
	}
	begin("z")
	a.Press(fyne.KeyRight)
	lists(a, filepath.Join(home, "Zoo"), "lists")
	a.Press(fyne.KeyBackspace)
	lists(a, home, "alpha", "Zoo", "Beta.csv")
	a.Press(fyne.KeyReturn) // Zoo again
	lists(a, filepath.Join(home, "Zoo"), "lists")
	a.Press(fyne.KeyLeft)
	lists(a, home, "alpha", "Zoo", "Beta.csv")
	begin("CCCx") // past chat.txt and chat1.txt; nothing begins with an x
	a.Press(fyne.KeyReturn, fyne.KeyReturn)
	a.Free()
	if want := filepath.Join(home, "Chat2.txt"); got != want {
		t.Errorf("chosen is %q, want %q", got, want)
	}
}

// Where a file is to be named, none of the list is chosen beforehand: Enter saves, and
// enters no folder.
func TestSave_ChoosesNothingBeforehand(t *testing.T) {
	a, c, home := sit(t)
	var got string
	c.Save("Export list", filepath.Join(home, "blocked.csv"), func(path string, _ bool) { got = path })
	lists(a, home, "alpha", "Zoo", "Beta.csv", "chat.txt")
	for _, list := range uitest.All[*widgets.VirtualList](a) {
		a.Canvas.Focus(list)
	}
	a.Press(fyne.KeyReturn)
	a.Free()
	if want := filepath.Join(home, "blocked.csv"); got != want {
		t.Errorf("chosen is %q, want %q", got, want)
	}
}
