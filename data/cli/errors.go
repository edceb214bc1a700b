package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// errReported is an error that the command has printed already.
var errReported = errors.New("said already")

// errorText returns an error in the user's words, with the command that helps
// where there is one.
func (r *run) errorText(err error) string {
	text := errorText(r.ctx, err)
	if backup := r.ref.RecoveryBackup(err); backup != "" {
		text += fmt.Sprintf("\nTo restore the newest copy: latchdesk restore --profile \"%s\" \"%s\"", r.ref.Folder, backup)
	}
	return text
}

// errorText returns an error in the user's words.
func errorText(ctx context.Context, err error) string {
	if userErr := data.UserError(""); errors.As(err, &userErr) {
		return string(userErr)
	}
	if ctx.Err() != nil {
		return "Interrupted. What was finished before is kept."
	}
	return desk.Explain(err)
}
