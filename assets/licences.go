package assets

import _ "embed"

// ThirdParty names all that is linked into Latchdesk, and the terms under which
// it may be used. assets/package/licences writes it.
//
//go:embed THIRD-PARTY.txt
var ThirdParty string
