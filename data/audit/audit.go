// Package audit proves the history: in the database, and in files that are
// written here so that it can be proved elsewhere.
package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Progress is told now and then how far the work is; total is zero where that
// is not known.
type Progress func(done, total int64)

// progressInterval is how many events lie between two reports of progress.
const progressInterval = 10_000

// Verify verifies the history that the desk keeps and returns its head. If
// something is wrong it returns a *data.Flaw, with the head of what is sound
// before it. If expected is not nil, it must be the hash of one of the heads on
// the way.
func Verify(ctx context.Context, d *desk.Desk, expected []byte, onProgress Progress) (data.Head, error) {
	p := verifier{expected: expected, onProgress: onProgress}
	head, err := d.WalkEvents(ctx, func(e data.Event, filed bool, head data.Head) error {
		p.chain.AddKept(e, filed)
		return p.check(e, head.Count)
	})
	if err == nil {
		err = p.finish(head)
	}
	return p.chain.Sound(), unwrapFlaw(err)
}

// verifier checks one chain from its beginning to its head.
type verifier struct {
	chain      data.Chain
	expected   []byte // the head to be met; nil once it was
	onProgress Progress
}

// check goes on from an event that was added to the chain, unless it is flawed.
func (p *verifier) check(e data.Event, total int64) error {
	if flaw := p.chain.Flaw(); flaw != nil {
		return flaw
	}
	if string(e.Hash) == string(p.expected) {
		p.expected = nil
	}
	if p.onProgress != nil && e.Seq%progressInterval == 0 {
		p.onProgress(e.Seq, total)
	}
	return nil
}

func (p *verifier) finish(head data.Head) error {
	if p.chain.End(head); p.chain.Flaw() != nil {
		return p.chain.Flaw()
	}
	if len(p.expected) > 0 {
		return &data.Flaw{Seq: 1, Text: fmt.Sprintf("no event has the head %x that was noted: what was written before it was changed or cut off", p.expected)}
	}
	return nil
}

// unwrapFlaw returns a flaw alone, without what the store said around it.
func unwrapFlaw(err error) error {
	if flaw := (*data.Flaw)(nil); errors.As(err, &flaw) {
		return flaw
	}
	return err
}

// ParseHead reads a head as it was shown.
func ParseHead(text string) ([]byte, error) {
	head, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(head) != 32 {
		return nil, fmt.Errorf("%w: a head is 64 digits of 0 to 9 and a to f", data.ErrInvalid)
	}
	return head, nil
}
