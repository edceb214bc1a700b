package desk_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain has fewer stories than usual, unless somebody wants more: each is an
// agent's day of some thirty acts on a real file, and .ci/long tells thousands.
func TestMain(m *testing.M) {
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		checks.Value.Set("30")
	}
	os.Exit(m.Run())
}
