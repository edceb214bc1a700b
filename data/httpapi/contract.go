package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// loadContract parses the contract.
func loadContract(text []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	contract, err := loader.LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("read the API's contract: %w", err)
	}
	return contract, nil
}

// validatedHandler is a handler behind authentication and validation against the
// contract.
type validatedHandler struct {
	handle     http.HandlerFunc
	route      *routers.Route
	authorize  func(http.ResponseWriter, *http.Request) bool // called before the body is read; nil where no key is needed
	pathParams []string                                      // names of the parameters in the path
}

// ServeHTTP authenticates and validates the request, then has it handled.
func (h validatedHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.authorize != nil && !h.authorize(w, r) {
		return
	}
	body, ok := h.readJSON(w, r)
	if !ok {
		return
	}
	if messages := h.validate(r, body); len(messages) > 0 {
		writeBadRequest(w, r, messages...)
		return
	}
	r.Body = requestBody{bytes.NewReader(body), h.declaredFields(body)}
	h.handle(w, r)
}

// requestBody is a body that was read and validated.
type requestBody struct {
	*bytes.Reader        // as it came
	declared      []byte // without the fields that the contract does not declare
}

// Close does nothing: all of it is in memory.
func (requestBody) Close() error { return nil }

// declaredFields returns the part of a body that the contract declares, nil where
// the call takes no body.
func (h validatedHandler) declaredFields(body []byte) []byte {
	if declared := h.route.Operation.RequestBody; declared != nil {
		return filterFields(declared.Value.Content["application/json"].Schema.Value, body)
	}
	return nil
}

// filterFields returns a body without the fields that the schema does not declare
// in this very spelling: encoding/json would match a field in any capitals, which
// nobody has validated.
func filterFields(s *openapi3.Schema, body json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	if len(s.Properties) == 0 || json.Unmarshal(body, &fields) != nil {
		return body
	}
	for name, value := range fields {
		if property := s.Properties[name]; property != nil {
			fields[name] = filterFields(property.Value, value)
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

// takesForm reports whether a request has a form for its body, which the contract
// allows.
func (h validatedHandler) takesForm(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind != "application/json" && h.route.Operation.RequestBody.Value.Content[kind] != nil
}

// readJSON returns the body of a call that takes one; an empty one counts as {}, and
// only where the contract allows a form it need not be JSON. If ok is false, the
// request has been answered.
func (h validatedHandler) readJSON(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	if h.route.Operation.RequestBody == nil {
		return nil, true
	}
	body, err := readBody(w, r)
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	switch {
	case isTooLarge(err):
		writeError(w, http.StatusRequestEntityTooLarge, "The body is larger than 1 MB")
	case err != nil: // cut off, or too slow
		writeBadRequest(w, r, "the body is incomplete")
	case !json.Valid(body) && !h.takesForm(r):
		writeBadRequest(w, r, "the body must be JSON")
	default:
		return body, true
	}
	return nil, false
}

// readBody reads all of the body, or returns an http.MaxBytesError beyond
// maxBodyBytes.
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

// validate returns what the contract has against a request, nil if nothing. The
// body is taken for JSON whatever its Content-Type.
func (h validatedHandler) validate(r *http.Request, body []byte) []string {
	in := r.Clone(r.Context())
	if !json.Valid(body) {
		body = []byte("{}") // a form, about whose fields the contract says nothing
	}
	in.Body = io.NopCloser(bytes.NewReader(body))
	in.ContentLength = int64(len(body))
	in.Header.Set("Content-Type", "application/json")
	params := map[string]string{}
	for _, name := range h.pathParams {
		params[name] = r.PathValue(name)
	}
	err := openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: in, PathParams: params, QueryParams: r.URL.Query(), Route: h.route,
		Options: &openapi3filter.Options{
			MultiError: true, SkipSettingDefaults: true,
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, // authorize has done it
		},
	})
	if err == nil {
		return nil
	}
	return validationMessages(err)
}
