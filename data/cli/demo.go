package cli

import (
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/demo"
)

// The largest world there is; more tries the computer, not the program.
const (
	maxChats    = 1_000_000
	maxMessages = 10_000_000
)

type resetCmd struct {
	Chats    int `help:"How many chats; if left out, those of the demo's story." placeholder:"N"`
	Messages int `help:"How many messages in total." placeholder:"N"`
}

// Validate is called by kong.
func (c resetCmd) Validate() error {
	switch {
	case c.Chats < 0 || c.Chats > maxChats:
		return fmt.Errorf("--chats is 0 to %d", maxChats)
	case c.Messages < 0 || c.Messages > maxMessages:
		return fmt.Errorf("--messages is 0 to %d", maxMessages)
	}
	return nil
}

func (c resetCmd) Run(r *run) error {
	progress := newProgressMeter(r.err, "messages")
	stats, err := r.ref.ResetDemo(r.ctx, r.deps.Now, demo.Size(c), progress.update)
	progress.finish()
	if err != nil {
		return err
	}
	r.out.printLine("The demo in %s was reset: %s, %s.", r.ref.Folder, data.Count(stats.Chats, "chat"), data.Count(stats.Messages, "message"))
	return nil
}
