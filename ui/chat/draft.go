package chat

import (
	"context"
	"time"
)

// draftDelay is how long the agent has to pause before the draft is saved.
const draftDelay = 400 * time.Millisecond

func (p *Pane) draftChanged() {
	p.hideMistyped()
	if !p.loaded {
		return
	}
	p.draftDirty = true
	if p.draftTimer != nil {
		p.draftTimer.Stop()
	}
	p.draftTimer = time.AfterFunc(draftDelay, func() { p.runner.RunOnUI(p.SaveDraft) })
}

func (p *Pane) stopDraftTimer() {
	p.draftDirty = false
	if p.draftTimer != nil {
		p.draftTimer.Stop()
	}
}

// SaveDraft saves the draft at once if it has changed.
func (p *Pane) SaveDraft() {
	if !p.draftDirty || !p.loaded {
		return
	}
	p.stopDraftTimer()
	p.saveDraft(p.customer.ID, p.composer.entry.Text)
}

func (p *Pane) saveDraft(customer int64, text string) {
	saved := p.trackDraft(customer, text)
	p.runner.Enqueue(func(ctx context.Context) error {
		defer p.runner.RunOnUI(saved)
		return p.desk.SaveDraft(ctx, customer, text)
	}, nil)
}

// trackDraft remembers a draft until a read that begins after it has been saved.
func (p *Pane) trackDraft(customer int64, text string) (saved func()) {
	p.pendingDrafts[customer] = pendingDraft{text, p.pendingDrafts[customer].writes + 1}
	return func() {
		k := p.pendingDrafts[customer]
		k.writes--
		p.pendingDrafts[customer] = k
	}
}

// dropSavedDrafts forgets the drafts that a read beginning now will find.
func (p *Pane) dropSavedDrafts() {
	for customer, k := range p.pendingDrafts {
		if k.writes == 0 {
			delete(p.pendingDrafts, customer)
		}
	}
}
