package doubletick

import "github.com/latchdesk/latchdesk/data"

// AddressIn returns the address of the customer whom a delivery names, even one that
// cannot be taken; empty where that cannot be told.
func AddressIn(raw []byte) data.Address {
	o, err := parseObject(raw)
	if err != nil {
		return ""
	}
	sender, _ := parseSender(o, isGroup(o, eventOf(o).name)) // what could be read of it
	for _, i := range sender.Identities() {
		return i.Address
	}
	return ""
}
