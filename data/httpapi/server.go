// Package httpapi answers programs over HTTP: the calls that DoubleTick has, as
// DoubleTick answers them, and Latchdesk's own. The contract, assets/openapi.json,
// says what it answers; the glue is generated from it and every request is
// validated against it. The package stands on the desk and decides nothing
// itself.
package httpapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/data/desk"
)

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config wire.yaml ../../assets/openapi.json

// Limits that hold for the whole server.
const (
	maxBodyBytes      = 1 << 20
	maxStreams        = 32
	requestsPerSecond = 1000 // from one address
	requestBurst      = 2000
)

// Server answers programs. Its event streams deliver what changes only while the
// desk's Watch runs.
type Server struct {
	desk          *desk.Desk
	apiKey        *Secret
	webhookSecret *Secret
	hosts         hostAllowlist
	limiter       *rateLimiter
	handler       http.Handler
	docs          docsPage
	heartbeat     time.Duration // between the comments in a stream

	ctx          context.Context // ends with the server
	cancel       context.CancelFunc
	mu           sync.Mutex // guards streams
	streams      int
	idempotentMu sync.Mutex // held during a bulk request with an idempotency key

	connections *connections
	requests    requestLog
}

// newServer returns a server over the desk. Its secrets are in folder.
func newServer(d *desk.Desk, folder string, hosts hostAllowlist) (*Server, error) {
	s := &Server{
		desk:          d,
		apiKey:        APIKey(folder),
		webhookSecret: WebhookSecret(folder),
		hosts:         hosts,
		limiter:       newRateLimiter(requestsPerSecond, requestBurst, time.Now),
		heartbeat:     15 * time.Second,
		connections:   newConnections(maxConnections),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	for _, secret := range []*Secret{s.apiKey, s.webhookSecret} {
		if _, err := secret.Value(); err != nil {
			return nil, err
		}
	}
	contract, err := loadContract(assets.OpenAPI)
	if err != nil {
		return nil, err
	}
	if s.docs, err = newDocsPage(contract); err != nil {
		return nil, err
	}
	s.handler = s.middleware(s.routes(contract))
	return s, nil
}

// The handlers are the methods of the generated ServerInterface, which leads each
// route of the contract to one of them.
var _ ServerInterface = (*Server)(nil)
