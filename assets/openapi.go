package assets

import _ "embed"

// OpenAPI is the contract of the desk's HTTP API, in JSON.
//
//go:embed openapi.json
var OpenAPI []byte
