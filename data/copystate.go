package data

import "time"

// CopyState is how it stands with the copies that a desk makes of itself every day.
type CopyState struct {
	SoundAt Moment // when the newest copy was made that was proved to be sound; zero where there is none
	Failure string // why the last one could not be made, in the user's words; empty where it could
}

// maxCopyAge is how old the newest sound copy may be without a word.
const maxCopyAge = 48 * time.Hour

// Text returns what is wrong with the copies, in a few words; empty where nothing is.
func (s CopyState) Text(now Moment) string {
	age := now.Time().Sub(s.SoundAt.Time())
	switch {
	case s.Failure != "" && s.SoundAt == 0:
		return "No daily copy"
	case s.SoundAt != 0 && age > maxCopyAge:
		return "No daily copy for " + Count(int(age/(24*time.Hour)), "day")
	case s.Failure != "":
		return "The daily copy failed"
	}
	return ""
}
