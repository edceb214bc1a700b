package data

import "fmt"

// UserError is an error whose text is a sentence for the user and is shown to
// them as it is.
type UserError string

func (e UserError) Error() string { return string(e) }

// UserErrorf returns a UserError with the formatted text.
func UserErrorf(format string, args ...any) error { return UserError(fmt.Sprintf(format, args...)) }
