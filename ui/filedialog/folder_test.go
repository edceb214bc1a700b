package filedialog

import "testing"

func TestCompareNatural(t *testing.T) {
	sorted := []string{"", "1", "2.txt", "10", "alpha", "B", "chat", "chat 9", "chat1", "Chat2", "chat02", "chat2", "chat10", "chat10a", "chat99999999999999999999", "Éva", "क"}
	for i, a := range sorted {
		for j, b := range sorted {
			got, want := compareNatural(a, b), 0
			switch {
			case i < j:
				want = -1
			case i > j:
				want = 1
			}
			if got != want {
				t.Errorf("%q and %q: %d, want %d", a, b, got, want)
			}
		}
	}
}
