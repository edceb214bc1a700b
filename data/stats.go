package data

// Stats are what there is to say about a database as a whole.
type Stats struct {
	Schema    string // the newest migration it has had
	SQLite    string // the version of SQLite that reads it
	Customers int64
	Chats     int64
	Messages  int64
	Events    int64
}
