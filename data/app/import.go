package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/receive"
)

// maxShownErrors is how many skipped lines ImportMessages names.
const maxShownErrors = 10

// ImportMessages imports the deliveries in a file. It returns what became of
// them, and of the first lines that were skipped or set aside why, as a text for the
// user. A
// file that cannot be read, or an import that ends early, is a data.UserError.
func (a *App) ImportMessages(ctx context.Context, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", FileError("read", path, err)
	}
	defer file.Close()
	skipped := &cappedLines{limit: maxShownErrors}
	importer := receive.Importer{Desk: a.Desk, OnSkip: receive.PrintSkipped(skipped), OnSetAside: receive.PrintSetAside(skipped)}
	if err := importer.ReadAll(ctx, file); err != nil {
		return "", err
	}
	return importer.Summary().String() + skipped.String(), nil
}

// cappedLines is a writer that keeps the first lines, one a call, and counts the
// others.
type cappedLines struct {
	strings.Builder
	limit, lines int
}

func (c *cappedLines) Write(line []byte) (int, error) {
	if c.lines++; c.lines <= c.limit {
		c.Builder.WriteString("\n")
		c.Builder.Write(bytes.TrimSuffix(line, []byte("\n")))
	}
	return len(line), nil
}

func (c *cappedLines) String() string {
	if c.lines > c.limit {
		return fmt.Sprintf("%s\n… and %s more", c.Builder.String(), data.Count(c.lines-c.limit, "line"))
	}
	return c.Builder.String()
}
