package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// decodeBody decodes a body that the contract has nothing against. If ok is
// false, the request has been answered.
func decodeBody[T any](w http.ResponseWriter, r *http.Request) (body T, ok bool) {
	if err := json.Unmarshal(r.Body.(requestBody).declared, &body); err != nil { // the contract allows more than Go's types
		writeBadRequest(w, r, "the body cannot be understood")
		return body, false
	}
	return body, true
}

// actor returns who acts by a request: the agent that it names, or the API.
func actor(agent *string) data.Actor {
	if agent != nil {
		if name := data.CleanName(*agent); name != "" {
			return data.Actor{Kind: data.AgentActor, Name: name, Channel: data.ViaAPI}
		}
	}
	return data.Actor{Kind: data.APIActor, Channel: data.ViaAPI}
}

// parsePhone parses a phone number.
func parsePhone(text string) (data.Phone, error) { return data.ParsePhone(withPlus(text), "") }

// withPlus returns the address that was meant: in a query a plus sign that was not
// escaped arrives as a blank.
func withPlus(address string) string {
	if rest, blank := strings.CutPrefix(address, " "); blank && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return "+" + rest
	}
	return address
}

// customer returns the customer with the address in the field. If ok is false, the
// request has been answered.
func (s *Server) customer(w http.ResponseWriter, r *http.Request, field, address string) (c data.Customer, ok bool) {
	c, _, err := s.desk.FindTyped(r.Context(), withPlus(address), "")
	switch {
	case errors.Is(err, data.ErrPhone):
		writeBadRequest(w, r, field+" must be a valid phone number")
		return c, false
	case err != nil:
		s.writeDeskError(w, r, err)
		return c, false
	}
	return c, true
}

// customerOrLength returns the customer with the address. Every address that is known
// here is found. Of others DoubleTick's two calls take those of 10 to 15 characters, and
// say so before anything else. If ok is false, the request has been answered.
func (s *Server) customerOrLength(w http.ResponseWriter, r *http.Request, phone string) (c data.Customer, ok bool) {
	c, _, err := s.desk.FindTyped(r.Context(), withPlus(phone), "")
	length := utf8.RuneCountInString(phone)
	switch unknown := errors.Is(err, data.ErrPhone) || errors.Is(err, data.ErrNotFound); {
	case unknown && length < 10:
		writeBadRequest(w, r, "phone must be longer than or equal to 10 characters")
		return c, false
	case unknown && length > 15:
		writeBadRequest(w, r, "phone must be shorter than or equal to 15 characters")
		return c, false
	case errors.Is(err, data.ErrPhone):
		writeBadRequest(w, r, "phone must be a valid phone number")
		return c, false
	case err != nil:
		s.writeDeskError(w, r, err)
		return c, false
	}
	return c, true
}

// textOrEmpty returns an optional text without the blanks around it, "" for
// null.
func textOrEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return strings.TrimSpace(*text)
}

// valueOr returns an optional value, or def where it was left out.
func valueOr(value *int, def int) int {
	if value == nil {
		return def
	}
	return *value
}
