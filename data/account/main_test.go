package account

import (
	"flag"
	"os"
	"testing"

	"github.com/zalando/go-keyring"
)

// TestMain has no test ask the computer's own keyring: it is as if there were
// none. Of storms there are fewer than usual, unless somebody wants more: each
// commits to the disk some hundred times.
func TestMain(m *testing.M) {
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		checks.Value.Set("40")
	}
	os.Exit(m.Run())
}
