package cli

import (
	"github.com/latchdesk/latchdesk/data/httpapi"
	"github.com/latchdesk/latchdesk/data/profile"
)

// secretFlags are the flags that say which of a profile's secrets is meant.
type secretFlags struct {
	Webhook bool `help:"Instead of the key, the path for DoubleTick's deliveries."`
}

// secret returns the secret and what is printed before it.
func (k secretFlags) secret(folder string) (secret *httpapi.Secret, prefix string) {
	if k.Webhook {
		return httpapi.WebhookSecret(folder), httpapi.WebhookPath
	}
	return httpapi.APIKey(folder), ""
}

type keyShowCmd struct{ secretFlags }

// Run prints the secret and nothing else, for scripts.
func (c keyShowCmd) Run(r *run) error {
	return c.print(r, (*httpapi.Secret).Value)
}

type keyRenewCmd struct{ secretFlags }

// Run replaces the secret and prints the new one and nothing else.
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
