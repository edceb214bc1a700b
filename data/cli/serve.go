package cli

import (
	"fmt"

	"github.com/latchdesk/latchdesk/data/httpapi"
)

type serveCmd struct {
	Listen  string   `help:"Where to listen; beyond this computer only with a certificate." default:"127.0.0.1:8787" placeholder:"ADDRESS:PORT"`
	Host    []string `help:"Another host name to answer to, such as that of a tunnel. Can be repeated." placeholder:"NAME"`
	Cert    string   `help:"The certificate for TLS." placeholder:"FILE"`
	CertKey string   `help:"The certificate's key." placeholder:"FILE"`
}

// Run answers programs until ctx ends. It does the profile's jobs, too, while no
// other process does.
func (c serveCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Writable(); err != nil {
		return err
	}
	if r.deps.SetupLogging != nil {
		r.deps.SetupLogging(r.ref)
	}
	l, err := a.Listen(httpapi.Config{Listen: c.Listen, Hosts: c.Host, CertFile: c.Cert, KeyFile: c.CertKey})
	if err != nil {
		return err
	}
	r.out.printLine("Latchdesk is listening at %s", l.URL())
	r.out.printLine("The API is documented at %s/docs", l.URL())
	r.out.printLine("latchdesk key show prints the key, latchdesk key show --webhook the path for DoubleTick's deliveries.")
	if err := r.out.Flush(); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return a.Serve(r.ctx, l)
}
