package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/credentials"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// ConnectionReport is what a test of the connection found.
type ConnectionReport struct {
	Chats   bool     // there is at least one
	Numbers []string // the business numbers of the chats that were seen
}

// Text says it in words for the agent; number is the business number that was
// chosen, of which it says when it was not seen.
func (f ConnectionReport) Text(number data.Phone) string {
	switch {
	case !f.Chats:
		return "Connected. The account has no chats yet."
	case len(f.Numbers) == 0:
		return "Connected."
	case number != "" && !slices.Contains(f.Numbers, number.Pretty()):
		return fmt.Sprintf("Connected, but the chats seen came to %s, not to %s.", strings.Join(f.Numbers, ", "), number.Pretty())
	}
	return fmt.Sprintf("Connected. Business number: %s.", strings.Join(f.Numbers, ", "))
}

// TestConnection asks the account for one chat, and changes nothing. What is wrong is said
// in the error, in words for the agent.
func TestConnection(ctx context.Context, base, key, version string) (ConnectionReport, error) {
	base, err := data.ParseBase(base)
	if err != nil {
		return ConnectionReport{}, err
	}
	key, err = credentials.ParseKey(key)
	if err != nil {
		return ConnectionReport{}, err
	}
	c := doubletick.NewClient(doubletick.Config{Base: base, Key: key, Version: version})
	defer c.Close()
	p, v := c.Chats(ctx, doubletick.Cursor{}, 1)
	if ctx.Err() != nil {
		return ConnectionReport{}, ctx.Err()
	}
	if v.Kind != data.ResultOK {
		return ConnectionReport{}, errors.New(v.Message + ".")
	}
	f := ConnectionReport{Chats: len(p.Chats) > 0}
	for _, chat := range p.Chats {
		number := chat.Business
		if phone, err := data.ParsePhone(number, ""); err == nil {
			number = phone.Pretty()
		}
		if number != "" && !slices.Contains(f.Numbers, number) {
			f.Numbers = append(f.Numbers, number)
		}
	}
	return f, nil
}
