package history

import (
	"context"
	"errors"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// A read that is abandoned, because the dialog is closed or another part is shown,
// returns its error and nothing else.
func TestReadRows_Abandoned(t *testing.T) {
	d, _, _ := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := &list{desk: d}
	rows, err := l.readRows(ctx, data.EventQuery{}, []int64{2, 1})
	if !errors.Is(err, context.Canceled) || rows != nil {
		t.Errorf("%v, %v", rows, err)
	}
}
