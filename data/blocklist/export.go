package blocklist

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Export writes the list of blocked customers to a new file, readable by its owner
// only, and returns how many there are. It returns an error that wraps os.ErrExist
// if the file exists. The file appears under its name only when it is complete.
func Export(ctx context.Context, d *desk.Desk, path string) (customers int, err error) {
	part, err := createPart(path)
	if err != nil {
		return 0, fmt.Errorf("export to %s: %w", path, err)
	}
	defer os.Remove(part.Name())
	customers, err = Write(ctx, d, part)
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err == nil {
		err = publish(part.Name(), path)
	}
	if err != nil {
		return 0, fmt.Errorf("export to %s: %w", path, err)
	}
	return customers, nil
}

// createPart creates the file that becomes the one at path when it is complete. It
// returns os.ErrExist if that is there.
func createPart(path string) (*os.File, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, os.ErrExist
	}
	return os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part") // with the mode 0600
}

// publish moves a finished file to its name. A hard link never replaces another file;
// on a file system without links publish checks once more and renames.
func publish(part, path string) error {
	err := os.Link(part, path)
	if err == nil || errors.Is(err, os.ErrExist) {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return os.ErrExist
	}
	return os.Rename(part, path)
}

// Write writes the list of blocked customers and returns how many there are.
func Write(ctx context.Context, d *desk.Desk, to io.Writer) (customers int, err error) {
	buffer := bufio.NewWriterSize(to, 1<<16)
	out := csv.NewWriter(buffer)
	if err := out.Write(header); err != nil {
		return 0, err
	}
	err = d.EachBlocked(ctx, func(c data.Customer) error {
		customers++
		b := c.Block
		row := []string{string(c.Address), c.Name, b.Reason, b.Note, b.By.Name, b.At.String(), b.Until.String()}
		for i := range row {
			row[i] = escapeFormula(row[i])
		}
		return out.Write(row)
	})
	if err != nil {
		return customers, err
	}
	if out.Flush(); out.Error() != nil {
		return customers, out.Error()
	}
	return customers, buffer.Flush()
}
