package blocklist

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Export writes the list of blocked customers to a new file, readable by its owner
// only, and returns how many there are. It returns an error that wraps os.ErrExist
// if the file exists. The file appears under its name only when it is complete.
func Export(ctx context.Context, d *desk.Desk, path string) (customers int, err error) {
	file, err := d.CreateFile(path)
	if err != nil {
		return 0, fmt.Errorf("export to %s: %w", path, err)
	}
	defer file.Discard()
	if customers, err = Write(ctx, d, file); err == nil {
		err = file.Publish()
	}
	if err != nil {
		return 0, fmt.Errorf("export to %s: %w", path, err)
	}
	return customers, nil
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
