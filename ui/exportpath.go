package ui

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/transcript"
)

// exportPath returns where a chat is saved unless the agent says otherwise: among
// the downloads, under the customer's number or other address, of which only what is
// safe in any file system is kept.
func exportPath(c data.Customer, now data.Moment, f transcript.Format) string {
	name := fmt.Sprintf("chat-%s-%s.%s", safeName(string(c.Address)), now.Time().Format("20060102-150405"), f)
	return filepath.Join(downloadsFolder(), name)
}

// safeName returns the letters, digits, dots and dashes of ASCII in an address, up to
// 64 of them.
func safeName(address string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return -1
	}, address)
	return name[:min(len(name), 64)]
}

// downloadsFolder returns the folder where people look for what a program wrote.
func downloadsFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return os.TempDir()
	}
	folder := filepath.Join(home, "Downloads")
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return home
	}
	return folder
}

// saveFile has write make a file. One that is replaced stays until the new one is complete.
func saveFile(file string, replace bool, write func(path string) error) error {
	if !replace {
		return exportError(file, write(file))
	}
	beside := filepath.Join(filepath.Dir(file), "."+rand.Text()+filepath.Ext(file))
	if err := write(beside); err != nil {
		return exportError(file, err)
	}
	if err := os.Rename(beside, file); err != nil {
		return errors.Join(exportError(file, err), os.Remove(beside))
	}
	return nil
}

// exportError says what to do about an error of writing a file.
func exportError(file string, err error) error {
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s already exists: choose another name", filepath.Base(file))
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder %s does not exist: choose another", filepath.Dir(file))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("you cannot write to %s: choose another folder", filepath.Dir(file))
	}
	return err
}
