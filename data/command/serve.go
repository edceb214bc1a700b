package command

import (
	"context"
	"fmt"
	"sync"

	"github.com/latchdesk/latchdesk/data/httpapi"
)

type serveCmd struct {
	Listen  string   `help:"Where to answer; beyond this computer only with a certificate." default:"127.0.0.1:8787" placeholder:"ADDRESS:PORT"`
	Host    []string `help:"A name by which it may be called, too, such as that of a tunnel. Can be given again." placeholder:"NAME"`
	Cert    string   `help:"A file with a certificate, for TLS." placeholder:"FILE"`
	CertKey string   `help:"The file with its key." placeholder:"FILE"`
}

// Run answers programs until it is told to stop. It does the profile's work,
// too, while no other process does.
func (c serveCmd) Run(r *run) error {
	s, err := r.open()
	if err != nil {
		return err
	}
	defer s.Close()
	if r.deps.SetupLogging != nil {
		r.deps.SetupLogging(r.ref)
	}
	l, err := httpapi.Listen(s.Desk, s.Profile.Folder, httpapi.Config{Listen: c.Listen, Hosts: c.Host, CertFile: c.Cert, KeyFile: c.CertKey})
	if err != nil {
		return err
	}
	r.out.printLine("Latchdesk answers at %s", l.URL())
	r.out.printLine("What it answers is written at %s/docs", l.URL())
	r.out.printLine("latchdesk key show prints the key, latchdesk key show --webhook the path for DoubleTick's deliveries.")
	if err := r.out.Flush(); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	ctx, stop := context.WithCancel(r.ctx)
	var jobs sync.WaitGroup
	jobs.Go(func() { s.RunJobs(ctx) })
	jobs.Go(func() { logError(ctx, "watch the changes", s.Watch(ctx)) })
	err = l.Serve(r.ctx)
	stop()
	jobs.Wait()
	return err
}
