package theme

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// pair is a text or an icon on a ground, and what may be laid between them.
type pair struct {
	front, ground fyne.ThemeColorName
	least         float64
	tints         []fyne.ThemeColorName
}

const (
	text = 4.5
	sign = 3 // icons, rings and edges that carry meaning
)

func pairs() []pair {
	touched := []fyne.ThemeColorName{Hover, Pressed}
	all := []pair{
		{OnAccent, Accent, text, touched},
		{OnDanger, DangerButton, text, touched},
		{Danger, DangerBackground, text, nil},
		{Text, DangerBackground, text, nil},
		{Muted, DangerBackground, text, nil},
		{Accent, DangerBackground, text, touched},
		{Caution, CautionBackground, text, nil},
		{Text, CautionBackground, text, nil},
		{Caution, Background, text, []fyne.ThemeColorName{Hover}},
		{Caution, Selected, text, nil},
		{Accent, CautionBackground, text, touched},
		{Accent, Selected, text, touched},
		{Danger, Card, text, touched},
		{Danger, Selected, text, nil},
		{Danger, Sidebar, text, touched},
		{Danger, BubbleOut, text, nil},
		{ReadReceipt, BubbleOut, sign, nil},
		{ReadReceipt, Card, sign, nil},
		{Muted, Separator, text, nil}, // a disabled button
		{Muted, Canvas, text, nil},
		{Danger, Canvas, sign, nil},
		{ScrollThumb, Background, sign, nil},
		{ScrollThumb, Canvas, 2.5, nil}, // the bar beside the bubbles is a hint; the wheel and the keys scroll, too
		{OnAvatar, AvatarGrey, text, nil},
	}
	for _, ground := range []fyne.ThemeColorName{Background, Sidebar, Card, Selected} {
		all = append(all, pair{Text, ground, text, touched}, pair{Muted, ground, text, []fyne.ThemeColorName{Hover}})
	}
	for _, ground := range []fyne.ThemeColorName{BubbleIn, BubbleOut} {
		all = append(all, pair{Text, ground, text, nil}, pair{Muted, ground, text, nil})
	}
	all = append(all, pair{Muted, Card, text, touched}) // a shortcut in a menu
	for _, ground := range []fyne.ThemeColorName{Background, Sidebar, Canvas, Card, BubbleIn, BubbleOut} {
		all = append(all, pair{Accent, ground, text, []fyne.ThemeColorName{Hover}})
	}
	for _, ground := range []fyne.ThemeColorName{Background, Sidebar, Canvas, Card, Selected, DangerBackground, CautionBackground} {
		all = append(all, pair{Focus, ground, sign, nil})
	}
	return all
}

func TestRoles_EveryPairMeetsAA(t *testing.T) {
	for mode, variant := range map[string]fyne.ThemeVariant{Light: fynetheme.VariantLight, Dark: fynetheme.VariantDark} {
		look := New(System)
		paint := func(role fyne.ThemeColorName) color.NRGBA { return look.Color(role, variant).(color.NRGBA) }
		for _, p := range pairs() {
			for _, tint := range append([]fyne.ThemeColorName{""}, p.tints...) {
				ground := paint(p.ground)
				if tint != "" {
					ground = blend(paint(tint), ground)
				}
				if got := contrast(paint(p.front), ground); got < p.least {
					t.Errorf("%s: %s on %s %s: %.2f, needs %.1f", mode, p.front, p.ground, tint, got, p.least)
				}
			}
		}
	}
}

func TestAvatarColors_MeetAA(t *testing.T) {
	white := color.NRGBA{0xff, 0xff, 0xff, 0xff}
	for i, ground := range avatarColors {
		if got := contrast(white, ground.(color.NRGBA)); got < text {
			t.Errorf("avatar %d: %.2f", i, got)
		}
	}
}

func TestContrast_Extremes(t *testing.T) {
	black, white := color.NRGBA{A: 0xff}, color.NRGBA{0xff, 0xff, 0xff, 0xff}
	if got := contrast(black, white); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white: %.2f, want 21", got)
	}
	if got := contrast(white, white); got != 1 {
		t.Errorf("white on white: %.2f, want 1", got)
	}
}

// contrast is the ratio that WCAG 2 defines.
func contrast(a, b color.NRGBA) float64 {
	light, dark := luminance(a), luminance(b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func blend(top, under color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 {
		return uint8((int(a)*int(top.A) + int(b)*(255-int(top.A))) / 255)
	}
	return color.NRGBA{mix(top.R, under.R), mix(top.G, under.G), mix(top.B, under.B), 0xff}
}
