package data

// DefaultListen is where programs are answered until the desk chooses another
// place: on this computer alone.
const DefaultListen = "127.0.0.1:8787"

// Settings are the desk's own, kept in the profile.
type Settings struct {
	Agent   string // who works here now
	Country string // two letters; how numbers without + are read
	Theme   string // light, dark or system
	Notify  bool
	Width   float32 // of the window, in Fyne's units
	Height  float32
	Split   float32 // the chat list's width
	Demo    bool    // the profile is a demo; never set from outside the demo
	Serve   bool    // the window answers programs
	Listen  string  // where it does; empty for DefaultListen
}
