// Package data holds the nouns of the desk and the rules that bind them, as
// plain Go: customers, chats, messages, events, and what a block stops. It
// knows neither database nor screen and imports nothing of this project.
package data

import "errors"

// The errors every part of the program compares with errors.Is. What a person
// reads is made from them once, where the error reaches that person.
var (
	// ErrBlocked says that the customer is blocked, so nothing may be sent.
	ErrBlocked = errors.New("the customer is blocked")
	// ErrChanged says that someone changed the customer since the caller looked.
	ErrChanged = errors.New("the customer was changed meanwhile")
	// ErrNotFound says that no such customer is known here.
	ErrNotFound = errors.New("no such customer")
	// ErrSeveral says that an address is that of several customers here.
	ErrSeveral = errors.New("more than one customer has it")
	// ErrPhone says that a text is no possible phone number.
	ErrPhone = errors.New("this is not a phone number")
	// ErrInvalid says that a value is outside what the desk accepts.
	ErrInvalid = errors.New("not accepted")
	// ErrNoDemo says that a profile is not marked as a demo, so it is never reset.
	ErrNoDemo = errors.New("this profile is not a demo")
	// ErrDemo says that a profile is a demo, so it is joined to nothing outside.
	ErrDemo = errors.New("this profile is a demo")
)

// Bounds on what is kept, in characters unless the name says otherwise.
const (
	MaxTextBytes = 1 << 20 // one message; more is cut and says so
	MaxName      = 200
	MaxUsername  = 64
	MaxNote      = 500
	MaxReason    = 40
	MaxTag       = 40
	MaxTags      = 20
	MaxSend      = 4096 // WhatsApp's limit for one text
)
