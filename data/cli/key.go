package cli

import (
	"github.com/latchdesk/latchdesk/data/httpapi"
	"github.com/latchdesk/latchdesk/data/profile"
)

// secretFlags is which of a profile's two secrets is meant.
type secretFlags struct {
	Webhook bool `help:"The path that DoubleTick's deliveries are sent to, instead of the key."`
}

// secret returns the secret, and how it is shown.
func (k secretFlags) secret(folder string) (secret *httpapi.Secret, prefix string) {
	if k.Webhook {
		return httpapi.WebhookSecret(folder), httpapi.WebhookPath
	}
	return httpapi.APIKey(folder), ""
}

type keyShowCmd struct{ secretFlags }

// Run prints the secret alone, so that a script can use it.
func (c keyShowCmd) Run(r *run) error {
	return c.print(r, (*httpapi.Secret).Value)
}

type keyRenewCmd struct{ secretFlags }

// Run makes another secret and prints it alone.
func (c keyRenewCmd) Run(r *run) error {
	return c.print(r, (*httpapi.Secret).Rotate)
}

func (k secretFlags) print(r *run, get func(*httpapi.Secret) (string, error)) error {
	p, err := profile.Open(r.ref.Folder)
	if err != nil {
		return err
	}
	defer p.Close()
	secret, prefix := k.secret(p.Folder)
	text, err := get(secret)
	if err != nil {
		return err
	}
	r.out.printLine("%s%s", prefix, text)
	return nil
}
