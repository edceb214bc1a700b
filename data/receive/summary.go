package receive

import (
	"fmt"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// Summary counts what became of deliveries. Its JSON is what the command line
// prints.
type Summary struct {
	Taken           int64 `json:"taken"` // messages, the held ones included
	Held            int64 `json:"held"`
	AlreadyHere     int64 `json:"alreadyHere"`
	StatusUpdates   int64 `json:"statusUpdates"`
	Refused         int64 `json:"refused"` // what was skipped
	SetAside        int64 `json:"setAside"`
	IdentityChanges int64 `json:"identityChanges,omitzero"` // customers who have another number or user id now
	Ignored         int64 `json:"ignored,omitzero"`         // events that hold nothing for the desk
}

// String returns the summary in one line; counts of zero are left out, but for
// the messages taken.
func (s Summary) String() string {
	parts := []string{data.Count(s.Taken, "message") + " taken"}
	if s.Held > 0 {
		parts[0] += fmt.Sprintf(" (%d held)", s.Held)
	}
	if s.AlreadyHere > 0 {
		parts = append(parts, fmt.Sprintf("%d already here", s.AlreadyHere))
	}
	if s.StatusUpdates > 0 {
		parts = append(parts, data.Count(s.StatusUpdates, "status update"))
	}
	if s.IdentityChanges > 0 {
		parts = append(parts, data.Count(s.IdentityChanges, "number change"))
	}
	if s.SetAside > 0 {
		parts = append(parts, fmt.Sprintf("%d set aside", s.SetAside))
	}
	if s.Refused > 0 {
		parts = append(parts, fmt.Sprintf("%d refused", s.Refused))
	}
	if s.Ignored > 0 {
		parts = append(parts, data.Count(s.Ignored, "other event"))
	}
	return strings.Join(parts, ", ") + "."
}
