package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// loadContract reads the contract, which is built in.
func loadContract(text []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	contract, err := loader.LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("read the API's contract: %w", err)
	}
	return contract, nil
}

// routes leads every path of the contract to its handler, through the checks
// that it asks for.
func (s *Server) routes(contract *openapi3.T) http.Handler {
	m := &mux{ServeMux: http.NewServeMux(), server: s, contract: contract}
	HandlerWithOptions(s, StdHTTPServerOptions{BaseRouter: m, ErrorHandlerFunc: func(w http.ResponseWriter, r *http.Request, _ error) {
		writeBadRequest(w, r, "the request cannot be understood") // the contract takes what the glue does not, such as a header twice
	}})
	return m
}

// mux is a ServeMux that says what it does not know in the API's own words, and
// checks what it knows before it is handled.
type mux struct {
	*http.ServeMux
	server   *Server
	contract *openapi3.T
}

// HandleFunc leads a pattern such as GET /chats to its handler.
func (m *mux) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	method, place, _ := strings.Cut(pattern, " ")
	item := m.contract.Paths.Value(place)
	c := validatedHandler{
		handle: handle,
		route:  &routers.Route{Spec: m.contract, Path: place, PathItem: item, Method: method, Operation: item.GetOperation(method)},
	}
	switch security := c.route.Operation.Security; {
	case security == nil || len(*security) > 0:
		c.authorize = m.server.authenticate
	case place == WebhookPath+"{secret}":
		c.authorize = m.server.authenticateWebhook
	}
	for _, p := range c.route.Operation.Parameters {
		if p.Value.In == openapi3.ParameterInPath {
			c.pathParams = append(c.pathParams, p.Value.Name)
		}
	}
	m.ServeMux.Handle(pattern, c)
}

func (m *mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != path.Clean("/"+r.URL.Path) { // which would be answered with another address
		writeNotFound(w, r, r.URL.Path)
		return
	}
	handle, pattern := m.ServeMux.Handler(r)
	if pattern != "" {
		m.ServeMux.ServeHTTP(w, r)
		return
	}
	if allowed := allowedMethods(handle, r); allowed != "" {
		w.Header().Set("Allow", allowed)
		writeError(w, http.StatusMethodNotAllowed, "This path takes "+allowed)
		return
	}
	writeNotFound(w, r, r.URL.Path)
}

// allowedMethods returns the methods that a path takes, as the ServeMux would name them;
// none where there is nothing.
func allowedMethods(handle http.Handler, r *http.Request) string {
	asked := headerRecorder{}
	handle.ServeHTTP(asked, r)
	return asked.Header().Get("Allow")
}

// headerRecorder is a ResponseWriter that keeps only the header.
type headerRecorder http.Header

func (h headerRecorder) Header() http.Header         { return http.Header(h) }
func (h headerRecorder) Write(p []byte) (int, error) { return len(p), nil }
func (h headerRecorder) WriteHeader(int)             {}

// validatedHandler is a handler behind authentication and validation by the contract.
type validatedHandler struct {
	handle     http.HandlerFunc
	route      *routers.Route
	authorize  func(http.ResponseWriter, *http.Request) bool // before its body is read; nil where anybody may ask
	pathParams []string                                      // the parameters in the path
}

func (c validatedHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.authorize != nil && !c.authorize(w, r) {
		return
	}
	body, ok := c.readJSON(w, r)
	if !ok {
		return
	}
	if why := c.validate(r, body); len(why) > 0 {
		writeBadRequest(w, r, why...)
		return
	}
	r.Body = requestBody{bytes.NewReader(body), c.declaredFields(body)}
	c.handle(w, r)
}

// requestBody is a body as it came, and what the contract knows of it.
type requestBody struct {
	*bytes.Reader
	declared []byte
}

// Close does nothing: all of it is in memory.
func (requestBody) Close() error { return nil }

// declaredFields returns the part of a body that the call takes; none where it takes no body.
func (c validatedHandler) declaredFields(body []byte) []byte {
	if given := c.route.Operation.RequestBody; given != nil {
		return filterFields(given.Value.Content["application/json"].Schema.Value, body)
	}
	return nil
}

// filterFields is what a contract has of a body: the fields that it names, spelled as
// it spells them. Whoever decodes would take a field in any capitals, unchecked.
func filterFields(s *openapi3.Schema, body json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	if len(s.Properties) == 0 || json.Unmarshal(body, &fields) != nil {
		return body
	}
	for name, value := range fields {
		if of := s.Properties[name]; of != nil {
			fields[name] = filterFields(of.Value, value)
		} else {
			delete(fields, name)
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return body
	}
	return text
}

// readJSON reads the body of a call that has one: JSON, or it says why not.
func (c validatedHandler) readJSON(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	if c.route.Operation.RequestBody == nil {
		return nil, true
	}
	body, err := readBody(w, r)
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	switch {
	case isTooLarge(err):
		writeError(w, http.StatusRequestEntityTooLarge, "The body is larger than 1 MB")
	case err != nil: // it was cut, or came too slowly
		writeBadRequest(w, r, "the body did not come whole")
	case !json.Valid(body):
		writeBadRequest(w, r, "the body must be JSON")
	default:
		return body, true
	}
	return nil, false
}

// readBody reads all of the body, which is bounded.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBodyBytes {
		return nil, &http.MaxBytesError{Limit: maxBodyBytes}
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
}

func isTooLarge(err error) bool {
	var large *http.MaxBytesError
	return errors.As(err, &large)
}

// validate says what the contract has against a request. Whatever its type is
// said to be, a body is JSON.
func (c validatedHandler) validate(r *http.Request, body []byte) []string {
	in := r.Clone(r.Context())
	in.Body = io.NopCloser(bytes.NewReader(body))
	in.ContentLength = int64(len(body))
	in.Header.Set("Content-Type", "application/json")
	params := map[string]string{}
	for _, name := range c.pathParams {
		params[name] = r.PathValue(name)
	}
	err := openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: in, PathParams: params, QueryParams: r.URL.Query(), Route: c.route,
		Options: &openapi3filter.Options{
			MultiError: true, SkipSettingDefaults: true,
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, // the key was looked at before
		},
	})
	if err == nil {
		return nil
	}
	return validationMessages(err)
}
