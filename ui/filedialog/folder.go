package filedialog

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// file is what stands in a folder.
type file struct {
	name   string
	folder bool
}

// readFolder returns what is in a folder, folders first, without what is hidden.
func readFolder(folder string) ([]file, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		f := file{e.Name(), e.IsDir()}
		if e.Type()&fs.ModeSymlink != 0 {
			info, err := os.Stat(filepath.Join(folder, e.Name()))
			f.folder = err == nil && info.IsDir()
		}
		files = append(files, f)
	}
	slices.SortStableFunc(files, func(a, b file) int {
		switch {
		case a.folder && !b.folder:
			return -1
		case b.folder && !a.folder:
			return 1
		}
		return compareNatural(a.name, b.name)
	})
	return files, nil
}

// compareNatural orders names as people do: whatever their case, and numbers in them by
// their size, so that chat2 comes before chat10.
func compareNatural(a, b string) int {
	x, y := strings.ToLower(a), strings.ToLower(b)
	for x != "" && y != "" {
		m, n := digits(x), digits(y)
		if m == 0 || n == 0 {
			p, wide := utf8.DecodeRuneInString(x)
			q, _ := utf8.DecodeRuneInString(y)
			if p != q {
				return cmp.Compare(p, q)
			}
			x, y = x[wide:], y[wide:]
			continue
		}
		p, q := strings.TrimLeft(x[:m], "0"), strings.TrimLeft(y[:n], "0")
		if c := cmp.Or(cmp.Compare(len(p), len(q)), cmp.Compare(p, q)); c != 0 {
			return c
		}
		x, y = x[m:], y[n:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

// digits returns how many digits a text begins with.
func digits(text string) int {
	return len(text) - len(strings.TrimLeft(text, "0123456789"))
}

// target is what a name stands for.
type target struct {
	path     string
	exists   bool
	folder   bool // it is a folder
	inFolder bool // the folder that it is in is there
	err      error
}

// lookAt returns what a name, or a path, stands for in a folder. A file without the
// extension gets it.
func lookAt(folder, text, extension string) (t target) {
	t.path = text
	if rest, ok := strings.CutPrefix(text, "~"); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
		t.path = filepath.Join(home(), rest)
	}
	if !filepath.IsAbs(t.path) {
		t.path = filepath.Join(folder, t.path)
	}
	info, err := os.Stat(t.path)
	if (err != nil || !info.IsDir()) && extension != "" && !strings.EqualFold(filepath.Ext(t.path), extension) {
		t.path += extension
		info, err = os.Stat(t.path)
	}
	switch {
	case err == nil:
		t.exists, t.folder, t.inFolder = true, info.IsDir(), true
	case errors.Is(err, fs.ErrNotExist):
		parent, err := os.Stat(filepath.Dir(t.path))
		t.inFolder = err == nil && parent.IsDir()
	default:
		t.err = err
	}
	return t
}
