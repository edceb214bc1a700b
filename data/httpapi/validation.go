package httpapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// validationMessages returns an error of the contract's validation as the sentences
// that DoubleTick uses, without duplicates.
func validationMessages(err error) []string {
	var all []string
	for _, text := range messagesFor(err, "") {
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// messagesFor returns the sentences for an error about the field name, or "" for the
// whole request.
func messagesFor(err error, name string) []string {
	var several openapi3.MultiError
	var request *openapi3filter.RequestError
	var schema *openapi3.SchemaError
	var parse *openapi3filter.ParseError
	switch {
	case errors.As(err, &request) && request.Parameter != nil:
		name := request.Parameter.Name
		if request.Err == nil || errors.Is(request.Err, openapi3filter.ErrInvalidRequired) || errors.Is(request.Err, openapi3filter.ErrInvalidEmptyValue) || errors.As(request.Err, &parse) {
			return []string{name + " must be " + typeNameOf(request.Parameter.Schema)}
		}
		return messagesFor(request.Err, name)
	case errors.As(err, &request) && request.Err != nil:
		return messagesFor(request.Err, name)
	case errors.As(err, &several):
		var all []string
		for _, one := range several {
			all = append(all, messagesFor(one, name)...)
		}
		return all
	case errors.As(err, &schema):
		return []string{schemaMessage(schema, name)}
	}
	return []string{"the request cannot be understood"}
}

func schemaMessage(e *openapi3.SchemaError, name string) string {
	path := e.JSONPointer()
	if name == "" {
		name = fieldName(path)
	}
	s := e.Schema
	switch e.SchemaField {
	case "required":
		if len(path) > 0 {
			s = s.Properties[path[len(path)-1]].Value
		}
		return name + " must be " + typeName(s)
	case "type", "nullable":
		return name + " must be " + typeName(s)
	case "minLength":
		return fmt.Sprintf("%s must be longer than or equal to %d characters", name, s.MinLength)
	case "maxLength":
		return fmt.Sprintf("%s must be shorter than or equal to %d characters", name, *s.MaxLength)
	case "minimum":
		return fmt.Sprintf("%s must not be less than %v", name, *s.Min)
	case "maximum":
		return fmt.Sprintf("%s must not be greater than %v", name, *s.Max)
	case "minItems":
		return fmt.Sprintf("%s must contain at least %d elements", name, s.MinItems)
	case "maxItems":
		return fmt.Sprintf("%s must contain no more than %d elements", name, *s.MaxItems)
	case "enum":
		var words []string
		for _, word := range s.Enum {
			words = append(words, fmt.Sprint(word))
		}
		return name + " must be one of the following values: " + strings.Join(words, ", ")
	}
	if s != nil && s.Format == "uuid" {
		return name + " must be a UUID"
	}
	return name + " is not valid"
}

// fieldName returns the name of a field of a body by its path, such as content.text
// or "each value in phones".
func fieldName(path []string) string {
	for i, part := range path {
		if i > 0 && strings.Trim(part, "0123456789") == "" {
			return "each value in " + strings.Join(path[:i], ".")
		}
	}
	if len(path) == 0 {
		return "the body"
	}
	return strings.Join(path, ".")
}

func typeNameOf(s *openapi3.SchemaRef) string {
	if s == nil {
		return "valid"
	}
	return typeName(s.Value)
}

// typeName returns what a value must be, with its article.
func typeName(s *openapi3.Schema) string {
	switch {
	case s == nil || s.Type == nil:
		return "valid"
	case s.Type.Is("string"):
		return "a string"
	case s.Type.Is("integer"):
		return "an integer number"
	case s.Type.Is("boolean"):
		return "a boolean value"
	case s.Type.Is("array"):
		return "an array"
	}
	return "an object"
}
