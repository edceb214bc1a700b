package outbox

import (
	"flag"
	"os"
	"testing"
)

// TestMain has fewer storms than usual, unless somebody wants more: each commits
// to the disk some hundred times.
func TestMain(m *testing.M) {
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		checks.Value.Set("40")
	}
	os.Exit(m.Run())
}
