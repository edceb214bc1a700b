// Package httpapi answers programs over HTTP: the calls that DoubleTick has, as
// DoubleTick answers them, and those of our own. What it answers is written in
// the contract, assets/openapi.json, from which its glue is generated and
// against which every request is checked. It stands on the desk and decides
// nothing itself.
package httpapi

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config wire.yaml ../../assets/openapi.json

// Bounds on what is taken from the outside.
const (
	maxBodyBytes      = 1 << 20 // bytes
	maxStreams        = 32
	requestsPerSecond = 1000 // requests from one address
	requestBurst      = 2000
)

// Server answers programs. Streams are told what changes while the desk's
// Watch runs.
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
	mu           sync.Mutex
	streams      int
	idempotentMu sync.Mutex // held during a bulk request with an idempotency key

	openConns atomic.Int64
}

// newServer returns the server over a desk, whose secrets lie in folder.
func newServer(d *desk.Desk, folder string, known hostAllowlist) (*Server, error) {
	s := &Server{
		desk: d, apiKey: APIKey(folder), webhookSecret: WebhookSecret(folder), hosts: known,
		limiter: newRateLimiter(requestsPerSecond, requestBurst, time.Now), heartbeat: 15 * time.Second,
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

// actor is who acts by a call: the agent it names, or the API.
func actor(agent *string) data.Actor {
	if agent != nil {
		if name := data.CleanLine(*agent, data.MaxName); name != "" {
			return data.Actor{Kind: data.AgentActor, Name: name, Channel: data.ViaAPI}
		}
	}
	return data.Actor{Kind: data.APIActor, Channel: data.ViaAPI}
}
