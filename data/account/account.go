// Package account joins the desk to a DoubleTick account: it keeps the key, runs
// what DoubleTick is to be told, and fetches chats and messages. It is done by
// whoever does the profile's work. The desk's database is the truth: DoubleTick
// cannot be asked who is blocked.
package account
