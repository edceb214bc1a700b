package data

// SeedChat is one customer with the whole of the chat, for whoever fills a
// database at once. The store gives the ids, and the events their sequence and
// hashes.
type SeedChat struct {
	Chat     Chat // with the customer, the block and the count of held messages
	Draft    string
	Messages []Message // oldest first, the held among them
	Events   []Event   // oldest first
}
