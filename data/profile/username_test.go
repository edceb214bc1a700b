package profile

import "testing"

func TestCleanUserName(t *testing.T) {
	for _, c := range []struct{ full, login, want string }{
		{"Asha Rao", "asha", "Asha Rao"},
		{"", "asha", "asha"},
		{" \x00\n ", "asha", "asha"},
		{"", `OFFICE\asha`, "asha"},
		{`OFFICE\asha`, `OFFICE\asha`, "asha"},
		{"Asha\u202E Rao\n", "asha", "Asha Rao"},
		{"", "", "Agent"},
	} {
		if got := cleanUserName(c.full, c.login); got != c.want {
			t.Errorf("%q, %q: got %q, want %q", c.full, c.login, got, c.want)
		}
	}
	if UserName() == "" {
		t.Error("nobody sits here")
	}
}
