package httpapi

import (
	"net/http"
	"path"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// routes returns the handler of all paths of the contract. Each request is
// authenticated as the contract asks, and validated, before its own handler runs.
func (s *Server) routes(contract *openapi3.T) http.Handler {
	m := &mux{ServeMux: http.NewServeMux(), server: s, contract: contract}
	HandlerWithOptions(s, StdHTTPServerOptions{BaseRouter: m, ErrorHandlerFunc: func(w http.ResponseWriter, r *http.Request, _ error) {
		writeBadRequest(w, r, "the request cannot be understood") // what the contract allows and the glue does not, such as a header given twice
	}})
	return m
}

// mux is a ServeMux that answers unknown paths and methods in the API's own words,
// and puts a validatedHandler before each handler.
type mux struct {
	*http.ServeMux
	server   *Server
	contract *openapi3.T
}

// HandleFunc registers the handler for a pattern such as GET /chats.
func (m *mux) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	method, path, _ := strings.Cut(pattern, " ")
	item := m.contract.Paths.Value(path)
	h := validatedHandler{
		handle: handle,
		route:  &routers.Route{Spec: m.contract, Path: path, PathItem: item, Method: method, Operation: item.GetOperation(method)},
	}
	switch security := h.route.Operation.Security; {
	case security == nil || len(*security) > 0:
		h.authorize = m.server.authenticate
	case path == WebhookPath+"{secret}":
		h.authorize = m.server.authenticateWebhook
	}
	for _, p := range h.route.Operation.Parameters {
		if p.Value.In == openapi3.ParameterInPath {
			h.pathParams = append(h.pathParams, p.Value.Name)
		}
	}
	m.ServeMux.Handle(pattern, h)
}

// ServeHTTP serves a request by its route. A path that is not clean is unknown: a
// ServeMux would redirect it.
func (m *mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != path.Clean("/"+r.URL.Path) {
		writeNotFound(w, r, r.URL.Path)
		return
	}
	h, pattern := m.ServeMux.Handler(r)
	if pattern != "" {
		m.ServeMux.ServeHTTP(w, r)
		return
	}
	if allowed := allowedMethods(h, r); allowed != "" {
		w.Header().Set("Allow", allowed)
		writeError(w, http.StatusMethodNotAllowed, "This path takes "+allowed)
		return
	}
	writeNotFound(w, r, r.URL.Path)
}

// allowedMethods returns the methods that a path takes, as the ServeMux's handler
// for an unmatched request lists them; "" if the path is unknown.
func allowedMethods(h http.Handler, r *http.Request) string {
	rec := headerRecorder{}
	h.ServeHTTP(rec, r)
	return rec.Header().Get("Allow")
}

// headerRecorder is a ResponseWriter that keeps only the header.
type headerRecorder http.Header

func (h headerRecorder) Header() http.Header         { return http.Header(h) }
func (h headerRecorder) Write(p []byte) (int, error) { return len(p), nil }
func (h headerRecorder) WriteHeader(int)             {}
