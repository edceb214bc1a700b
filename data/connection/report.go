package connection

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

// Report is what Test found.
type Report struct {
	Chats   bool     // there is at least one
	Numbers []string // the business numbers of the chats that were seen
}

// Text returns the report in words for the agent. Number is the business number
// that was chosen; the text says where the chats seen came to others.
func (r Report) Text(number data.Phone) string {
	switch {
	case !r.Chats:
		return "Connected. The account has no chats yet."
	case len(r.Numbers) == 0:
		return "Connected."
	case number != "" && !slices.Contains(r.Numbers, number.Pretty()):
		return fmt.Sprintf("Connected, but the chats found belong to %s, not to %s.", strings.Join(r.Numbers, ", "), number.Pretty())
	}
	return fmt.Sprintf("Connected. Business number: %s.", strings.Join(r.Numbers, ", "))
}

// Test asks an account for one chat, and changes nothing. Its error says what is
// wrong, in words for the agent.
func Test(ctx context.Context, base, key, version string) (Report, error) {
	base, err := data.ParseBase(base)
	if err != nil {
		return Report{}, err
	}
	key, err = credentials.ParseKey(key)
	if err != nil {
		return Report{}, err
	}
	c := doubletick.NewClient(doubletick.Config{Base: base, Key: key, Version: version})
	defer c.Close()
	page, result := c.Chats(ctx, doubletick.Cursor{}, 1)
	if ctx.Err() != nil {
		return Report{}, ctx.Err()
	}
	if result.Kind != data.ResultOK {
		return Report{}, errors.New(result.Message + ".")
	}
	r := Report{Chats: len(page.Chats) > 0}
	for _, chat := range page.Chats {
		number := chat.Business
		if phone, err := data.ParsePhone(number, ""); err == nil {
			number = phone.Pretty()
		}
		if number != "" && !slices.Contains(r.Numbers, number) {
			r.Numbers = append(r.Numbers, number)
		}
	}
	return r, nil
}
