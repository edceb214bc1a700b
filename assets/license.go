package assets

import _ "embed"

// License is the text under which Latchdesk may be used.
//
//go:embed LICENSE
var License string
