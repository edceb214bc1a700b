package httpapi

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/latchdesk/latchdesk/assets"
)

// GetHealth answers with status 200 if the database can be read.
func (s *Server) GetHealth(w http.ResponseWriter, r *http.Request) {
	total, err := s.desk.SetAsideTotal(r.Context())
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	health := Health{Status: HealthStatusOk}
	if rows := int(total.Rows); rows > 0 {
		health.SetAside = &rows
	}
	writeJSON(w, http.StatusOK, health)
}

// GetContract returns the contract.
func (s *Server) GetContract(w http.ResponseWriter, _ *http.Request) {
	writeRawJSON(w, http.StatusOK, assets.OpenAPI)
}

// GetDocs returns the contract as a web page.
func (s *Server) GetDocs(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", s.docs.policy)
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(s.docs.html)
}

//go:embed docs.html
var docsTemplate string

//go:embed docs.css
var docsStyle string

// docsPage is the contract as a web page. Its Content-Security-Policy lets it load
// nothing.
type docsPage struct {
	html   []byte
	policy string
}

func newDocsPage(contract *openapi3.T) (docsPage, error) {
	t, err := template.New("docs").Parse(docsTemplate)
	if err != nil {
		return docsPage{}, fmt.Errorf("read the template of the API's page: %w", err)
	}
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		*openapi3.T
		Style    template.CSS
		Sections []section
	}{contract, template.CSS(docsStyle), sections(contract)})
	if err != nil {
		return docsPage{}, fmt.Errorf("make the API's page: %w", err)
	}
	sum := sha256.Sum256([]byte(docsStyle))
	return docsPage{b.Bytes(), "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}, nil
}

// section is what the page says about the calls of one tag.
type section struct {
	Name, Text string
	Calls      []call
}

// call is a call of the API.
type call struct {
	ID, Method, Path, Summary, Text string
	Open                            bool // no key is needed
	Fields                          []field
	Body                            string // an example in JSON
	Answers                         []response
}

// field is a parameter of a call, or a field of a body.
type field struct {
	Name, Where, Kind, Text string
	Required                bool
}

// response is a response to a call.
type response struct {
	Status, Text, Example string
	Fields                []field
}

func sections(contract *openapi3.T) []section {
	var all []section
	for _, tag := range contract.Tags {
		all = append(all, section{Name: tag.Name, Text: tag.Description})
	}
	for _, path := range contract.Paths.InMatchingOrder() {
		for method, op := range contract.Paths.Value(path).Operations() {
			i := slices.IndexFunc(all, func(s section) bool { return slices.Contains(op.Tags, s.Name) })
			all[i].Calls = append(all[i].Calls, newCall(method, path, op))
		}
	}
	for _, s := range all {
		slices.SortFunc(s.Calls, func(a, b call) int { return strings.Compare(a.Path, b.Path) })
	}
	return all
}

func newCall(method, path string, op *openapi3.Operation) call {
	c := call{ID: op.OperationID, Method: method, Path: path, Summary: op.Summary, Text: op.Description, Open: op.Security != nil && len(*op.Security) == 0}
	for _, p := range op.Parameters {
		f := newField(p.Value.Name, p.Value.Schema, p.Value.Required)
		if f.Where = p.Value.In; p.Value.Description != "" {
			f.Text = p.Value.Description
		}
		c.Fields = append(c.Fields, f)
	}
	if op.RequestBody != nil {
		media := op.RequestBody.Value.Content["application/json"]
		c.Body = formatExample(media.Example)
		for _, f := range objectFields("", media.Schema) {
			f.Where = "body"
			c.Fields = append(c.Fields, f)
		}
	}
	for status, ref := range op.Responses.Map() {
		r := response{Status: status, Text: *ref.Value.Description}
		for kind, media := range ref.Value.Content {
			if r.Example = formatExample(media.Example); kind == "application/json" && status < "300" {
				r.Fields = objectFields("", media.Schema)
			}
		}
		c.Answers = append(c.Answers, r)
	}
	slices.SortFunc(c.Answers, func(a, b response) int { return strings.Compare(a.Status, b.Status) })
	return c
}

// objectFields returns the fields of an object, the required ones first, and those
// of objects within it by their path.
func objectFields(prefix string, ref *openapi3.SchemaRef) []field {
	if ref == nil {
		return nil
	}
	s := ref.Value
	if len(s.AllOf) == 1 {
		return objectFields(prefix, s.AllOf[0])
	}
	if s.Items != nil {
		return objectFields(strings.TrimSuffix(prefix, ".")+"[].", s.Items)
	}
	var all []field
	var names []string
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if ra, rb := slices.Contains(s.Required, a), slices.Contains(s.Required, b); ra != rb {
			if ra {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		all = append(all, newField(prefix+name, s.Properties[name], slices.Contains(s.Required, name)))
		all = append(all, objectFields(prefix+name+".", s.Properties[name])...)
	}
	return all
}

func newField(name string, ref *openapi3.SchemaRef, required bool) field {
	s := ref.Value
	if len(s.AllOf) == 1 {
		s = s.AllOf[0].Value
	}
	return field{Name: name, Kind: describeSchema(s, ref.Value.Nullable), Text: s.Description, Required: required}
}

// describeSchema returns the type of a value and its bounds in words.
func describeSchema(s *openapi3.Schema, nullable bool) string {
	words := []string{"anything"}
	if s.Type != nil {
		words[0] = strings.Join(s.Type.Slice(), " or ")
	}
	switch {
	case len(s.Enum) > 0:
		var choices []string
		for _, value := range s.Enum {
			choices = append(choices, fmt.Sprint(value))
		}
		words[0] = strings.Join(choices, " | ")
	case s.Format == "date-time" || s.Format == "uuid":
		words[0] += ", " + s.Format
	}
	if s.MaxLength != nil && s.MinLength > 0 {
		words = append(words, fmt.Sprintf("%d to %d characters", s.MinLength, *s.MaxLength))
	} else if s.MaxLength != nil {
		words = append(words, fmt.Sprintf("at most %d characters", *s.MaxLength))
	}
	if s.Min != nil && s.Max != nil {
		words = append(words, fmt.Sprintf("%v to %v", *s.Min, *s.Max))
	}
	if s.MaxItems != nil {
		words = append(words, fmt.Sprintf("%d to %d", s.MinItems, *s.MaxItems))
	}
	if s.Default != nil {
		words = append(words, fmt.Sprintf("%v if left out", s.Default))
	}
	if nullable {
		words = append(words, "or null")
	}
	return strings.Join(words, ", ")
}

// formatExample returns an example as the page shows it, "" for none.
func formatExample(example any) string {
	switch e := example.(type) {
	case nil:
		return ""
	case string:
		return e
	}
	text, err := json.MarshalIndent(example, "", "  ")
	if err != nil {
		return ""
	}
	return string(text)
}
