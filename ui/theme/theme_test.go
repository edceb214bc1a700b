package theme

import (
	"bytes"
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
)

func TestTheme_ModeDecidesVariant(t *testing.T) {
	white, black := rgb(0xffffff), rgb(0x15181c)
	for _, c := range []struct {
		mode    string
		variant fyne.ThemeVariant
		want    color.Color
	}{
		{Light, fynetheme.VariantDark, white},
		{Dark, fynetheme.VariantLight, black},
		{System, fynetheme.VariantLight, white},
		{System, fynetheme.VariantDark, black},
	} {
		if got := New(c.mode).Color(Background, c.variant); got != c.want {
			t.Errorf("%s, variant %d: %v, want %v", c.mode, c.variant, got, c.want)
		}
	}
}

func TestTheme_MapsFyneNames(t *testing.T) {
	for name, role := range fyneColors {
		for _, mode := range []string{Light, Dark} {
			look := New(mode)
			if got, want := look.Color(name, 0), look.Color(role, 0); got != want {
				t.Errorf("%s: %s is %v, want the %v of %s", mode, name, got, want, role)
			}
		}
		if _, ok := palette[role]; !ok {
			t.Errorf("%s is to be painted in %s, which has no colour", name, role)
		}
	}
}

func TestTheme_SizesStandOnTheGrid(t *testing.T) {
	look := New(Light)
	for _, name := range []fyne.ThemeSizeName{
		fynetheme.SizeNamePadding, fynetheme.SizeNameInnerPadding, fynetheme.SizeNameLineSpacing,
		fynetheme.SizeNameInlineIcon, fynetheme.SizeNameScrollBar, fynetheme.SizeNameScrollBarSmall,
	} {
		if got := look.Size(name); got == 0 || int(got)%4 != 0 {
			t.Errorf("%s is %v, which is off the grid", name, got)
		}
	}
	if got := look.Size(fynetheme.SizeNameInputRadius); got != Radius {
		t.Errorf("radius of an entry is %v, want %v", got, Radius)
	}
	if got := look.Size(fynetheme.SizeNameWindowTitleBarHeight); got == 0 {
		t.Error("a size we do not set must come from Fyne")
	}
}

func TestIcon_TakesColourOfRole(t *testing.T) {
	app := test.NewTempApp(t)
	block := Icon("block", Danger)

	app.Settings().SetTheme(New(Light))
	name := block.Name()
	if !bytes.Contains(block.Content(), []byte("#b42318")) || strings.Contains(string(block.Content()), "currentColor") {
		t.Errorf("in the light: %s", block.Content())
	}
	app.Settings().SetTheme(New(Dark))
	if !bytes.Contains(block.Content(), []byte("#ff8a80")) {
		t.Errorf("in the dark: %s", block.Content())
	}
	if block.Name() == name {
		t.Error("one name for two colours: Fyne would draw the cached one")
	}
	if Icon("block", Danger) != block {
		t.Error("the same icon was made twice")
	}
}

func TestColor_UnderAnotherTheme(t *testing.T) {
	test.NewTempApp(t)
	if got := Color(Danger); got != rgb(0xb42318) {
		t.Errorf("danger is %v", got)
	}
	if got := Color(fynetheme.ColorNameForeground); got == nil {
		t.Error("a name of Fyne's is not asked of the theme that is on")
	}
}

func TestAvatarColor_SameForSameSeed(t *testing.T) {
	seen := map[color.Color]bool{}
	for _, seed := range []string{"+46701234567", "+447700900123", "+919812345678", "+33612345678", "+12025550123", "+5511987654321"} {
		if AvatarColor(seed) != AvatarColor(seed) {
			t.Errorf("%s has two colours", seed)
		}
		seen[AvatarColor(seed)] = true
	}
	if len(seen) < 3 {
		t.Errorf("six people share %d colours", len(seen))
	}
	if len(avatarColors) < 8 {
		t.Errorf("there are %d colours, want eight at least", len(avatarColors))
	}
}
