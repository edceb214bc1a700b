package store

// canWrite returns nil: access(2) has no like here.
func canWrite(string) error { return nil }
