package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
)

// The roles of colours. Everything on screen is painted in one of them.
const (
	Background        fyne.ThemeColorName = "latchBackground"        // behind headers, entries and the composer
	Sidebar           fyne.ThemeColorName = "latchSidebar"           // behind the chat list
	Canvas            fyne.ThemeColorName = "latchCanvas"            // behind the bubbles
	Card              fyne.ThemeColorName = "latchCard"              // behind dialogs and menus
	Separator         fyne.ThemeColorName = "latchSeparator"         // hairlines between panes
	Text              fyne.ThemeColorName = "latchText"              // what is read
	Muted             fyne.ThemeColorName = "latchMuted"             // what is read second
	Accent            fyne.ThemeColorName = "latchAccent"            // the one accent, as text, icon or fill
	OnAccent          fyne.ThemeColorName = "latchOnAccent"          // text on a fill of Accent
	Selected          fyne.ThemeColorName = "latchSelected"          // behind the selected row or tab
	BubbleIn          fyne.ThemeColorName = "latchBubbleIn"          // behind what the customer wrote, and pills
	BubbleOut         fyne.ThemeColorName = "latchBubbleOut"         // behind what the desk wrote
	Danger            fyne.ThemeColorName = "latchDanger"            // text and icons that warn of a block
	DangerBackground  fyne.ThemeColorName = "latchDangerBackground"  // behind Danger
	DangerButton      fyne.ThemeColorName = "latchDangerButton"      // the filled button that blocks
	OnDanger          fyne.ThemeColorName = "latchOnDanger"          // text on DangerButton
	Caution           fyne.ThemeColorName = "latchCaution"           // text and icons of the demo and of warnings
	CautionBackground fyne.ThemeColorName = "latchCautionBackground" // behind Caution
	ReadReceipt       fyne.ThemeColorName = "latchReadReceipt"       // the ticks of a read message
	InputBorder       fyne.ThemeColorName = "latchInputBorder"       // the edge of what can be typed in; a hint beside its words, so below 3:1
	ScrollThumb       fyne.ThemeColorName = "latchScrollThumb"       // what a scroll bar is dragged by
	Hover             fyne.ThemeColorName = "latchHover"             // laid over what the pointer is on
	Pressed           fyne.ThemeColorName = "latchPressed"           // laid over what is pressed
	Focus             fyne.ThemeColorName = "latchFocus"             // the ring around what has the keyboard
	Backdrop          fyne.ThemeColorName = "latchBackdrop"          // laid over the window behind a dialog
	Shadow            fyne.ThemeColorName = "latchShadow"            // under cards and menus
	Transparent       fyne.ThemeColorName = "latchTransparent"       // nothing at all
	Selection         fyne.ThemeColorName = "latchSelection"         // behind marked text
	AvatarGrey        fyne.ThemeColorName = "latchAvatarGrey"        // the avatar of a blocked customer
	OnAvatar          fyne.ThemeColorName = "latchOnAvatar"          // initials on any avatar
)

// colorPair is the colour of a role in the light and the dark variant.
type colorPair struct{ light, dark color.Color }

func (s colorPair) forVariant(dark bool) color.Color {
	if dark {
		return s.dark
	}
	return s.light
}

var palette = map[fyne.ThemeColorName]colorPair{
	Background:        {rgb(0xffffff), rgb(0x15181c)},
	Sidebar:           {rgb(0xf7f8fa), rgb(0x1b1f24)},
	Canvas:            {rgb(0xeef1f4), rgb(0x101317)},
	Card:              {rgb(0xffffff), rgb(0x22272e)},
	Separator:         {rgb(0xe3e6ea), rgb(0x2b3138)},
	Text:              {rgb(0x16191d), rgb(0xeceff3)},
	Muted:             {rgb(0x5b6470), rgb(0x9ca7b3)}, // dark was #9aa5b1, which fails AA on a selected row under the pointer
	Accent:            {rgb(0x0b6e4f), rgb(0x4cc38a)},
	OnAccent:          {rgb(0xffffff), rgb(0x0c1f16)},
	Selected:          {rgb(0xe3f1ec), rgb(0x20352c)},
	BubbleIn:          {rgb(0xffffff), rgb(0x22272e)},
	BubbleOut:         {rgb(0xd9f2e3), rgb(0x15402d)},
	Danger:            {rgb(0xb42318), rgb(0xff8a80)},
	DangerBackground:  {rgb(0xfdecea), rgb(0x3a1d1c)},
	DangerButton:      {rgb(0xc8281e), rgb(0xc8281e)},
	OnDanger:          {rgb(0xffffff), rgb(0xffffff)},
	Caution:           {rgb(0x7a4a00), rgb(0xf2c063)},
	CautionBackground: {rgb(0xfff1d0), rgb(0x382b10)},
	ReadReceipt:       {rgb(0x2566b0), rgb(0x6cb0f2)},
	InputBorder:       {rgb(0xc2c9d1), rgb(0x414a54)},
	ScrollThumb:       {rgb(0x8a94a0), rgb(0x6b7682)},
	Hover:             {rgba(0x16191d, 0x0d), rgba(0xffffff, 0x0d)},
	Pressed:           {rgba(0x16191d, 0x14), rgba(0xffffff, 0x14)},
	Focus:             {rgb(0x0b6e4f), rgb(0x4cc38a)},
	Backdrop:          {rgba(0x101317, 0x73), rgba(0x000000, 0x8c)},
	Shadow:            {rgba(0x101317, 0x33), rgba(0x000000, 0x80)},
	Transparent:       {rgba(0, 0), rgba(0, 0)},
	Selection:         {rgba(0x0b6e4f, 0x40), rgba(0x4cc38a, 0x4d)},
	AvatarGrey:        {rgb(0x66707c), rgb(0x66707c)},
	OnAvatar:          {rgb(0xffffff), rgb(0xffffff)},
}

func rgb(hex uint32) color.Color { return rgba(hex, 0xff) }

func rgba(hex uint32, alpha uint8) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}
